package io.approvalhub.whatsapp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.JsonHttp;
import io.approvalhub.kit.JsonHttp.Reply;
import io.approvalhub.kit.Text;
import io.approvalhub.plugin.RefusedException;
import io.approvalhub.plugin.StoppedException;
import io.approvalhub.plugin.TryAgainException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// The two calls of the Cloud API that are needed, and what its errors mean.
final class WhatsAppApi implements AutoCloseable {

  static final int WINDOW_CLOSED = 131047;
  static final int PAIR_RATE = 131056;
  static final int THROUGHPUT = 130429;
  static final int UNDELIVERABLE = 131026;

  private static final Duration PAUSE = Duration.ofSeconds(6);
  private static final int DETAIL = 200;

  private final HttpClient client = JsonHttp.client();
  private final WhatsAppSettings settings;

  WhatsAppApi(WhatsAppSettings settings) {
    this.settings = settings;
  }

  /// Sends a message.
  ///
  /// @return empty when only a template is taken, since the person has not written for a day
  Optional<Sent> send(ObjectNode message) throws IOException {
    var reply = JsonHttp.post(client, address("messages"), headers(), message);
    if (code(reply) == WINDOW_CLOSED) {
      return Optional.empty();
    }
    var body = taken(reply);
    return Optional.of(
        new Sent(text(body, "/messages/0/id"), body.at("/contacts/0/wa_id").asText("")));
  }

  /// Uploads a text file.
  ///
  /// @param boundary a text that the file does not hold
  /// @return its media id
  String upload(String name, String text, String boundary) throws IOException {
    var request =
        HttpRequest.newBuilder(address("media"))
            .header("Content-Type", "multipart/form-data; boundary=" + boundary)
            .POST(BodyPublishers.ofString(form(name, text, boundary), StandardCharsets.UTF_8));
    headers().forEach(request::header);
    return text(taken(JsonHttp.send(client, request.build())), "/id");
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  private static String form(String name, String text, String boundary) {
    var file = "name=\"file\"; filename=\"" + name + "\"\r\nContent-Type: text/plain";
    return part(boundary, "name=\"messaging_product\"", "whatsapp")
        + part(boundary, "name=\"type\"", "text/plain")
        + part(boundary, file, text)
        + "--"
        + boundary
        + "--\r\n";
  }

  private static String part(String boundary, String field, String content) {
    return "--"
        + boundary
        + "\r\nContent-Disposition: form-data; "
        + field
        + "\r\n\r\n"
        + content
        + "\r\n";
  }

  private URI address(String edge) {
    return URI.create(
        settings.account().api() + "/" + settings.account().phoneNumberId() + "/" + edge);
  }

  private Map<String, String> headers() {
    return Map.of("Authorization", "Bearer " + settings.account().accessToken());
  }

  private JsonNode taken(Reply reply) throws IOException {
    if (!reply.ok()) {
      throw failure(reply);
    }
    return reply.body();
  }

  private static String text(JsonNode body, String pointer) throws IOException {
    var text = body.at(pointer).asText("");
    if (text.isEmpty()) {
      throw new IOException("WhatsApp took a call and answered without " + pointer);
    }
    return text;
  }

  private IOException failure(Reply reply) {
    var code = code(reply);
    var problem = "WhatsApp answered " + reply.status() + ", code " + code;
    return switch (code) {
      case 4, 80007, THROUGHPUT, PAIR_RATE -> tryAgain(problem, reply);
      case 3, 10 -> stopped(problem, "the access token may not send messages");
      case 190 -> stopped(problem, "the access token was revoked, has expired or is wrong");
      case UNDELIVERABLE -> stopped(problem, "the recipient cannot be reached on WhatsApp");
      case 131030 -> stopped(problem, "the recipient is not among the app's test numbers");
      case 131031, 131042 -> stopped(problem, "the WhatsApp account is locked or has not paid");
      case 132001, 132015, 132016 -> stopped(problem, "there is no approved " + template());
      case 133010 -> stopped(problem, "the phone number is not registered");
      case 100, 131008, 131009, 132000 -> refused(problem, reply);
      default -> other(code, problem, reply);
    };
  }

  private String template() {
    return "template '%s' in language '%s'"
        .formatted(settings.template().name(), settings.template().language());
  }

  private static IOException other(int code, String problem, Reply reply) {
    if (reply.status() == 429) {
      return tryAgain(problem, reply);
    }
    var permission = code >= 200 && code < 300;
    return permission || reply.status() == 401
        ? stopped(problem, "the access token may not send messages")
        : new IOException(problem);
  }

  private IOException refused(String problem, Reply reply) {
    // The platform says "Object does not exist" of a number that the token may not use.
    return reply.body().at("/error/error_subcode").asInt() == 33
        ? stopped(problem, "there is no phone-number-id that this access token may use")
        : new RefusedException(problem + ": " + details(reply));
  }

  private static IOException tryAgain(String problem, Reply reply) {
    return new TryAgainException(problem, reply.retryAfter().orElse(PAUSE));
  }

  private static IOException stopped(String problem, String why) {
    return new StoppedException(problem + ": " + why);
  }

  private String details(Reply reply) {
    var details = reply.body().at("/error/error_data/details").asText("no details");
    return Text.fit(details.replace(settings.account().accessToken(), "[masked]"), DETAIL);
  }

  private static int code(Reply reply) {
    return reply.body().at("/error/code").asInt();
  }

  /// A message that the platform took.
  ///
  /// @param recipient the person, as the platform will name them in its calls
  record Sent(String id, String recipient) {}
}
