package io.approvalhub.channel;

import io.approvalhub.connection.Backoff;
import io.approvalhub.http.Everyone;
import io.approvalhub.http.ProblemException;
import io.approvalhub.plugin.HttpCall;
import io.approvalhub.plugin.HttpReply;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes the callbacks of platforms and hands them, untouched, to their channel.
@Everyone
@Controller("/channels")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ChannelController {

  private static final Logger LOG = LoggerFactory.getLogger(ChannelController.class);
  private static final int LONGEST_BODY = 1 << 20;

  private final Channels channels;

  ChannelController(Channels channels) {
    this.channels = channels;
  }

  @Get(value = "/{name}", produces = MediaType.ALL)
  HttpResponse<byte[]> get(HttpRequest<?> request, @PathVariable String name) {
    return receive(request, name, new byte[0]);
  }

  @Post(value = "/{name}", consumes = MediaType.ALL, produces = MediaType.ALL)
  HttpResponse<byte[]> post(HttpRequest<byte[]> request, @PathVariable String name) {
    return receive(request, name, request.getBody().orElseGet(() -> new byte[0]));
  }

  private HttpResponse<byte[]> receive(HttpRequest<?> request, String name, byte[] body) {
    var open =
        channels
            .find(name)
            .orElseThrow(
                () -> new ProblemException(HttpStatus.NOT_FOUND, "There is no such channel"));
    if (body.length > LONGEST_BODY) {
      throw new ProblemException(
          HttpStatus.REQUEST_ENTITY_TOO_LARGE, "Callbacks have at most 1 MiB");
    }
    try {
      var call = new HttpCall(request.getMethodName(), query(request), headers(request), body);
      return response(open.channel().receive(call));
    } catch (Exception e) {
      LOG.warn(
          "callback failed channel={} because={} next=the platform may repeat it",
          name,
          Backoff.reason(e));
      throw new ProblemException(
          HttpStatus.SERVICE_UNAVAILABLE, "The callback could not be handled now");
    }
  }

  private static HttpResponse<byte[]> response(HttpReply reply) {
    var response = HttpResponse.<byte[]>status(HttpStatus.valueOf(reply.status()));
    return reply.body().length == 0
        ? response
        : response.body(reply.body()).contentType(reply.contentType());
  }

  private static Map<String, List<String>> headers(HttpRequest<?> request) {
    var headers = new LinkedHashMap<String, List<String>>();
    request.getHeaders().forEach(headers::put);
    return headers;
  }

  private static Map<String, List<String>> query(HttpRequest<?> request) {
    var query = new LinkedHashMap<String, List<String>>();
    request.getParameters().forEach(query::put);
    return query;
  }
}
