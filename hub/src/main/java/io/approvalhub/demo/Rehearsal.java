package io.approvalhub.demo;

import io.approvalhub.kit.Json;
import io.approvalhub.kit.JsonHttp;
import io.approvalhub.plugin.HttpReply;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;

/// A hub at work for a few seconds, from which Java learns what a hub does: an agent that asks all
/// the time, somebody who answers at once, and every platform. Nothing leaves this machine.
public final class Rehearsal implements AutoCloseable {

  private static final int ROUNDS = 300;
  private static final long LONGEST = Duration.ofSeconds(20).toNanos();
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /// What all four chat platforms take for an answer to most calls.
  private static final String GOOD =
      """
      {"ok": true, "ts": "1.1", "channel": "C0123ABCD", "id": "1", "messages": [{"id": "wamid.1"}],
       "team_id": "T0123ABCD", "user_id": "U0123ABCD", "bot_id": "B0123ABCD",
       "result": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "id": 1,
                  "is_bot": true, "first_name": "bot", "username": "bot"}}
      """;

  private static final Map<String, String> OTHERS =
      Map.of("setWebhook", "{\"ok\": true, \"result\": true}");

  /// Somebody's, of RFC 8032.
  private static final String PUBLIC_KEY =
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

  private static final String CONFIGURATION =
      """
      hub:
        data: %1$s
        keys:
          agent: {key: "%2$s", role: agent, agent: agent}
      people:
        you: {webhook: %3$s}
      agents:
        agent: {type: push, callbacks: ["%4$s"], callback-secret: "%5$s"}
      channels:
        hook: {plugin: webhook, approvers: [you], settings: {url: "%6$s", secret: "%5$s", allow-private: true}}
        telegram: {plugin: telegram, approvers: [], settings: {api: "%4$s", token: "123456789:AAExampleExampleExampleExampleExample", chat: "1", mode: webhook,
          secret-token: example}}
        slack: {plugin: slack, approvers: [], settings: {api: "%4$s/api/", bot-token: xoxb-example, channel: C0123ABCD,
          signing-secret: example}}
        discord: {plugin: discord, approvers: [], settings: {api: "%4$s/api/v10", token: example.token.example, application-id: "80351110224678912",
          channel: "80351110224678912", public-key: "%7$s"}}
        whatsapp: {plugin: whatsapp, approvers: [], settings: {api: "%4$s/v23.0", access-token: example,
          phone-number-id: "100000001", to: "15550100001", app-secret: example, verify-token: example, template: approval}}
      micronaut:
        server: {host: 127.0.0.1, port: -1}
      """;

  private final String key = Secrets.random();
  private final HttpClient client = JsonHttp.client();
  private final LocalServer platforms =
      new LocalServer((path, _) -> HttpReply.json(200, answer(path)));
  private final Inbox inbox = new Inbox(InstantSource.system(), PATIENCE);
  private final ApplicationContext hub;

  Rehearsal(Path folder, Function<Path, ApplicationContext> starter) throws IOException {
    var text =
        CONFIGURATION.formatted(
            Json.text(Json.object().put("data", folder.resolve("data").toString()).get("data")),
            key,
            Inbox.YOU.id(),
            platforms.address(),
            inbox.secret(),
            inbox.url(),
            PUBLIC_KEY);
    hub = starter.apply(Files.writeString(folder.resolve("hub.yml"), text));
  }

  /// Rehearses and says nothing.
  ///
  /// @param starter starts a hub with a configuration file
  /// @return what the process exits with: 0 if the hub did what it should
  public static int run(Function<Path, ApplicationContext> starter) {
    var errors = System.err;
    try {
      var folder = new TemporaryFolder(Path.of(System.getProperty("java.io.tmpdir")));
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(folder::delete));
      folder.logOutput();
      try (var rehearsal = new Rehearsal(folder.path(), starter)) {
        rehearsal.play(ROUNDS);
      }
      return 0;
    } catch (IOException | RuntimeException e) {
      errors.println("approval-hub: the rehearsal failed: " + e.getMessage());
      return 1;
    }
  }

  /// As many approvals, unless that takes too long.
  void play(int rounds) throws IOException {
    var end = System.nanoTime() + LONGEST;
    for (var round = 0; round < rounds && System.nanoTime() < end; round++) {
      raise("rm -rf /var/tmp/" + round);
      var choice = round % 2 == 0 ? Choice.APPROVE : Choice.denyBecause("It is still needed");
      inbox.decide(inbox.next(), choice);
    }
  }

  private static String answer(String path) {
    return OTHERS.getOrDefault(path.substring(path.lastIndexOf('/') + 1), GOOD);
  }

  private void raise(String command) throws IOException {
    var body =
        Json.object()
            .put("tool_name", "run_shell")
            .put("risk_level", "high")
            .put("reason", "It deletes files")
            .put("callback_url", platforms.address());
    body.putObject("tool_args").put("command", command).put("password", key);
    var port = hub.getBean(EmbeddedServer.class).getPort();
    var address = URI.create("http://127.0.0.1:" + port + "/v2/approvals");
    var reply = JsonHttp.post(client, address, Map.of("X-API-Key", key), body);
    if (!reply.ok()) {
      throw new IOException("The hub answered %d to an approval".formatted(reply.status()));
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    hub.close();
    inbox.close();
    platforms.close();
  }
}
