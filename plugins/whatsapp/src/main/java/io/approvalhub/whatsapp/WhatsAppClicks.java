package io.approvalhub.whatsapp;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Hmac;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.HttpCall;
import io.approvalhub.plugin.HttpReply;
import io.approvalhub.plugin.Person;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// What WhatsApp calls the hub with.
final class WhatsAppClicks {

  /// What a person does opens the window, except for what only reports about the conversation.
  private static final Set<String> REPORTS =
      Set.of("", "reaction", "system", "unknown", "unsupported");

  private WhatsAppClicks() {}

  /// The answer to the call by which the platform makes sure that this address wants its webhooks.
  static HttpReply handshake(HttpCall call, String verifyToken) {
    var known =
        call.parameter("hub.mode").filter("subscribe"::equals).isPresent()
            && call.parameter("hub.verify_token")
                .filter(token -> Hmac.same(bytes(token), bytes(verifyToken)))
                .isPresent();
    return call.parameter("hub.challenge")
        .filter(_ -> known)
        .map(challenge -> HttpReply.text(200, challenge))
        .orElseGet(() -> HttpReply.of(403));
  }

  /// Whether the holder of the app's secret sent these very bytes.
  static boolean isSigned(HttpCall call, String appSecret) {
    return call.header("X-Hub-Signature-256")
        .filter(header -> header.startsWith("sha256="))
        .flatMap(header -> Hmac.fromHex(header.substring("sha256=".length())))
        .filter(digest -> Hmac.same(digest, Hmac.sha256(bytes(appSecret), call.body())))
        .isPresent();
  }

  /// Reads a webhook call. What is for another number, or unknown, is left out: an error would
  /// bring it again for a week.
  ///
  /// @throws IOException when it is no JSON
  static Batch read(byte[] body, String phoneNumberId) throws IOException {
    var values =
        each(Json.parse(body).path("entry"))
            .flatMap(entry -> each(entry.path("changes")))
            .map(change -> change.path("value"))
            .filter(value -> isFor(phoneNumberId, value))
            .toList();
    return new Batch(all(values, WhatsAppClicks::messages), all(values, WhatsAppClicks::failures));
  }

  private static boolean isFor(String phoneNumberId, JsonNode value) {
    return value.at("/metadata/phone_number_id").asText().equals(phoneNumberId);
  }

  private static Stream<Message> messages(JsonNode value) {
    return each(value.path("messages"))
        .filter(message -> !text(message, "/id").isEmpty() && !sender(message).isEmpty())
        .filter(message -> !REPORTS.contains(text(message, "/type")))
        .map(message -> message(message, value.path("contacts")));
  }

  private static Message message(JsonNode message, JsonNode contacts) {
    var pressed =
        switch (text(message, "/type")) {
          case "button" -> text(message, "/button/payload");
          case "interactive" ->
              text(message, "/interactive/button_reply/id")
                  + text(message, "/interactive/list_reply/id");
          default -> "";
        };
    var content =
        new Content(
            forwarded(message),
            present(text(message, "/context/id")),
            present(pressed),
            present(text(message, "/text/body")));
    return new Message(
        text(message, "/id"),
        person(sender(message), contacts),
        text(message, "/from_user_id"),
        at(message),
        content);
  }

  /// Those with a username may keep their number to themselves.
  private static String sender(JsonNode message) {
    return present(text(message, "/from")).orElseGet(() -> text(message, "/from_user_id"));
  }

  private static boolean forwarded(JsonNode message) {
    var context = message.path("context");
    return context.path("forwarded").asBoolean()
        || context.path("frequently_forwarded").asBoolean();
  }

  private static Person person(String id, JsonNode contacts) {
    var name =
        each(contacts)
            .filter(
                contact ->
                    text(contact, "/wa_id").equals(id) || text(contact, "/user_id").equals(id))
            .map(contact -> text(contact, "/profile/name"))
            .findFirst();
    return new Person(id, name.filter(text -> !text.isBlank()).orElse(id));
  }

  private static Stream<Failure> failures(JsonNode value) {
    return each(value.path("statuses"))
        .filter(status -> text(status, "/status").equals("failed"))
        .map(
            status ->
                new Failure(
                    text(status, "/id"),
                    at(status),
                    status.at("/errors/0/code").asInt(),
                    text(status, "/errors/0/title")));
  }

  private static <T> List<T> all(List<JsonNode> values, Function<JsonNode, Stream<T>> reader) {
    return values.stream().flatMap(reader).toList();
  }

  private static Stream<JsonNode> each(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static Instant at(JsonNode node) {
    return Instant.ofEpochSecond(Math.clamp(node.path("timestamp").asLong(), 0, 1L << 40));
  }

  private static String text(JsonNode node, String pointer) {
    return node.at(pointer).asText("");
  }

  private static Optional<String> present(String text) {
    return Optional.of(text).filter(present -> !present.isEmpty());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// What one call brought, in order.
  record Batch(List<Message> messages, List<Failure> failures) {}

  /// A message of a person.
  ///
  /// @param person by their number, or by their user id where the number is hidden
  /// @param userId the platform's own id of the same person; empty when it was not said
  record Message(String id, Person person, String userId, Instant at, Content content) {

    Optional<String> quoted() {
      return content.quoted;
    }

    Optional<String> pressed() {
      return content.pressed;
    }

    Optional<String> text() {
      return content.text;
    }

    /// The same, of the same person by another id.
    Message by(String other) {
      return new Message(id, new Person(other, person.name()), userId, at, content);
    }
  }

  /// What a message holds.
  ///
  /// @param forwarded whether its words may be somebody else's
  /// @param quoted the message that it answers
  /// @param pressed what the button that was pressed carries
  record Content(
      boolean forwarded,
      Optional<String> quoted,
      Optional<String> pressed,
      Optional<String> text) {}

  /// A message of ours that was taken and then did not arrive.
  record Failure(String id, Instant at, int code, String title) {}
}
