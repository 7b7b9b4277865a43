package io.approvalhub.slack;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonParseException;
import com.slack.api.Slack;
import com.slack.api.SlackConfig;
import com.slack.api.methods.MethodsClient;
import com.slack.api.methods.SlackApiException;
import com.slack.api.methods.SlackApiTextResponse;
import com.slack.api.methods.response.auth.teams.AuthTeamsListResponse;
import com.slack.api.util.http.SlackHttpClient;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.Proxies;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.RefusedException;
import io.approvalhub.plugin.StoppedException;
import io.approvalhub.plugin.TryAgainException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/// The few methods of Slack's Web API that a channel needs, with its errors in the hub's terms.
final class SlackApi implements AutoCloseable {

  private static final int MOST_WORKSPACES = 1_000;
  private static final int CALL_MILLIS = 15_000;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String TOKEN = "put a valid token into the settings";
  private static final String INVITE = "invite the app into the channel";
  private static final String CHANNEL = "put another channel into the settings";
  private static final String INSTALL = "give the app its permissions and install it again";
  private static final Map<String, String> CURES =
      Map.ofEntries(
          Map.entry("invalid_auth", TOKEN),
          Map.entry("not_authed", TOKEN),
          Map.entry("token_revoked", TOKEN),
          Map.entry("token_expired", TOKEN),
          Map.entry("account_inactive", TOKEN),
          Map.entry("not_allowed_token_type", TOKEN),
          Map.entry("missing_scope", INSTALL),
          Map.entry("no_permission", INSTALL),
          Map.entry("access_denied", INSTALL),
          Map.entry("team_access_not_granted", INSTALL),
          Map.entry("channel_not_found", CHANNEL + ", or " + INVITE + " if it is private"),
          Map.entry("not_in_channel", INVITE),
          Map.entry("is_archived", CHANNEL),
          Map.entry("restricted_action", "let the app post into the channel"));
  private static final Set<String> LIMITED = Set.of("ratelimited", "rate_limited");
  private static final Set<String> REFUSED =
      Set.of(
          "message_not_found",
          "thread_not_found",
          "cant_update_message",
          "edit_window_closed",
          "msg_too_long",
          "msg_blocks_too_long",
          "invalid_blocks",
          "invalid_blocks_format",
          "no_text");

  private final Slack slack;
  private final MethodsClient methods;

  SlackApi(SlackSettings settings) {
    this.slack = client(settings.api());
    this.methods = slack.methods(settings.botToken());
  }

  private static Slack client(URI api) {
    var config = new SlackConfig();
    config.setMethodsEndpointUrlPrefix(api.toString());
    config.setStatsEnabled(false);
    config.setHttpClientCallTimeoutMillis(CALL_MILLIS);
    // The two that come with it write bodies to the log.
    config.setHttpClientResponseHandlers(List.of());
    config.setProxyUrl(
        Proxies.to(api)
            .map(proxy -> "http://" + proxy.getHostString() + ":" + proxy.getPort())
            .orElse(null));
    return Slack.getInstance(config, new SlackHttpClient(http(config)));
  }

  private static OkHttpClient http(SlackConfig config) {
    return SlackHttpClient.buildOkHttpClient(config)
        .newBuilder()
        // A post that OkHttp repeats by itself is a second message that nobody knows of.
        .retryOnConnectionFailure(false)
        .addNetworkInterceptor(SlackApi::undelayed)
        .build();
  }

  // A body of more than one packet would wait some 40 ms for an acknowledgement in its middle.
  private static Response undelayed(Interceptor.Chain chain) throws IOException {
    var connection = chain.connection();
    if (connection != null) {
      connection.socket().setTcpNoDelay(true);
    }
    return chain.proceed(chain.request());
  }

  Slack slack() {
    return slack;
  }

  /// Where the bot token is good.
  ///
  /// @param teams the workspace, and the organisation if there is one
  /// @param wholeOrganisation whether in all workspaces of the organisation that an admin chose
  record Home(List<String> teams, boolean wholeOrganisation) {}

  Home home() throws IOException {
    var answer = call("auth.test", () -> methods.authTest(r -> r));
    var teams =
        Stream.of(answer.getTeamId(), answer.getEnterpriseId())
            .flatMap(Stream::ofNullable)
            .distinct()
            .toList();
    if (teams.isEmpty()) {
      throw new IOException("auth.test: Slack does not say which workspace the token is for");
    }
    return new Home(teams, answer.isEnterpriseInstall());
  }

