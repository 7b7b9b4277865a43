package io.approvalhub.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.TestHub;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.JsonHttp;
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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The hub as a process of its own, an agent that asks it over HTTP, and five channels that are
/// called like their platforms.
final class FiveChannels implements AutoCloseable {

  static final String WEBHOOK = "webhook";
  static final String TELEGRAM = "telegram";
  static final String SLACK = "slack";
  static final String DISCORD = "discord";
  static final String WHATSAPP = "whatsapp";
  static final List<String> ALL = List.of(WEBHOOK, TELEGRAM, SLACK, DISCORD, WHATSAPP);

  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Pattern LOCAL = Pattern.compile("(?:http|ws)://127\\.0\\.0\\.1:(\\d+)\\b.*");
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

  private final Path folder;
  private final Map<String, FakePlatform> platforms = new LinkedHashMap<>();
  private final List<Gate> gates = new ArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private final HubProcess hub;

  private FiveChannels(Path folder, List<FakePlatform> platforms, boolean shut) {
    this.folder = folder;
    ALL.forEach(name -> this.platforms.put(name, platforms.get(ALL.indexOf(name))));
    hub = new HubProcess(folder, configuration(shut));
    this.platforms.forEach((name, fake) -> fake.callBack(address("/channels/" + name)));
  }

  /// Clicks come by a poll, a socket and a gateway, wherever a platform has these.
  static FiveChannels bySocket(Path folder) {
    return new FiveChannels(folder, socketPlatforms(), false);
  }

  /// Clicks come as calls of the platforms.
  static FiveChannels byHttp(Path folder) {
    return new FiveChannels(
        folder,
        List.of(
            new FakeWebhookReceiver(),
            FakeTelegram.callingBack(),
            new FakeSlack(FakeSlack.Mode.HTTP),
            FakeDiscord.http(),
            new FakeWhatsApp()),
        false);
  }

  /// No platform can be reached until [#open].
  static FiveChannels outOfReach(Path folder) {
    return new FiveChannels(folder, socketPlatforms(), true);
  }

  /// Lets the hub reach its platforms.
  void open() {
    gates.forEach(Gate::open);
  }

  /// Answers the next call to each platform with this trouble.
  void trouble(Trouble trouble) {
    platforms.values().forEach(platform -> platform.trouble(trouble, 1));
  }

  FakePlatform platform(String name) {
    return of(platforms, name);
  }

  /// The agent raises an approval.
  ///
  /// @return its id
  String raise(String tool, JsonNode arguments, String reason) {
    var body = Json.object().put("tool_name", tool).put("reason", reason);
    body.set("tool_args", arguments);
    return post("ci", "/v2/approvals", body).path("job_id").asText();
  }

  /// The approval as the agent gets it.
  JsonNode ask(String id) {
    return get("ci", "/v2/approvals/" + id);
  }

  /// The approval as it is, without the agent getting it.
  JsonNode look(String id) {
    return get("eve", "/v2/approvals/" + id);
  }

  /// Every contact of the hub, by name.
  JsonNode contacts() {
    return get("eve", "/health").at("/details/contacts/details");
  }

  JsonNode get(String key, String path) {
    var request = HttpRequest.newBuilder(address(path)).header("X-API-Key", key);
    return send(request.timeout(PATIENCE).build());
  }

  JsonNode post(String key, String path, JsonNode body) {
    var bytes = Json.text(body).getBytes(UTF_8);
    try {
      return send(JsonHttp.post(address(path), Map.of("X-API-Key", key), bytes, PATIENCE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The message about that tool in each channel, once all five are there.
  Map<String, Shown> copies(String tool) {
    await().atMost(PATIENCE).until(() -> now(tool).size() == ALL.size());
    return now(tool);
  }

  /// The same without waiting. No channel may have two.
  Map<String, Shown> now(String tool) {
    var copies = new LinkedHashMap<String, Shown>();
    for (var name : ALL) {
      var found =
          platform(name).shown().stream().filter(copy -> copy.text().contains(tool)).toList();
      if (found.size() > 1) {
        throw new AssertionError(name + " shows it " + found.size() + " times");
      }
      found.forEach(copy -> copies.put(name, copy));
    }
    return copies;
  }

  /// A person presses a button in that channel.
  ///
  /// @return what the person is told
  String click(String channel, Map<String, Shown> copies, Action action, Person person) {
    return platform(channel).click(of(copies, channel), action, person, Optional.empty());
  }

  /// Has a person press until these are the words in answer, since an answer that is slow to come
  /// is not seen.
  void awaitTold(String channel, Map<String, Shown> copies, Person person, String words) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(click(channel, copies, Action.DENY, person))
                    .as(channel)
                    .contains(words));
  }

  Person alice(String channel) {
    return new Person(of(ALICE, channel), "Alice");
  }

  /// Somebody who may not decide, and has the name of one who may.
  Person stranger(String channel) {
    return new Person(of(MALLORY, channel), "Alice");
  }

  /// What the log says was decided about an approval: the verdict and the channel, each time.
  List<MatchResult> decisions(String id) {
    return Pattern.compile("decided approval=" + id + " verdict=(\\w+) person=alice via=(\\w+)")
        .matcher(log())
        .results()
        .toList();
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

  String log() {
    try {
      return Files.readString(folder.resolve("hub.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    hub.close();
    gates.forEach(Gate::close);
    platforms.values().forEach(FakePlatform::close);
    client.shutdownNow();
  }

  /// All that people read of a message: itself and its files and follow-ups.
  static String everything(Shown copy) {
    return copy.text() + "\n" + String.join("\n", copy.attachments());
  }

  private static List<FakePlatform> socketPlatforms() {
    return List.of(
        new FakeWebhookReceiver(),
        FakeTelegram.polled(),
        new FakeSlack(FakeSlack.Mode.SOCKET),
        FakeDiscord.gateway(),
        new FakeWhatsApp());
  }

  private JsonNode send(HttpRequest request) {
    try {
      var reply = JsonHttp.send(client, request);
      if (!reply.ok()) {
        throw new AssertionError(request.uri() + " answered " + reply.status() + reply.body());
      }
      return reply.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private URI address(String path) {
    return hub.address().resolve(path);
  }

  private String configuration(boolean shut) {
    var channels =
        platforms.entrySet().stream()
            .map(entry -> channel(entry.getKey(), entry.getValue().settings(), shut))
            .collect(Collectors.joining());
    return """
    hub:
    %speople:
      alice: %s
      bob: {webhook: bob}
    agents:
      local: {type: push}
      second: {type: push}
    channels:
    %s\
    """
        .formatted(TestHub.KEYS, flow(ALICE), channels);
  }

  private String channel(String name, Map<String, Object> settings, boolean shut) {
    var reached = new LinkedHashMap<>(settings);
    if (shut) {
      reached.replaceAll((_, value) -> behindGate(value));
    }
    return "  %s: {plugin: %s, approvers: [alice], settings: %s}\n"
        .formatted(name, name, flow(reached));
  }

  private Object behindGate(Object setting) {
    var address = LOCAL.matcher(setting.toString());
    if (!address.matches()) {
      return setting;
    }
    var gate = new Gate(Integer.parseInt(address.group(1)));
    gates.add(gate);
    return setting.toString().replace(":" + address.group(1), ":" + gate.port());
  }

  private static <T> T of(Map<String, T> map, String name) {
    return Optional.ofNullable(map.get(name)).orElseThrow();
  }

  private static String flow(Map<String, ?> map) {
    var object = Json.object();
    map.forEach((key, value) -> object.put(key, value.toString()));
    return Json.text(object);
  }
}
