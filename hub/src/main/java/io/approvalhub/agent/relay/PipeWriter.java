package io.approvalhub.agent.relay;

import io.micronaut.core.type.Argument;
import io.micronaut.core.type.MutableHeaders;
import io.micronaut.http.ByteBodyHttpResponse;
import io.micronaut.http.ByteBodyHttpResponseWrapper;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.body.ByteBodyFactory;
import io.micronaut.http.body.CloseableByteBody;
import io.micronaut.http.body.ResponseBodyWriter;
import io.micronaut.http.body.stream.BodySizeLimits;
import io.micronaut.http.codec.CodecException;
import jakarta.inject.Singleton;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// Connects a [Pipe] with the client's connection.
@Singleton
final class PipeWriter implements ResponseBodyWriter<Pipe> {

  @Override
  public boolean isWriteable(Argument<Pipe> type, @Nullable MediaType mediaType) {
    return type.getType() == Pipe.class;
  }

  /// Where the agent does not say what its answer is, the server does not either.
  @Override
  public ByteBodyHttpResponse<?> write(
      ByteBodyFactory bodies,
      HttpRequest<?> request,
      MutableHttpResponse<Pipe> response,
      Argument<Pipe> type,
      MediaType mediaType,
      Pipe pipe) {
    return ByteBodyHttpResponseWrapper.wrap(
        response, writePiece(bodies, request, response, type, mediaType, pipe));
  }

  @Override
  public CloseableByteBody writePiece(
      ByteBodyFactory bodies,
      HttpRequest<?> request,
      HttpResponse<?> response,
      Argument<Pipe> type,
      MediaType mediaType,
      Pipe pipe) {
    return bodies.adapt(
        pipe::subscribe, BodySizeLimits.UNLIMITED, response.getHeaders(), pipe::leave);
  }

  @Override
  public void writeTo(
      Argument<Pipe> type,
      MediaType mediaType,
      Pipe pipe,
      MutableHeaders headers,
      OutputStream stream) {
    throw new CodecException("a pipe is never written at once");
  }
}