  /// The workspaces of the organisation that the bot token is good in; empty when it may not ask.
  List<String> workspaces() throws IOException {
    try {
      var answer =
          call("auth.teams.list", () -> methods.authTeamsList(r -> r.limit(MOST_WORKSPACES)));
      return Stream.ofNullable(answer.getTeams())
          .flatMap(List::stream)
          .map(AuthTeamsListResponse.Team::getId)
          .toList();
    } catch (StoppedException _) {
      return List.of();
    }
  }

  /// The address of a new socket, good for one connection.
  String socket(String appToken) throws IOException {
    return call("apps.connections.open", () -> methods.appsConnectionsOpen(r -> r.token(appToken)))
        .getUrl();
  }

  /// A message of ours as Slack took it.
  ///
  /// @param app the app that posted it, where Slack says
  record Post(MessageRef message, Optional<String> app) {}

  Post post(String conversation, String summary, JsonNode blocks, Optional<MessageRef> thread)
      throws IOException {
    var answer =
        call(
            "chat.postMessage",
            () ->
                methods.chatPostMessage(
                    r ->
                        r.channel(conversation)
                            .threadTs(thread.map(MessageRef::id).orElse(null))
                            .text(summary)
                            .mrkdwn(false)
                            .blocksAsString(Json.text(blocks))
                            .unfurlLinks(false)
                            .unfurlMedia(false)));
    var app =
        Optional.ofNullable(answer.getMessage()).flatMap(m -> Optional.ofNullable(m.getAppId()));
    return new Post(new MessageRef(answer.getChannel(), answer.getTs()), app);
  }

  void update(MessageRef message, String summary, JsonNode blocks) throws IOException {
    call(
        "chat.update",
        () ->
            methods.chatUpdate(
                r ->
                    r.channel(message.place())
                        .ts(message.id())
                        .text(summary)
                        .blocksAsString(Json.text(blocks))));
  }

  void tell(String conversation, String user, String summary, JsonNode blocks) throws IOException {
    call(
        "chat.postEphemeral",
        () ->
            methods.chatPostEphemeral(
                r ->
                    r.channel(conversation)
                        .user(user)
                        .text(summary)
                        .blocksAsString(Json.text(blocks))));
  }

  void ask(String trigger, JsonNode view) throws IOException {
    call(
        "views.open",
        () -> methods.viewsOpen(r -> r.triggerId(trigger).viewAsString(Json.text(view))));
  }

  @Override
  public void close() {
    slack.getHttpClient().getOkHttpClient().dispatcher().executorService().shutdown();
    slack.getHttpClient().getOkHttpClient().connectionPool().evictAll();
  }

  private interface Call<T> {
    T run() throws IOException, SlackApiException;
  }

  private static <T extends SlackApiTextResponse> T call(String method, Call<T> call)
      throws IOException {
    try {
      var answer = call.run();
      if (answer.isOk()) {
        return answer;
      }
      throw failed(method, String.valueOf(answer.getError()), answer.getNeeded());
    } catch (SlackApiException e) {
      throw failed(method, e.getResponse());
    } catch (JsonParseException _) {
      throw new IOException(method + ": Slack answered with something that is not JSON");
    }
  }

  private static IOException failed(String method, String error, @Nullable String needed) {
    var what = method + ": Slack says " + error + (needed == null ? "" : ", needs " + needed);
    if (CURES.containsKey(error)) {
      return new StoppedException(what + "; " + CURES.get(error));
    }
    if (LIMITED.contains(error)) {
      return new TryAgainException(what, PATIENCE);
    }
    return REFUSED.contains(error) ? new RefusedException(what) : new IOException(what);
  }

  private static IOException failed(String method, Response response) {
    var what = method + ": Slack answered " + response.code();
    return response.code() == 429
        ? new TryAgainException(what, delay(response))
        : new IOException(what);
  }

  private static Duration delay(Response response) {
    return Optional.ofNullable(response.header("Retry-After"))
        .filter(text -> text.matches("\\d{1,6}"))
        .map(text -> Duration.ofSeconds(Long.parseLong(text)))
        .orElse(PATIENCE);
  }
}
