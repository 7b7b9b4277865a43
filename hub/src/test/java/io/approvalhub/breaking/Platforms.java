package io.approvalhub.breaking;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.breaking.Evidence.Copy;
import io.approvalhub.breaking.Evidence.Writing;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Person;
import io.approvalhub.testkit.FakeDiscord;
import io.approvalhub.testkit.FakePlatform;
import io.approvalhub.testkit.FakePlatform.Call;
import io.approvalhub.testkit.FakePlatform.Shown;
import io.approvalhub.testkit.FakeSlack;
import io.approvalhub.testkit.FakeTelegram;
import io.approvalhub.testkit.FakeWebhookReceiver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The channels of a run, by the names they are configured under.
final class Platforms implements AutoCloseable {

  static final Map<String, String> PLUGINS =
      Map.of(
          "hook", "webhook",
          "desk", "webhook",
          "phone", "telegram",
          "slack", "slack",
          "discord", "discord");

  /// Who people are, per plugin.
  static final Map<String, Map<String, String>> PEOPLE =
      Map.of(
          "alice",
          Map.of(
              "webhook", "alice@example.com",
              "telegram", "42424242",
              "slack", "U0ALICE",
              "discord", "80351110224678912"),
          "bob",
          Map.of(
              "webhook", "bob@example.com",
              "telegram", "43434343",
              "slack", "U0BOB",
              "discord", "80351110224678913"));

  private static final Set<String> POSTS =
      Set.of("sendMessage", "chat.postMessage", "createMessage");
  private static final Set<String> EDITS = Set.of("editMessageText", "chat.update", "editMessage");

  private final FakeTelegram telegram;
  private final Map<String, FakePlatform> platforms = new LinkedHashMap<>();

  Platforms(boolean polled) {
    telegram = polled ? FakeTelegram.polled() : FakeTelegram.callingBack();
    platforms.put("hook", new FakeWebhookReceiver());
    platforms.put("desk", new FakeWebhookReceiver());
    platforms.put("phone", telegram);
    platforms.put("slack", new FakeSlack(FakeSlack.Mode.HTTP));
    platforms.put("discord", FakeDiscord.http());
  }

  Set<String> names() {
    return platforms.keySet();
  }

  Map<String, Object> settings(String name) {
    return platform(name).settings();
  }

  /// Where clicks go: the root of the hub.
  void callBack(URI hub) {
    platforms.forEach((name, platform) -> platform.callBack(hub.resolve("/channels/" + name)));
  }

  /// The messages about a job, oldest first.
  List<Shown> shown(String name, Job job) {
    return platform(name).shown().stream()
        .filter(message -> message.text().contains(job.name()))
        .toList();
  }

  List<Copy> copies(String name, Job job) {
    return shown(name, job).stream()
        .map(message -> new Copy(message.text(), !message.buttons().isEmpty()))
        .toList();
  }

  /// The calls that posted or edited messages about a job, in order.
  List<Writing> writings(String name, Job job) {
    var calls =
        platform(name).calls().stream()
            .filter(call -> call.status() / 100 == 2 && call.body().contains(job.name()))
            .toList();
    return "webhook".equals(PLUGINS.get(name))
        ? events(calls)
        : calls.stream().flatMap(call -> writing(call).stream()).toList();
  }

  /// A receiver keeps the highest version that it has seen, as the plugin's README tells it.
  private static List<Writing> events(List<Call> calls) {
    var writings = new ArrayList<Writing>();
    var highest = 0L;
    for (var call : calls) {
      var event = parse(call.body());
      var version = event.path("data").path("version").asLong();
      if (version > highest) {
        writings.add(event(event));
        highest = version;
      }
    }
    return writings;
  }

  /// A person presses a button.
  ///
  /// @return what the person is told
  String click(String name, Shown message, String person, boolean approve) {
    var plugin = Optional.ofNullable(PLUGINS.get(name)).orElseThrow();
    var id = Optional.ofNullable(PEOPLE.get(person)).map(ids -> ids.get(plugin)).orElseThrow();
    return platform(name)
        .click(
            message,
            approve ? Action.APPROVE : Action.DENY,
            new Person(id, person),
            Optional.empty());
  }

  /// A stranger in the chat presses a button of their own making.
  void poison() {
    var stranger = FakeTelegram.user(new Person("99", "Mallory"));
    telegram.shown().stream()
        .findAny()
        .ifPresent(
            message ->
                telegram.press(
                    telegram.callback(message, "ah:a:\u0000" + "x".repeat(30), stranger)));
  }

  @Override
  public void close() {
    platforms.values().forEach(FakePlatform::close);
  }

  private FakePlatform platform(String name) {
    return Optional.ofNullable(platforms.get(name)).orElseThrow();
  }

  private static Optional<Writing> writing(Call call) {
    var pending = call.body().contains("ah:d:");
    return POSTS.contains(call.name())
        ? Optional.of(new Writing(true, pending))
        : Optional.of(new Writing(false, pending)).filter(_ -> EDITS.contains(call.name()));
  }

  private static Writing event(JsonNode event) {
    return new Writing(
        event.path("type").asText().equals("approval.requested"),
        event.path("data").path("status").asText().equals("pending"));
  }

  private static JsonNode parse(String json) {
    try {
      return Json.parse(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
