package io.approvalhub.channel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.FlowYaml;
import io.approvalhub.TestHub;
import io.approvalhub.delivery.ManualRounds;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Person;
import io.approvalhub.testkit.FakePlatform.Shown;
import io.approvalhub.testkit.FakeTelegram;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What people send in a chat, however odd, on every database: it never stands in the way of what
/// comes after it.
@Timeout(60)
abstract class UpdatesContract {

  private static final Person ALICE = new Person("4242", "Alice");

  @TempDir private Path folder;
  private final FakeTelegram telegram = FakeTelegram.polled();
  private TestHub hub;

  /// The settings of the database, which is empty.
  abstract Map<String, Object> database();

  @BeforeEach
  void start() {
    var configuration =
        "hub:\n"
            + TestHub.KEYS
            + """
            people:
              alice: {telegram: "4242"}
              bob: {webhook: bob}
            agents:
              local: {type: push}
              second: {type: push}
            channels:
              phone: {plugin: telegram, approvers: [alice], settings: %s}
            """
                .formatted(FlowYaml.of(telegram.settings()));
    hub = TestHub.start(folder, configuration, true, database());
  }

  @AfterEach
  void stop() {
    hub.close();
    telegram.close();
  }

  @Test
  void aButtonWithANulInItIsPassedOver() {
    var id = hub.raise("rm", "{}");
    var message = shown();
    assertThat(press(message, "ah:a:\u0000")).isEqualTo("That request is gone");
    assertThat(press(message, "ah:a:" + "\u0000".repeat(22))).isEqualTo("That request is gone");
    assertThat(approve(message)).isEmpty();
    assertThat(hub.status(id)).isEqualTo("approved");
  }

  @Test
  void wordsWithANulInThemDecideNothingAndAreAnswered() {
    var id = hub.raise("rm", "{}");
    var message = shown();
    assertThat(telegram.say(Optional.of(message), "deny because a\u0000b", ALICE))
        .contains("U+0000");
    assertThat(hub.status(id)).isEqualTo("pending");
    assertThat(approve(message)).isEmpty();
    assertThat(hub.status(id)).isEqualTo("approved");
  }

  @Test
  void anIdWithANulInItIsPassedOver() {
    var id = hub.raise("rm", "{}");
    var message = shown();
    var text = telegram.callback(message, "", from()).withObject("/message");
    text.put("text", "approve").set("from", from());
    text.putObject("reply_to_message").put("message_id", "\u0000").set("chat", text.get("chat"));
    telegram.raise("message", text);
    assertThat(approve(message)).isEmpty();
    assertThat(hub.status(id)).isEqualTo("approved");
  }

  private Shown shown() {
    hub.bean(ManualRounds.class).turn();
    return telegram.shown().getFirst();
  }

  private String press(Shown message, String data) {
    return telegram.press(telegram.callback(message, data, from()));
  }

  private String approve(Shown message) {
    return telegram.click(message, Action.APPROVE, ALICE, Optional.empty());
  }

  private static ObjectNode from() {
    return FakeTelegram.user(ALICE);
  }
}
