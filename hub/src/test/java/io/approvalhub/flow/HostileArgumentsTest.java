package io.approvalhub.flow;

import static io.approvalhub.flow.FiveChannels.DISCORD;
import static io.approvalhub.flow.FiveChannels.PATIENCE;
import static io.approvalhub.flow.FiveChannels.everything;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Disclosure;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Action;
import io.approvalhub.testkit.FakePlatform.Call;
import io.approvalhub.testkit.FakePlatform.Shown;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an agent or a person writes to harm those who read it, in all five channels.
final class HostileArgumentsTest {

  private static final List<String> HOSTILE =
      List.of(
          "<!channel> <!here> <!subteam^S0OPS> <@U0ALICE> <#C0APPROVALS>",
          "@everyone @here <@80351110224678912> <@&80351110224678912>",
          "</pre></code><b>bold</b><a href=\"https://evil.example\">click</a> &lt;i&gt; &amp;",
          "_italic_ *bold* ~struck~ ||spoiler|| [click](https://evil.example) \\_ {x} #h -l =e .d"
              + " !x",
          "<https://evil.example|click> ```fence``` `code`",
          "zero\u200bwidth bidi\u202e\u2066 bell\u0007 tag\udb40\udc41",
          "curl -H 'Authorization: Bearer abcdefgh12345678' https://api.example");

  private static final String TOKEN = "abcdefgh12345678";
  private static final int LONG = 100_000;

  @TempDir private Path folder;

  @Test
  void isOnlyTextInAllChannels() {
    try (var hub = FiveChannels.bySocket(folder)) {
      var reason = String.join(" ", HOSTILE);
      var few = arguments();
      hub.raise("few_arguments", few, reason);
      var many = arguments().put("content", "0123456789 ".repeat(LONG / 11)).put("last", "end");
      hub.raise("many_arguments", many, reason);
      awaitHarmless(hub, "few_arguments", few);
      awaitHarmless(hub, "many_arguments", many);

      var why = HOSTILE.get(0) + " " + HOSTILE.get(1) + " " + HOSTILE.get(2);
      var copy = Optional.ofNullable(hub.now("few_arguments").get(DISCORD)).orElseThrow();
      hub.platform(DISCORD)
          .click(copy, Action.DENY_WITH_REASON, hub.alice(DISCORD), Optional.of(why));
      awaitSaid(hub, "few_arguments", "Denied by alice: " + why);
      awaitHarmless(hub, "few_arguments", few);

      assertThat(FiveChannels.ALL)
          .allSatisfy(
              channel ->
                  assertThat(hub.platform(channel).calls().stream().map(Call::body))
                      .noneMatch(body -> body.contains(TOKEN)));
      assertThat(hub.log()).doesNotContain(TOKEN);
      assertThat(hub.refused()).isEmpty();
    }
  }

  private static ObjectNode arguments() {
    var arguments = Json.object().put("password", "hunter2-" + TOKEN);
    HOSTILE.forEach(text -> arguments.put("text" + arguments.size(), text));
    return arguments;
  }

  private static void awaitSaid(FiveChannels hub, String tool, String words) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(hub.now(tool).values())
                    .allSatisfy(copy -> assertThat(seen(copy)).contains(words)));
  }

  /// Nothing but text in any copy, and whole in those that can be approved. What is decided is
  /// folded.
  private static void awaitHarmless(FiveChannels hub, String tool, ObjectNode arguments) {
    var values = values(arguments);
    assertThat(String.join("\n", values))
        .contains(Disclosure.MASK, "[U+200B]", "[U+0007]")
        .doesNotContain(TOKEN);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                hub.copies(tool)
                    .forEach(
                        (channel, copy) -> {
                          assertThat(copy.pings()).as(channel).isEmpty();
                          assertThat(invisible(seen(copy))).as(channel).isFalse();
                          if (copy.buttons().containsKey(Action.APPROVE)) {
                            assertThat(comparable(seen(copy))).as(channel).contains(values);
                          } else if (copy.buttons().containsKey(Action.DENY)) {
                            assertThat(copy.text()).as(channel).contains("cannot be approved");
                          }
                        }));
  }

  /// What people should see of each argument.
  private static List<String> values(ObjectNode arguments) {
    try {
      return Json.parse(Disclosure.arguments(Json.text(arguments)))
          .valueStream()
          .map(value -> comparable(Disclosure.visible(value.asText())))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean invisible(String text) {
    return !Disclosure.visible(text).equals(text);
  }

  /// A platform's own way to stop a mention may be a zero-width space.
  private static String seen(Shown copy) {
    return everything(copy).replace("\u200b", "");
  }

  /// Long arguments may be spread over several messages, cut wherever it suits the platform.
  private static String comparable(String text) {
    return text.replaceAll("\\s+", "");
  }
}
