package io.approvalhub.agent.agentflow;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.agent.Answers;
import io.approvalhub.agent.Requests;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.JsonHttp;
import io.approvalhub.kit.JsonHttp.Reply;
import io.approvalhub.kit.JsonRows.Row;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/// The calls of AgentFlow's approvals API.
final class AgentFlowClient {

  private static final int MOST = 10_000;

  private final String agent;
  private final AgentFlowSettings settings;
  private final Bearer bearer;
  private final HttpClient http;

  AgentFlowClient(String agent, AgentFlowSettings settings, Bearer bearer, HttpClient http) {
    this.agent = agent;
    this.settings = settings;
    this.bearer = bearer;
    this.http = http;
  }

  /// Everything that waits, page by page until one brings nothing new: no field that would say
  /// which page is the last is certain, and an instance may give less on a page than it was asked
  /// for.
  /// What cannot be read is listed too, as far as it comes.
  List<Row> rows() throws IOException {
    var rows = new LinkedHashMap<String, Row>();
    var faults = new ArrayList<Row>();
    var known = -1;
    for (var page = 1; rows.size() > known; page++) {
      known = rows.size();
      for (var row : page(page)) {
        switch (row) {
          case Row.Value(var json) -> rows.putIfAbsent(AgentFlowRows.id(json), row);
          case Row.Fault _ -> faults.add(row);
        }
      }
      if (rows.size() + faults.size() > MOST) {
        throw new IOException("AgentFlow lists more than %,d approvals".formatted(MOST));
      }
    }
    rows.values().removeIf(row -> row instanceof Row.Value(var json) && !AgentFlowRows.waits(json));
    faults.addAll(0, rows.values());
    return faults;
  }

  /// The rows that can be read.
  Collection<JsonNode> pending() throws IOException {
    return rows().stream()
        .flatMap(row -> row instanceof Row.Value(var json) ? Stream.of(json) : Stream.empty())
        .toList();
  }

  /// Whether this approval still waits there.
  boolean waits(String id) throws IOException {
    return pending().stream().anyMatch(row -> AgentFlowRows.id(row).equals(id));
  }

  /// Answers an approval for this user.
  Reply respond(String id, JsonNode response, Optional<String> user) throws IOException {
    return post(settings.approvals().respondPath(), id, response, user);
  }

  /// Withdraws an approval; empty where the instance has no such call.
  Optional<Reply> cancel(String id) throws IOException {
    var path = cancelPath();
    return path.isEmpty()
        ? Optional.empty()
        : Optional.of(post(path.get(), id, Json.object(), Optional.empty()));
  }

  /// What a call for no particular person carries.
  Map<String, String> headers() throws IOException {
    return headers(bearer.token(), Optional.empty());
  }

  /// The failure that an answer stands for.
  IOException failure(Reply reply) {
    var credentials =
        settings.credentials().grant().isPresent() ? "client-id, tenant and user" : "api-key";
    return Answers.failure(reply, "AgentFlow", "agents.%s.%s".formatted(agent, credentials));
  }

  private List<Row> page(int page) throws IOException {
    var query = "?page=%d&page_size=%d".formatted(page, settings.approvals().pageSize());
    var uri = uri(settings.approvals().pendingPath() + query);
    var answer =
        authorized(
            headers -> JsonHttp.list(http, Requests.get(uri, headers), Optional.of("approvals")),
            list -> list.reply().status(),
            Optional.empty());
    if (answer.reply().status() == 404 && page > 1) {
      return List.of();
    }
    if (!answer.reply().ok()) {
      throw failure(answer.reply());
    }
    return answer.rows();
  }

  private Optional<String> cancelPath() throws IOException {
    if (settings.approvals().cancelPath().isPresent()) {
      return settings.approvals().cancelPath();
    }
    var reply = get("/openapi.json");
    if (reply.status() / 100 == 5 || reply.status() == 429) {
      throw failure(reply);
    }
    return Description.cancelPath(reply.body());
  }

  private Reply get(String path) throws IOException {
    return send(headers -> Requests.get(uri(path), headers), Optional.empty());
  }

  private Reply post(String path, String id, JsonNode body, Optional<String> user)
      throws IOException {
    var uri = uri(path.replace("{id}", Requests.encoded(id)));
    var bytes = Json.text(body).getBytes(UTF_8);
    return send(headers -> JsonHttp.post(uri, headers, bytes), user);
  }

  private Reply send(Call<HttpRequest> call, Optional<String> user) throws IOException {
    return authorized(headers -> JsonHttp.send(http, call.with(headers)), Reply::status, user);
  }

  /// A call that is refused for its token has had no effect, and is made once more with a new one.
  private <R> R authorized(Call<R> call, ToIntFunction<R> status, Optional<String> user)
      throws IOException {
    var token = bearer.token();
    var reply = call.with(headers(token, user));
    return status.applyAsInt(reply) == 401 && bearer.renews(token)
        ? call.with(headers(bearer.token(), user))
        : reply;
  }

  private Map<String, String> headers(Optional<String> token, Optional<String> user) {
    var headers = new TreeMap<String, String>();
    token.ifPresent(value -> headers.put("Authorization", "Bearer " + value));
    settings.credentials().tenant().ifPresent(value -> headers.put("snc-tenant", value));
    user.or(settings.credentials()::user).ifPresent(value -> headers.put("snc-userid", value));
    return headers;
  }

  private URI uri(String path) {
    return URI.create(settings.url() + path);
  }

  private interface Call<R> {
    R with(Map<String, String> headers) throws IOException;
  }
}
