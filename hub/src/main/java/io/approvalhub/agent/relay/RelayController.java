package io.approvalhub.agent.relay;

import static io.approvalhub.access.Role.AGENT;

import io.approvalhub.access.Caller;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.Agents;
import io.approvalhub.agent.Agents.OpenAgent;
import io.approvalhub.connection.Backoff;
import io.approvalhub.http.ProblemException;
import io.approvalhub.http.Roles;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.ServerHttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Head;
import io.micronaut.http.annotation.Options;
import io.micronaut.http.annotation.Patch;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The relay: `/agents/{name}/…` is the agent's own API, for holders of one of its keys.
@Roles(AGENT)
@Controller(value = "/agents/{name}", consumes = MediaType.ALL, produces = MediaType.ALL)
@ExecuteOn(TaskExecutors.BLOCKING)
final class RelayController {

  private static final String REST = "/{path:.*}";
  private static final String EVENTS = "text/event-stream";
  private static final String DOCUMENT = "application/json";

  private final Agents agents;
  private final OpenStreams streams;
  private final Upstream upstream = new Upstream();

  RelayController(Agents agents, OpenStreams streams) {
    this.agents = agents;
    this.streams = streams;
  }

  @Get(REST)
  HttpResponse<?> get(ServerHttpRequest<?> request, Caller caller, @PathVariable String name)
      throws IOException {
    return relay(request, caller, name);
  }

  @Head(REST)
  HttpResponse<?> head(ServerHttpRequest<?> request, Caller caller, @PathVariable String name)
      throws IOException {
    return relay(request, caller, name);
  }

  @Post(REST)
  HttpResponse<?> post(ServerHttpRequest<?> request, Caller caller, @PathVariable String name)
      throws IOException {
    return relay(request, caller, name);
  }

  @Put(REST)
  HttpResponse<?> put(ServerHttpRequest<?> request, Caller caller, @PathVariable String name)
      throws IOException {
    return relay(request, caller, name);
  }

  @Patch(REST)
  HttpResponse<?> patch(ServerHttpRequest<?> request, Caller caller, @PathVariable String name)
      throws IOException {
    return relay(request, caller, name);
  }

  @Delete(REST)
  HttpResponse<?> delete(ServerHttpRequest<?> request, Caller caller, @PathVariable String name)
      throws IOException {
    return relay(request, caller, name);
  }

  @Options(REST)
  HttpResponse<?> options(ServerHttpRequest<?> request, Caller caller, @PathVariable String name)
      throws IOException {
    return relay(request, caller, name);
  }

  private HttpResponse<?> relay(ServerHttpRequest<?> request, Caller caller, String name)
      throws IOException {
    if (!caller.sees(name)) {
      throw new ProblemException(HttpStatus.FORBIDDEN, "This key is another agent's");
    }
    var open = open(name);
    var wanted = request(request, name);
    if (!wanted.isPlain()) {
      throw new ProblemException(HttpStatus.BAD_REQUEST, "the path can be read in two ways");
    }
    var agent = (Relayed) open.agent();
    var query = Optional.ofNullable(request.getUri().getRawQuery()).map(text -> "?" + text);
    var call = new Call(open.hub(), agent, wanted, query.orElse(""));
    return switch (agent.passage(wanted)) {
      case Passage.Untouched _ -> untouched(call, Upstream.body(wanted));
      case Passage.Rewritten(var body) -> untouched(call, BodyPublishers.ofByteArray(body));
      case Passage.Watched(var body, var watch) ->
          watched(call, BodyPublishers.ofByteArray(body), watch);
      case Passage.Overheard(var watch) -> watched(call, Upstream.body(wanted), watch);
      case Passage.Answered(var type, var body) -> HttpResponse.ok(body).contentType(type);
      case Passage.Refused(var status, var why) -> throw new ProblemException(status, why);
    };
  }

  private OpenAgent open(String name) {
    return agents.all().stream()
        .filter(agent -> agent.name().equals(name) && agent.agent() instanceof Relayed)
        .findFirst()
        .orElseThrow(() -> new ProblemException(HttpStatus.NOT_FOUND, "This agent is not relayed"));
  }

  private static RelayRequest request(ServerHttpRequest<?> request, String name) {
    var path = request.getUri().getRawPath().substring(("/agents/" + name).length());
    return new RelayRequest(
        request.getMethodName(),
        path.replaceFirst("^/key=[^/]*", ""),
        headers(request),
        request.byteBody().toInputStream());
  }

  private HttpResponse<?> untouched(Call call, BodyPublisher body) {
    var answer = send(call, body);
    return response(answer, new Copy(answer.body()).pipe());
  }

  private HttpResponse<?> watched(Call call, BodyPublisher body, Watch watch) {
    var answer = send(call, body);
    var type = answer.headers().firstValue("Content-Type").orElse("");
    var isDocument = watch.readsDocuments() && type.startsWith(DOCUMENT);
    if (!type.startsWith(EVENTS) && !isDocument) {
      return response(answer, new Copy(answer.body()).pipe());
    }
    refuseCompressed(answer);
    var stream =
        isDocument
            ? RelayedStream.ofDocument(call.hub(), watch, streams, answer.body())
            : RelayedStream.ofEvents(call.hub(), watch, streams, answer.body());
    var response = response(answer, stream.pipe());
    response.getHeaders().remove("Content-Length");
    return response;
  }

  private java.net.http.HttpResponse<InputStream> send(Call call, BodyPublisher body) {
    try {
      var answer = upstream.call(call.agent(), call.request(), call.query(), body);
      call.hub().contact().good();
      return answer;
    } catch (IOException e) {
      call.hub().contact().trouble(Backoff.reason(e), "tells the client");
      throw new ProblemException(HttpStatus.BAD_GATEWAY, "The agent cannot be reached");
    }
  }

  private static void refuseCompressed(java.net.http.HttpResponse<InputStream> answer) {
    var coding = answer.headers().firstValue("Content-Encoding").orElse("identity");
    if (!coding.equalsIgnoreCase("identity")) {
      Copy.close(answer.body());
      throw new ProblemException(
          HttpStatus.BAD_GATEWAY, "The agent compresses its stream, which the hub must read");
    }
  }

  private static MutableHttpResponse<Pipe> response(
      java.net.http.HttpResponse<InputStream> answer, Pipe pipe) {
    var response = HttpResponse.<Pipe>status(answer.statusCode(), "").body(pipe);
    Upstream.endToEnd(answer.headers())
        .forEach((name, values) -> values.forEach(value -> response.header(name, value)));
    return response;
  }

  private static Map<String, List<String>> headers(HttpRequest<?> request) {
    var headers = new LinkedHashMap<String, List<String>>();
    request.getHeaders().forEach(headers::put);
    return headers;
  }

  private record Call(AgentHub hub, Relayed agent, RelayRequest request, String query) {}
}
