package io.approvalhub.agent.relay;

import static io.approvalhub.access.Role.AGENT;

import io.approvalhub.access.Caller;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.Agents;
import io.approvalhub.agent.Agents.OpenAgent;
import io.approvalhub.connection.Backoff;
import io.approvalhub.http.ProblemException;
import io.approvalhub.http.Roles;
import io.micronaut.http.HttpHeaders;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The relay: `/agents/{name}/…` is the agent's own API, for holders of one of its keys.
@Roles(AGENT)
@Controller(value = "/agents/{name}", consumes = MediaType.ALL, produces = MediaType.ALL)
@ExecuteOn(TaskExecutors.BLOCKING)
final class RelayController {

  private static final String ROOT = "/";
  private static final String REST = "/{path:.*}";
  private static final String EVENTS = "text/event-stream";
  private static final String DOCUMENT = "application/json";

  private final Agents agents;
  private final OpenStreams streams;
  private final RelayMemory memory;
  private final Upstream upstream = new Upstream();

  RelayController(Agents agents, OpenStreams streams, RelayMemory memory) {
    this.agents = agents;
    this.streams = streams;
    this.memory = memory;
  }

  @Get(
      uris = {ROOT, REST},
      headRoute = false)
  HttpResponse<?> get(ServerHttpRequest<?> request, Caller caller, @PathVariable String name)
      throws IOException {
    return relay(request, caller, name);
  }

  @Head(uris = {ROOT, REST})
  HttpResponse<?> head(ServerHttpRequest<?> request, Caller caller, @PathVariable String name)
      throws IOException {
    return relay(request, caller, name);
  }

  @Post(uris = {ROOT, REST})
  HttpResponse<?> post(ServerHttpRequest<?> request, Caller caller, @PathVariable String name)
      throws IOException {
    return relay(request, caller, name);
  }

  @Put(uris = {ROOT, REST})
  HttpResponse<?> put(ServerHttpRequest<?> request, Caller caller, @PathVariable String name)
      throws IOException {
    return relay(request, caller, name);
  }

  @Patch(uris = {ROOT, REST})
  HttpResponse<?> patch(ServerHttpRequest<?> request, Caller caller, @PathVariable String name)
      throws IOException {
    return relay(request, caller, name);
  }

  @Delete(uris = {ROOT, REST})
  HttpResponse<?> delete(ServerHttpRequest<?> request, Caller caller, @PathVariable String name)
      throws IOException {
    return relay(request, caller, name);
  }

  @Options(uris = {ROOT, REST})
  HttpResponse<?> options(ServerHttpRequest<?> request, Caller caller, @PathVariable String name)
      throws IOException {
    return relay(request, caller, name);
  }

  private HttpResponse<?> relay(ServerHttpRequest<?> request, Caller caller, String name)
      throws IOException {
    var wanted = request(request);
    var response = Optional.<MutableHttpResponse<?>>empty();
    try {
      response = Optional.of(answer(wanted, caller, name, request.getUri().getRawPath()));
      return response.get();
    } finally {
      // what a client still sends must not stand before its next call
      response
          .flatMap(HttpResponse::getBody)
          .filter(Pipe.class::isInstance)
          .map(Pipe.class::cast)
          .ifPresentOrElse(pipe -> pipe.afterwards(wanted.body()::close), wanted.body()::close);
    }
  }

  private MutableHttpResponse<?> answer(
      RelayRequest wanted, Caller caller, String name, String path) throws IOException {
    if (!caller.sees(name)) {
      throw new ProblemException(HttpStatus.FORBIDDEN, "This key is another agent's");
    }
    var open = open(name);
    if (!RelayAddress.of(path).agent().equals(name)) {
      throw new ProblemException(HttpStatus.BAD_REQUEST, "an agent's name is written without %");
    }
    var agent = (RelayedAgent) open.agent();
    var call = new Call(open.hub(), agent, wanted);
    var refusal = agent.open().refusal(wanted, name);
    return switch (refusal.isPresent() ? refusal.get() : agent.passage(wanted)) {
      case Passage.Untouched _ -> untouched(call, wanted.body().publisher());
      case Passage.Rewritten(var body) -> untouched(call, RelayBody.publisher(body));
      case Passage.Watched(var body, var finder) ->
          watched(call, RelayBody.publisher(body), finder);
      case Passage.Overheard(var finder) -> watched(call, wanted.body().publisher(), finder);
      case Passage.Answered(var type, var body) -> HttpResponse.ok(body).contentType(type);
      case Passage.Refused(var status, var why) -> throw new ProblemException(status, why);
    };
  }

