package io.approvalhub.discord;

import static net.dv8tion.jda.api.JDA.Status.CONNECTED;
import static net.dv8tion.jda.api.JDA.Status.LOADING_SUBSYSTEMS;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Connection;
import io.approvalhub.plugin.Hub;
import io.approvalhub.plugin.StoppedException;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.dv8tion.jda.api.JDA;
import net.dv8tion.jda.api.JDABuilder;
import net.dv8tion.jda.api.events.GatewayPingEvent;
import net.dv8tion.jda.api.events.GenericEvent;
import net.dv8tion.jda.api.events.RawGatewayEvent;
import net.dv8tion.jda.api.events.session.ShutdownEvent;
import net.dv8tion.jda.api.exceptions.InvalidTokenException;
import net.dv8tion.jda.api.hooks.EventListener;
import net.dv8tion.jda.api.requests.GatewayIntent;
import net.dv8tion.jda.api.requests.RestConfig;
import net.dv8tion.jda.api.utils.Compression;
import net.dv8tion.jda.api.utils.ConcurrentSessionController;
import okhttp3.OkHttpClient;

/// The connection that clicks come in by: JDA logs in, keeps it alive and resumes it.
///
/// Clicks are taken from JDA as JSON, since that is what HTTP brings too; the answer to a click is
/// then the same in both modes.
final class DiscordGateway implements Connection {

  private static final Duration CALL = Duration.ofSeconds(5);

  /// Where the gateway was reached. What is still loading then does not matter for clicks.
  private static final Set<JDA.Status> UP = Set.of(CONNECTED, LOADING_SUBSYSTEMS);

  private final DiscordSettings settings;
  private final DiscordApi api;
  private final Hub hub;
  private final Duration patience;
  private final Consumer<JsonNode> interactions;

  /// @param patience how long JDA may try to reach the gateway before the hub hears of it
  DiscordGateway(
      DiscordSettings settings,
      DiscordApi api,
      Hub hub,
      Duration patience,
      Consumer<JsonNode> interactions) {
    this.settings = settings;
    this.api = api;
    this.hub = hub;
    this.patience = patience;
    this.interactions = interactions;
  }

  @Override
  public void run() throws IOException, InterruptedException {
    checkApplication();
    var ended = new LinkedBlockingQueue<ShutdownEvent>();
    // JDA must not interrupt a click that is being decided: closing the pool waits for it.
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      var jda = logIn(pool, event -> on(event, ended));
      try {
        watch(jda, ended);
      } finally {
        jda.shutdownNow();
      }
    }
  }

  /// Finds out what would otherwise be silence: clicks that go elsewhere.
  private void checkApplication() throws IOException {
    var application = api.get("applications/@me");
    if (!DiscordApi.id(application).equals(settings.applicationId())) {
      throw new StoppedException("application-id is not that of the application of the token");
    }
    if (!application.path("interactions_endpoint_url").asText("").isEmpty()) {
      throw new StoppedException(
          "The application has an Interactions Endpoint URL, so clicks do not come by gateway: "
              + "clear it in the developer portal, or set public-key");
    }
  }

  private JDA logIn(ExecutorService pool, EventListener listener) throws IOException {
    try {
      return builder().setEventPool(pool, false).addEventListeners(listener).build();
    } catch (InvalidTokenException _) {
      throw new StoppedException("Discord refused the token; it must be set anew");
    } catch (RuntimeException e) {
      throw new IOException("Logging in failed: " + e.getClass().getSimpleName());
    }
  }

  private JDABuilder builder() {
    return JDABuilder.createLight(settings.token(), EnumSet.noneOf(GatewayIntent.class))
        .setRestConfig(new RestConfig().setBaseUrl(settings.api() + "/"))
        .setHttpClientBuilder(new OkHttpClient.Builder().callTimeout(CALL))
        .setRequestTimeoutRetry(false)
        .setSessionController(new Sessions(settings.gateway()))
        .setCompression(Compression.NONE)
        .setRawEventsEnabled(true)
        .setEnableShutdownHook(false)
        .setMaxReconnectDelay(32);
  }

  /// JDA reconnects by itself, and stays silent when it cannot.
  private void watch(JDA jda, BlockingQueue<ShutdownEvent> ended)
      throws IOException, InterruptedException {
    var look = patience.dividedBy(10);
    var down = Duration.ZERO;
    while (down.compareTo(patience) < 0) {
      var end = ended.poll(look.toMillis(), TimeUnit.MILLISECONDS);
      if (end != null) {
        throw over(end);
      }
      down = UP.contains(jda.getStatus()) ? Duration.ZERO : down.plus(look);
    }
    throw new IOException("The gateway was not reached for " + patience.toSeconds() + " s");
  }

  private static IOException over(ShutdownEvent end) {
    var code = end.getCloseCode();
    return code == null || code.isReconnect()
        ? new IOException("The gateway closed the connection with " + end.getCode())
        : new StoppedException("The gateway refused the bot: " + code.getMeaning());
  }

  private void on(GenericEvent event, BlockingQueue<ShutdownEvent> ended) {
    switch (event) {
      case RawGatewayEvent raw -> received(raw);
      case GatewayPingEvent _ -> hub.contact();
      case ShutdownEvent end -> ended.add(end);
      default -> {}
    }
  }

  private void received(RawGatewayEvent event) {
    hub.contact();
    if (event.getType().equals("INTERACTION_CREATE")) {
      try {
        interactions.accept(Json.parse(event.getPayload().toJson()));
      } catch (IOException | RuntimeException e) {
        // The person sees that it failed and can press again; JDA would log what was pressed.
        hub.trouble("A click was not taken: " + e.getClass().getSimpleName());
      }
    }
  }

  /// Unlike JDA's own default, this one does not spin while the gateway refuses connections.
  private static final class Sessions extends ConcurrentSessionController {

    private final String gateway;

    Sessions(String gateway) {
      this.gateway = gateway;
    }

    @Override
    public String getGateway() {
      return gateway;
    }
  }
}
