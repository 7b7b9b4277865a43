package io.approvalhub.discord;

import static net.dv8tion.jda.api.JDA.Status.CONNECTED;
import static net.dv8tion.jda.api.JDA.Status.LOADING_SUBSYSTEMS;

import com.fasterxml.jackson.databind.JsonNode;
import com.neovisionaries.ws.client.WebSocketFactory;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.Proxies;
import io.approvalhub.plugin.Connection;
import io.approvalhub.plugin.Hub;
import io.approvalhub.plugin.StoppedException;
import java.io.IOException;
import java.net.URI;
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
import net.dv8tion.jda.api.utils.data.DataObject;
import net.dv8tion.jda.internal.JDAImpl;
import net.dv8tion.jda.internal.handle.SocketHandler;
import okhttp3.OkHttpClient;

/// The connection that clicks come in by: JDA logs in, keeps it alive and resumes it.
///
/// Clicks are taken from JDA as JSON, since that is what HTTP brings too; the answer to a click is
/// then the same in both modes.
final class DiscordGateway implements Connection {

  private static final Duration CALL = Duration.ofSeconds(5);
  private static final String INTERACTION = "INTERACTION_CREATE";

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
    // A click that is being decided is not interrupted: closing the pool waits for it.
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      var events = new Events(pool, ended);
      var jda = logIn(events);
      try {
        watch(jda, events, ended);
      } finally {
        jda.shutdownNow();
      }
    }
  }

  /// Finds out what would otherwise be silence: clicks that go elsewhere.
  private void checkApplication() throws IOException {
    var application = api.get("applications/@me");
    if (!DiscordApi.id(application).equals(settings.bot().application())) {
      throw new StoppedException("application-id is not that of the application of the token");
    }
    if (!application.path("interactions_endpoint_url").asText("").isEmpty()) {
      throw new StoppedException(
          "The application has an Interactions Endpoint URL, so clicks do not come by gateway: "
              + "clear it in the developer portal, or set public-key");
    }
  }

  private JDA logIn(EventListener listener) throws IOException {
    try {
      var jda = (JDAImpl) builder().addEventListeners(listener).build();
      // JDA passes on only what it has understood as a whole, and nothing here needs that.
      jda.getClient().getHandlers().put(INTERACTION, new SocketHandler.NOPHandler(jda));
      return jda;
    } catch (InvalidTokenException _) {
      throw new StoppedException("Discord refused the token; it must be set anew");
    } catch (RuntimeException e) {
      throw new IOException("Logging in failed: " + e.getClass().getSimpleName());
    }
  }

  private JDABuilder builder() {
    return JDABuilder.createLight(settings.bot().token(), EnumSet.noneOf(GatewayIntent.class))
        .setRestConfig(new RestConfig().setBaseUrl(settings.api() + "/"))
        .setHttpClientBuilder(new OkHttpClient.Builder().callTimeout(CALL))
        .setRequestTimeoutRetry(false)
        .setWebsocketFactory(sockets())
        .setSessionController(new Sessions(settings.gateway()))
        .setCompression(Compression.NONE)
        .setRawEventsEnabled(true)
        .setEnableShutdownHook(false)
        .setMaxReconnectDelay(32);
  }

  /// Unlike OkHttp they do not ask for a proxy by themselves.
  private WebSocketFactory sockets() {
    var factory = new WebSocketFactory();
    Proxies.to(URI.create(settings.gateway()))
        .ifPresent(
            proxy ->
                factory.getProxySettings().setHost(proxy.getHostString()).setPort(proxy.getPort()));
    return factory;
  }

  /// JDA reconnects by itself, and stays silent when it cannot.
  private void watch(JDA jda, Events events, BlockingQueue<ShutdownEvent> ended)
      throws IOException, InterruptedException {
    var look = patience.dividedBy(10);
    var down = Duration.ZERO;
    while (down.compareTo(patience) < 0) {
      var end = ended.poll(look.toMillis(), TimeUnit.MILLISECONDS);
      if (end != null) {
        throw over(end);
      }
      events.catchUp(jda.getResponseTotal());
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

  /// What JDA tells, on the thread that reads the gateway.
  private final class Events implements EventListener {

    private final ExecutorService pool;
    private final BlockingQueue<ShutdownEvent> ended;
    private long newest;
    private long expected;

    Events(ExecutorService pool, BlockingQueue<ShutdownEvent> ended) {
      this.pool = pool;
      this.ended = ended;
    }

    @Override
    public void onEvent(GenericEvent event) {
      switch (event) {
        case RawGatewayEvent raw -> received(raw);
        case GatewayPingEvent _ -> hub.contact();
        case ShutdownEvent end -> ended.add(end);
        default -> {}
      }
    }

    private void received(RawGatewayEvent event) {
      hub.contact();
      follow(event.getResponseNumber(), event.getType().equals("READY"));
      if (event.getType().equals(INTERACTION)) {
        var payload = event.getPayload();
        pool.execute(() -> take(payload));
      }
    }

    /// Discord numbers what it sends. JDA keeps what it cannot read to itself.
    private synchronized void follow(long number, boolean first) {
      if (!first && number > newest + 1) {
        complain();
      }
      newest = number;
    }

    /// Called now and then with the number that came last: what is still missing the next time
    /// will not come any more.
    private synchronized void catchUp(long number) {
      if (number > newest && number == expected) {
        newest = number;
        complain();
      }
      expected = number;
    }

    private void complain() {
      hub.trouble(
          "Discord sent something that cannot be read; if it was a click, it was not taken");
    }

    private void take(DataObject payload) {
      try {
        interactions.accept(Json.parse(payload.toJson()));
      } catch (IOException | RuntimeException | Error e) {
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
