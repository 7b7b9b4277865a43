package io.approvalhub.demo;

import io.approvalhub.kit.Json;
import io.approvalhub.kit.JsonHttp;
import io.approvalhub.plugin.HttpReply;
import io.approvalhub.plugin.NotificationPlugin;
import io.approvalhub.plugin.StandIn;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Function;

/// A hub at work for a few seconds, from which Java learns what a hub does: an agent that asks all
/// the time, somebody who answers at once, and every platform. Nothing leaves this machine.
public final class Rehearsal implements AutoCloseable {

  private static final int ROUNDS = 300;
  private static final long LONGEST = Duration.ofSeconds(20).toNanos();
  private static final Duration PATIENCE = Duration.ofSeconds(10);

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
      %7$smicronaut:
        server: {host: 127.0.0.1, port: -1}
      """;

  private static final String CHANNEL = "  %1$s: {plugin: %1$s, approvers: [], settings: %2$s}\n";

  private final String key = Secrets.random();
  private final HttpClient client = JsonHttp.client();
  private final LocalServer agent = new LocalServer((_, _) -> HttpReply.of(200));
  private final Inbox inbox = new Inbox(InstantSource.system(), PATIENCE);
  private final List<LocalServer> platforms = new ArrayList<>();
  private final ApplicationContext hub;

  Rehearsal(Path folder, Function<Path, ApplicationContext> starter) throws IOException {
    var text =
        CONFIGURATION.formatted(
            Json.text(Json.object().put("data", folder.resolve("data").toString()).get("data")),
            key,
            Inbox.YOU.id(),
            agent.address(),
            inbox.secret(),
            inbox.url(),
            channels());
    hub = starter.apply(Files.writeString(folder.resolve("hub.yml"), text));
  }

  /// A channel on each platform for which something can stand in, named like its plugin.
  private String channels() throws IOException {
    var channels = new StringBuilder();
    for (var plugin : ServiceLoader.load(NotificationPlugin.class)) {
      var standIn = plugin.standIn();
      if (standIn.isPresent()) {
        var settings = Json.object();
        standIn.get().settings().apply(platform(standIn.get())).forEach(settings::putPOJO);
        channels.append(CHANNEL.formatted(plugin.name(), Json.text(settings)));
      }
    }
    return channels.toString();
  }

  private URI platform(StandIn standIn) throws IOException {
    var server = new LocalServer((path, _) -> HttpReply.json(200, standIn.answer().apply(path)));
    platforms.add(server);
    return URI.create(server.address());
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

  private void raise(String command) throws IOException {
    var body =
        Json.object()
            .put("tool_name", "run_shell")
            .put("risk_level", "high")
            .put("reason", "It deletes files")
            .put("callback_url", agent.address());
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
    agent.close();
    platforms.forEach(LocalServer::close);
  }
}
