package io.approvalhub.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Person;
import io.approvalhub.testkit.WhatsAppGraph.Sent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What the Cloud API tells a webhook: what people wrote and pressed, and what did not arrive.
final class WhatsAppEvents {

  private static final String DISPLAYED = "15550783881";

  private final WhatsAppGraph graph;

  WhatsAppEvents(WhatsAppGraph graph) {
    this.graph = graph;
  }

  /// Opens the window of that person.
  ObjectNode text(Person person, Optional<String> quoted, String text) {
    var message = inbound(person, quoted).put("type", "text");
    message.putObject("text").put("body", text);
    return message;
  }

  ObjectNode pressed(Person person, Sent message, String payload) {
    var label =
        message.buttons().entrySet().stream()
            .filter(button -> button.getValue().equals(payload))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse("");
    var press = inbound(person, Optional.of(message.id()));
    if (message.type().equals("template")) {
      press.put("type", "button").putObject("button").put("payload", payload).put("text", label);
    } else {
      var reply = message.body().at("/interactive/type").asText() + "_reply";
      var content = press.put("type", "interactive").putObject("interactive").put("type", reply);
      content.putObject(reply).put("id", payload).put("title", label);
    }
    return press;
  }

  private ObjectNode inbound(Person person, Optional<String> quoted) {
    var message =
        Json.object()
            .put(hidden(person) ? "from_user_id" : "from", person.id())
            .put("id", graph.hear(person.id()))
            .put("timestamp", seconds(Duration.ZERO));
    quoted.ifPresent(id -> message.putObject("context").put("from", DISPLAYED).put("id", id));
    return message;
  }

  /// Whether the person's number is kept from the business.
  private static boolean hidden(Person person) {
    return !Character.isDigit(person.id().charAt(0));
  }

  /// What happened with one person.
  ObjectNode value(Person person, List<ObjectNode> messages) {
    var value = value();
    value
        .putArray("contacts")
        .addObject()
        .put(hidden(person) ? "user_id" : "wa_id", person.id())
        .putObject("profile")
        .put("name", person.name());
    value.putArray("messages").addAll(messages);
    return value;
  }

  ObjectNode failed(String message, int code, Duration ago) {
    var value = value();
    value
        .putArray("statuses")
        .addObject()
        .put("id", message)
        .put("status", "failed")
        .put("timestamp", seconds(ago))
        .put("recipient_id", FakeWhatsApp.PERSON)
        .putArray("errors")
        .addObject()
        .put("code", code)
        .put("title", "Not delivered");
    return value;
  }

  private static ObjectNode value() {
    var value = Json.object().put("messaging_product", "whatsapp");
    value
        .putObject("metadata")
        .put("display_phone_number", DISPLAYED)
        .put("phone_number_id", WhatsAppGraph.NUMBER);
    return value;
  }

  /// The body of one call.
  static String event(JsonNode... values) {
    var event = Json.object().put("object", "whatsapp_business_account");
    var changes =
        event.putArray("entry").addObject().put("id", WhatsAppGraph.ACCOUNT).putArray("changes");
    for (var value : values) {
      changes.addObject().put("field", "messages").set("value", value);
    }
    return escaped(Json.text(event));
  }

  /// As the platform writes and signs it: nothing but ASCII, and no bare slash.
  private static String escaped(String json) {
    return json.chars()
        .mapToObj(
            unit -> unit == '/' ? "\\/" : unit < 128 ? "" + (char) unit : "\\u%04x".formatted(unit))
        .collect(Collectors.joining());
  }

  private String seconds(Duration ago) {
    return String.valueOf(graph.now().minus(ago).getEpochSecond());
  }
}
