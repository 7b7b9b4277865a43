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
import io.approvalhub.testkit.FakePlatform;
import io.approvalhub.testkit.FakePlatform.Shown;
import io.approvalhub.testkit.FakePlatform.Trouble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The hub as a process of its own, an agent that asks it over HTTP, and five channels that are
/// called like their platforms.
final class FiveChannels implements AutoCloseable {

  static final String WEBHOOK = FivePlatforms.WEBHOOK;
  static final String TELEGRAM = FivePlatforms.TELEGRAM;
  static final String SLACK = FivePlatforms.SLACK;
  static final String DISCORD = FivePlatforms.DISCORD;
  static final String WHATSAPP = FivePlatforms.WHATSAPP;
  static final List<String> ALL = FivePlatforms.ALL;

  static final Duration PATIENCE = FivePlatforms.PATIENCE;

  private static final Pattern LOCAL = Pattern.compile("(?:http|ws)://127\\.0\\.0\\.1:(\\d+)\\b.*");

  private final Path folder;
  private final FivePlatforms platforms;
  private final List<Gate> gates = new ArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private final HubProcess hub;

  private FiveChannels(Path folder, FivePlatforms platforms, boolean shut) {
    this.folder = folder;
    this.platforms = platforms;
    hub = new HubProcess(folder, configuration(shut));
    platforms.callBack(hub.address(), "");
  }

  /// Clicks come by a poll, a socket and a gateway, wherever a platform has these.
  static FiveChannels bySocket(Path folder) {
    return new FiveChannels(folder, FivePlatforms.bySocket(), false);
  }

  /// Clicks come as calls of the platforms.
  static FiveChannels byHttp(Path folder) {
    return new FiveChannels(folder, FivePlatforms.byHttp(), false);
  }

  /// No platform can be reached until [#open].
  static FiveChannels outOfReach(Path folder) {
    return new FiveChannels(folder, FivePlatforms.bySocket(), true);
  }

  /// Lets the hub reach its platforms.
  void open() {
    gates.forEach(Gate::open);
  }

  /// Answers the next call to each platform with this trouble.
  void trouble(Trouble trouble) {
    platforms.trouble(trouble);
  }

  FakePlatform platform(String name) {
    return platforms.platform(name);
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
    return platforms.copies(tool);
  }

  /// The same without waiting. No channel may have two.
  Map<String, Shown> now(String tool) {
    return platforms.now(tool);
  }

  /// A person presses a button in that channel.
  ///
  /// @return what the person is told
  String click(String channel, Map<String, Shown> copies, Action action, Person person) {
    return platforms.click(channel, copies, action, person);
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
    return FivePlatforms.alice(channel);
  }

  /// Somebody who may not decide, and has the name of one who may.
  Person stranger(String channel) {
    return FivePlatforms.stranger(channel);
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
    return platforms.refused();
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
    platforms.close();
    client.shutdownNow();
  }

  /// All that people read of a message: itself and its files and follow-ups.
  static String everything(Shown copy) {
    return copy.text() + "\n" + String.join("\n", copy.attachments());
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
    var channels = platforms.channels("", "", value -> shut ? behindGate(value) : value);
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
        .formatted(TestHub.KEYS, FivePlatforms.people(), channels);
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
}
