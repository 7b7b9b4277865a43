package io.approvalhub.bench;

import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Person;
import io.approvalhub.testkit.FakeDiscord;
import io.approvalhub.testkit.FakePlatform;
import io.approvalhub.testkit.FakePlatform.Shown;
import io.approvalhub.testkit.FakeSlack;
import io.approvalhub.testkit.FakeTelegram;
import io.approvalhub.testkit.FakeWhatsApp;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One agent's chats on four platforms, all of which call back over HTTP.
///
/// The hub sends ten messages to a person on WhatsApp and then one every six seconds, less than to
/// the others, and an approval takes three: so chats rest before the hub would have to wait.
final class Chats implements AutoCloseable {

  static final List<String> PLATFORMS = List.of("telegram", "slack", "discord", "whatsapp");

  private static final long EACH = Duration.ofSeconds(3 * 6).toNanos();
  private static final long AHEAD = Duration.ofSeconds((10 - 3) * 6).toNanos();

  private final String agent;
  private final Map<String, FakePlatform> platforms = new LinkedHashMap<>();
  private volatile @Nullable Sighting sighting;
  private long spent = System.nanoTime();

  Chats(String agent) {
    this.agent = agent;
    platforms.put("telegram", FakeTelegram.callingBack());
    platforms.put("slack", new FakeSlack(FakeSlack.Mode.HTTP));
    platforms.put("discord", FakeDiscord.http());
    platforms.put("whatsapp", new FakeWhatsApp());
    platforms.forEach(
        (name, fake) ->
            fake.onCall(
                call -> {
                  var watched = sighting;
                  if (watched != null) {
                    watched.saw(name, call);
                  }
                }));
  }

  String agent() {
    return agent;
  }

  void configure(HubFile file, ToldAgent told) {
    file.agent(agent, told);
    platforms.forEach((name, fake) -> file.channel(channel(name), name, agent, fake.settings()));
  }

  /// Tells the platforms where the hub is.
  void connect(LaunchedHub hub) {
    platforms.forEach(
        (name, fake) -> fake.callBack(hub.address().resolve("/channels/" + channel(name))));
  }

  /// When these chats take another approval, by [System#nanoTime].
  long rested() {
    return spent - AHEAD;
  }

  /// Watches for an approval of this tool.
  Sighting watch(String tool) {
    spent = Math.max(spent, System.nanoTime()) + EACH;
    var watched = new Sighting(tool, PLATFORMS.size());
    sighting = watched;
    return watched;
  }

  /// The messages that show an approval of this tool.
  Map<String, Shown> messages(String tool) {
    return platforms.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> message(entry.getValue(), tool)));
  }

  static Set<String> ids(Map<String, Shown> messages) {
    return messages.values().stream()
        .map(message -> message.ref().id())
        .collect(Collectors.toSet());
  }

  /// Presses the approve button; returns at once, since platforms wait for words that may follow.
  ///
  /// @return when, by [System#nanoTime]
  long click(String platform, Shown message) {
    var fake = Optional.ofNullable(platforms.get(platform)).orElseThrow();
    var alice = new Person(Optional.ofNullable(HubFile.IDS.get(platform)).orElseThrow(), "Alice");
    var now = System.nanoTime();
    Thread.ofVirtual().start(() -> fake.click(message, Action.APPROVE, alice, Optional.empty()));
    return now;
  }

  private String channel(String platform) {
    return platform + "-" + agent;
  }

  private static Shown message(FakePlatform fake, String tool) {
    return fake.shown().stream()
        .filter(message -> message.text().contains(tool))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    platforms.values().forEach(FakePlatform::close);
  }
}
