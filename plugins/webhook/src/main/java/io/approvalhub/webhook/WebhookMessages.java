package io.approvalhub.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.approvalhub.kit.Disclosure;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.Words;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Approval.Ending;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// Approvals as events. The same version of an approval makes the same bytes.
final class WebhookMessages {

  private WebhookMessages() {}

  static ObjectNode requested(Approval approval, URI decideUrl) {
    return event("approval.requested", approval.raisedAt(), approval, decideUrl);
  }

  static ObjectNode updated(Approval approval, URI decideUrl) {
    var ended = approval.ending().map(Ending::at).or(approval::expiresAt);
    return event("approval.updated", ended.orElse(approval.raisedAt()), approval, decideUrl);
  }

  /// The `webhook-id`: the same for every attempt at this version.
  static String id(Approval approval) {
    return approval.token() + "-" + approval.version();
  }

  private static ObjectNode event(String type, Instant at, Approval approval, URI decideUrl) {
    var event = Json.object().put("type", type).put("timestamp", at.toString());
    event.set("data", data(approval, decideUrl));
    return event;
  }

  private static ObjectNode data(Approval approval, URI decideUrl) {
    var data = Json.object();
    data.put("job_id", approval.id());
    data.put("worker_name", approval.worker().orElse(null));
    data.put("tool_name", approval.tool());
    data.set("tool_args", value(approval.arguments()));
    data.put("risk_level", approval.risk());
    data.put("reason", approval.reason());
    data.put("timestamp", approval.raisedAt().toString());
    data.put("agent", approval.agent());
    data.put("status", word(approval.status()));
    data.put("version", approval.version());
    data.put("session_id", approval.session().orElse(null));
    data.put("expires_at", approval.expiresAt().map(Instant::toString).orElse(null));
    ending(data, approval.ending());
    data.put("delivered", word(approval.delivered()));
    data.put("delivery_trouble", approval.trouble().orElse(null));
    data.put("decide_url", decideUrl.toString());
    data.put("token", approval.token());
    actions(data, approval);
    return data;
  }

  private static void ending(ObjectNode data, Optional<Ending> ending) {
    data.put("decided_at", ending.map(Ending::at).map(Instant::toString).orElse(null));
    data.put("decided_by", ending.map(Ending::by).orElse(null));
    data.put("decided_via", ending.map(Ending::via).orElse(null));
    data.put("decision_reason", ending.flatMap(Ending::reason).orElse(null));
    data.set(
        "modified_args",
        ending.flatMap(Ending::edited).map(WebhookMessages::value).orElse(NullNode.getInstance()));
  }

  private static void actions(ObjectNode data, Approval approval) {
    var actions = data.putArray("actions");
    for (var action : approval.actions()) {
      actions
          .addObject()
          .put("action", word(action))
          .put("label", Words.button(action, approval))
          .put("button", approval.button(action));
    }
  }

  /// Arguments that are no JSON are shown as the text that they are.
  private static JsonNode value(String json) {
    try {
      return visible(Json.parse(json));
    } catch (IOException _) {
      return TextNode.valueOf(json);
    }
  }

  /// JSON writes some characters that nobody sees as escapes, and reads them back as they were.
  private static JsonNode visible(JsonNode node) {
    return switch (node) {
      case TextNode text -> TextNode.valueOf(Disclosure.visible(text.textValue()));
      case ArrayNode array -> {
        var items = Json.array();
        array.forEach(item -> items.add(visible(item)));
        yield items;
      }
      case ObjectNode object -> {
        var properties = Json.object();
        object
            .propertyStream()
            .forEach(
                property ->
                    properties.set(
                        unused(properties, Disclosure.visible(property.getKey())),
                        visible(property.getValue())));
        yield properties;
      }
      default -> node;
    };
  }

  private static String unused(ObjectNode object, String name) {
    return object.has(name) ? unused(object, name + "'") : name;
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
