package io.approvalhub.agent.agentflow;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.agent.Answers;
import io.approvalhub.kit.JsonHttp;
import io.approvalhub.kit.JsonHttp.Reply;
import io.approvalhub.plugin.StoppedException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Tokens by the OAuth 2 client-credentials grant, each kept until most of its life is over or a
/// call with it was refused.
final class ClientCredentials implements Bearer {

  private static final String WHO = "AgentFlow's token endpoint";

  private final String agent;
  private final URI url;
  private final Map<String, String> grant;
  private final HttpClient http;
  private final InstantSource clock;
  private Optional<Token> kept = Optional.empty();

  /// @param grant the fields of the token request
  ClientCredentials(
      String agent, URI url, Map<String, String> grant, HttpClient http, InstantSource clock) {
    this.agent = agent;
    this.url = url;
    this.grant = Map.copyOf(grant);
    this.http = http;
    this.clock = clock;
  }

  @Override
  public synchronized Optional<String> token() throws IOException {
    if (kept.filter(token -> token.until().isAfter(clock.instant())).isEmpty()) {
      kept = Optional.of(fetch());
    }
    return kept.map(Token::value);
  }

  /// Several calls may be refused with one token: only the first throws it away.
  @Override
  public synchronized boolean renews(Optional<String> refused) {
    if (kept.map(Token::value).equals(refused)) {
      kept = Optional.empty();
    }
    return true;
  }

  private Token fetch() throws IOException {
    var form = Map.of("Content-Type", "application/x-www-form-urlencoded");
    var reply = JsonHttp.send(http, JsonHttp.post(url, form, body().getBytes(UTF_8)));
    var value = reply.body().path("access_token").asText("");
    if (!reply.ok() || value.isEmpty()) {
      throw failure(reply);
    }
    return new Token(value, until(reply.body()));
  }

  private String body() {
    return grant.entrySet().stream()
        .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
        .collect(Collectors.joining("&"));
  }

  private Instant until(JsonNode token) {
    var seconds = token.path("expires_in").asLong(0);
    return seconds <= 0 ? Instant.MAX : clock.instant().plusMillis(seconds * 900);
  }

  private IOException failure(Reply reply) {
    var credentials = "agents.%s.client-id, client-secret and audience".formatted(agent);
    return reply.status() == 400
        ? new StoppedException("%s answered 400; check %s".formatted(WHO, credentials))
        : Answers.failure(reply, WHO, credentials);
  }

  private record Token(String value, Instant until) {
    @Override
    public String toString() {
      return "Token[" + until + "]";
    }
  }
}