  private OpenAgent open(String name) {
    return agents.all().stream()
        .filter(agent -> agent.name().equals(name) && agent.agent() instanceof RelayedAgent)
        .findFirst()
        .orElseThrow(() -> new ProblemException(HttpStatus.NOT_FOUND, "This agent is not relayed"));
  }

  private RelayRequest request(ServerHttpRequest<?> request) {
    var uri = request.getUri();
    var query = Optional.ofNullable(uri.getRawQuery()).map(text -> "?" + text);
    return new RelayRequest(
        request.getMethodName(),
        RelayAddress.of(uri.getRawPath()).path(),
        query.orElse(""),
        headers(request),
        body(request));
  }

  private RelayBody body(ServerHttpRequest<?> request) {
    var headers = request.getHeaders();
    var length = headers.contentLength();
    var isThere = length.isPresent() || headers.contains(HttpHeaders.TRANSFER_ENCODING);
    return new RelayBody(request.byteBody().toInputStream(), length, isThere, memory);
  }

  private MutableHttpResponse<?> untouched(Call call, BodyPublisher body) {
    var answer = send(call, body);
    return hasBody(call, answer)
        ? response(answer, new Copy(answer.body()).pipe())
        : withoutBody(answer);
  }

  private MutableHttpResponse<?> watched(Call call, BodyPublisher body, ApprovalFinder finder) {
    var answer = send(call, body);
    if (!hasBody(call, answer)) {
      return withoutBody(answer);
    }
    var isDocument = finder.readsDocuments() && isOfType(answer, DOCUMENT);
    if (!isOfType(answer, EVENTS) && !isDocument) {
      return response(answer, new Copy(answer.body()).pipe());
    }
    refuseCompressed(answer);
    var origin = new RelayedStream.Origin(call.hub(), finder, streams, memory);
    var stream =
        isDocument
            ? RelayedStream.ofDocument(origin, answer.body())
            : RelayedStream.ofEvents(origin, answer.body());
    var response = response(answer, stream.pipe());
    response.getHeaders().remove(HttpHeaders.CONTENT_LENGTH);
    return response;
  }

  private static boolean isOfType(java.net.http.HttpResponse<?> answer, String type) {
    var whole = answer.headers().firstValue(HttpHeaders.CONTENT_TYPE).orElse("");
    return whole.split(";", 2)[0].strip().equalsIgnoreCase(type);
  }

  private static boolean hasBody(Call call, java.net.http.HttpResponse<?> answer) {
    return !call.request().method().equals("HEAD")
        && answer.statusCode() != 204
        && answer.statusCode() != 304;
  }

  private java.net.http.HttpResponse<InputStream> send(Call call, BodyPublisher body) {
    try {
      var answer = upstream.call(call.agent(), call.request(), body);
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

  private static MutableHttpResponse<?> response(
      java.net.http.HttpResponse<InputStream> answer, Pipe pipe) {
    return head(answer).body(isOfType(answer, EVENTS) ? pipe.headFirst() : pipe);
  }

  private static MutableHttpResponse<?> withoutBody(
      java.net.http.HttpResponse<InputStream> answer) {
    Copy.close(answer.body());
    return head(answer);
  }

  private static MutableHttpResponse<?> head(java.net.http.HttpResponse<InputStream> answer) {
    var response = HttpResponse.status(answer.statusCode(), "");
    Upstream.forClient(answer.headers())
        .forEach((name, values) -> values.forEach(value -> response.header(name, value)));
    return response;
  }

  private static Map<String, List<String>> headers(HttpRequest<?> request) {
    var headers = new LinkedHashMap<String, List<String>>();
    request.getHeaders().forEach(headers::put);
    return headers;
  }

  private record Call(AgentHub hub, RelayedAgent agent, RelayRequest request) {}
}
