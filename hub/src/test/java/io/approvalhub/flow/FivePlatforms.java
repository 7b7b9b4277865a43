package io.approvalhub.flow;

import static org.awaitility.Awaitility.await;

import io.approvalhub.FlowYaml;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Person;
import io.approvalhub.testkit.FakeDiscord;
import io.approvalhub.testkit.FakePlatform;
import io.approvalhub.testkit.FakePlatform.Shown;
import io.approvalhub.testkit.FakePlatform.Trouble;
import io.approvalhub.testkit.FakeSlack;
import io.approvalhub.testkit.FakeTelegram;
import io.approvalhub.testkit.FakeWebhookReceiver;
import io.approvalhub.testkit.FakeWhatsApp;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// Five channels, called like their platforms: what these show, and the people who press there.
final class FivePlatforms implements AutoCloseable {

  static final String WEBHOOK = "webhook";
  static final String TELEGRAM = "telegram";
  static final String SLACK = "slack";
  static final String DISCORD = "discord";
  static final String WHATSAPP = "whatsapp";
  static final List<String> ALL = List.of(WEBHOOK, TELEGRAM, SLACK, DISCORD, WHATSAPP);

  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Map<String, String> ALICE =
      Map.of(
          WEBHOOK, "alice@example.com",
          TELEGRAM, "42424242",
          SLACK, "U0ALICE",
          DISCORD, "80351110224678912",
          WHATSAPP, FakeWhatsApp.PERSON);
  private static final Map<String, String> MALLORY =
      Map.of(
          WEBHOOK, "mallory@example.com",
          TELEGRAM, "66666666",
          SLACK, "U0MALLORY",
          DISCORD, "80351110224670666",
          WHATSAPP, "4915100000666");

  private final Map<String, FakePlatform> platforms = new LinkedHashMap<>();

  private FivePlatforms(List<FakePlatform> platforms) {
    ALL.forEach(name -> this.platforms.put(name, platforms.get(ALL.indexOf(name))));
  }

  /// Clicks come by a poll, a socket and a gateway, wherever a platform has these.
  static FivePlatforms bySocket() {
    return new FivePlatforms(
        List.of(
            new FakeWebhookReceiver(),
            FakeTelegram.polled(),
            new FakeSlack(FakeSlack.Mode.SOCKET),
            FakeDiscord.gateway(),
            new FakeWhatsApp()));
  }

  /// Clicks come as calls of the platforms.
  static FivePlatforms byHttp() {
    return new FivePlatforms(
        List.of(
            new FakeWebhookReceiver(),
            FakeTelegram.callingBack(),
            new FakeSlack(FakeSlack.Mode.HTTP),
            FakeDiscord.http(),
            new FakeWhatsApp()));
  }

  /// Who the person alice is on each of them, for the file.
  static String people() {
    return FlowYaml.of(ALICE);
  }

  static Person alice(String platform) {
    return new Person(of(ALICE, platform), "Alice");
  }

  /// Somebody who may not decide, and has the name of one who may.
  static Person stranger(String platform) {
    return new Person(of(MALLORY, platform), "Alice");
  }

  /// The channels for the file.
  ///
  /// @param suffix of their names, which begin with those of the platforms
  /// @param more of what each of them is, such as `agents: [coder], `
  /// @param through what is done to each of their settings
  String channels(String suffix, String more, UnaryOperator<Object> through) {
    return platforms.entrySet().stream()
        .map(
            entry -> {
              var settings = new LinkedHashMap<>(entry.getValue().settings());
              settings.replaceAll((_, value) -> through.apply(value));
              return "  %1$s%2$s: {plugin: %1$s, approvers: [alice], %3$ssettings: %4$s}\n"
                  .formatted(entry.getKey(), suffix, more, FlowYaml.of(settings));
            })
        .collect(Collectors.joining());
  }

  /// Tells the platforms where the hub is.
  ///
  /// @param suffix as in [#channels]
  void callBack(URI hub, String suffix) {
    platforms.forEach((name, fake) -> fake.callBack(hub.resolve("/channels/" + name + suffix)));
  }

  /// Answers the next call to each platform with this trouble.
  void trouble(Trouble trouble) {
    platforms.values().forEach(platform -> platform.trouble(trouble, 1));
  }

  FakePlatform platform(String name) {
    return of(platforms, name);
  }

  /// The message that has these words on each platform, once all five are there.
  Map<String, Shown> copies(String words) {
    await().atMost(PATIENCE).until(() -> now(words).size() == ALL.size());
    return now(words);
  }

  /// The same without waiting. No platform may have two.
  Map<String, Shown> now(String words) {
    var copies = new LinkedHashMap<String, Shown>();
    for (var name : ALL) {
      var found =
          platform(name).shown().stream().filter(copy -> copy.text().contains(words)).toList();
      if (found.size() > 1) {
        throw new AssertionError(name + " shows it " + found.size() + " times");
      }
      found.forEach(copy -> copies.put(name, copy));
    }
    return copies;
  }

  /// A person presses a button on that platform.
  ///
  /// @return what the person is told
  String click(String platform, Map<String, Shown> copies, Action action, Person person) {
    return platform(platform).click(of(copies, platform), action, person, Optional.empty());
  }

  /// What a platform refused: a call, or a body that broke its limits.
  List<String> refused() {
    var refused = new ArrayList<String>();
    platforms.forEach(
        (name, platform) -> {
          platform.calls().stream()
              .filter(call -> call.status() >= 400)
              .forEach(call -> refused.add(name + " " + call.name() + " " + call.status()));
          if (platform instanceof FakeSlack slack) {
            refused.addAll(slack.refusals());
          }
        });
    return refused;
  }

  @Override
  public void close() {
    platforms.values().forEach(FakePlatform::close);
  }

  private static <T> T of(Map<String, T> map, String name) {
    return Optional.ofNullable(map.get(name)).orElseThrow();
  }
}
