package io.approvalhub.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Button;
import io.approvalhub.plugin.Decision;
import io.approvalhub.plugin.Person;
import io.approvalhub.plugin.Verdict;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/// Verified calls as decisions. What is not understood as a whole is refused: a misspelt
/// `modified_args` must not approve the originals.
final class WebhookClicks {

  private WebhookClicks() {}

  static Decision decision(byte[] body) throws MalformedException {
    var call = parsed(body);
    if (!call.path("type").asText().equals("approval.decide")) {
      throw new MalformedException("type", "must be approval.decide");
    }
    var data = call.path("data");
    if (!data.isObject()) {
      throw new MalformedException("data", "must be an object");
    }
    return decision(data);
  }

  private static Decision decision(JsonNode data) throws MalformedException {
    refuseUnknown(
        data, "data.", Set.of("token", "button", "verdict", "reason", "modified_args", "person"));
    var decision = verdict(data, person(object(data, "person", "data.")));
    var reason = optional(data, "reason", "data.");
    decision = reason.isPresent() ? decision.because(reason.get()) : decision;
    return absent(data, "modified_args")
        ? decision
        : decision.editing(Json.text(object(data, "modified_args", "data.")));
  }

  private static Decision verdict(JsonNode data, Person person) throws MalformedException {
    var verdict = optionalVerdict(data);
    if (absent(data, "button")) {
      return Decision.of(
          text(data, "token", "data."),
          verdict.orElseThrow(() -> new MalformedException("data.verdict", "is required")),
          person);
    }
    var button = button(data);
    if (verdict.isPresent() && verdict.get() != button.action().verdict()) {
      throw new MalformedException("data.verdict", "says something else than the button");
    }
    return Decision.of(button, person);
  }

  private static Button button(JsonNode data) throws MalformedException {
    if (!absent(data, "token")) {
      throw new MalformedException("data.token", "must not come with a button");
    }
    return Button.parse(text(data, "button", "data."))
        .orElseThrow(() -> new MalformedException("data.button", "must be one from actions"));
  }

  private static Optional<Verdict> optionalVerdict(JsonNode data) throws MalformedException {
    var word = optional(data, "verdict", "data.");
    if (word.isEmpty()) {
      return Optional.empty();
    }
    return switch (word.get()) {
      case "approve" -> Optional.of(Verdict.APPROVE);
      case "deny" -> Optional.of(Verdict.DENY);
      default -> throw new MalformedException("data.verdict", "must be approve or deny");
    };
  }

  private static Person person(JsonNode person) throws MalformedException {
    refuseUnknown(person, "data.person.", Set.of("id", "name"));
    var id = text(person, "id", "data.person.");
    return new Person(id, optional(person, "name", "data.person.").orElse(id));
  }

  private static JsonNode parsed(byte[] body) throws MalformedException {
    try {
      return Json.parse(body);
    } catch (IOException e) {
      throw new MalformedException("body", String.valueOf(e.getMessage()));
    }
  }

  private static JsonNode object(JsonNode node, String name, String prefix)
      throws MalformedException {
    var value = node.path(name);
    if (!value.isObject()) {
      throw new MalformedException(prefix + name, "must be an object");
    }
    refuseNul(node, name, prefix);
    return value;
  }

  private static String text(JsonNode node, String name, String prefix) throws MalformedException {
    return optional(node, name, prefix)
        .filter(text -> !text.isBlank())
        .orElseThrow(() -> new MalformedException(prefix + name, "is required"));
  }

  private static Optional<String> optional(JsonNode node, String name, String prefix)
      throws MalformedException {
    if (absent(node, name)) {
      return Optional.empty();
    }
    if (!node.path(name).isTextual()) {
      throw new MalformedException(prefix + name, "must be a text");
    }
    refuseNul(node, name, prefix);
    return Optional.of(node.path(name).textValue());
  }

  /// Not every store can keep it.
  private static void refuseNul(JsonNode node, String name, String prefix)
      throws MalformedException {
    if (holdsNul(node.path(name))) {
      throw new MalformedException(prefix + name, "must not hold the character U+0000");
    }
  }

  private static boolean holdsNul(JsonNode value) {
    return value.isTextual() && value.textValue().indexOf(0) >= 0
        || value.propertyStream().anyMatch(property -> property.getKey().indexOf(0) >= 0)
        || value.valueStream().anyMatch(WebhookClicks::holdsNul);
  }

  private static boolean absent(JsonNode node, String name) {
    return node.path(name).isMissingNode() || node.path(name).isNull();
  }

  private static void refuseUnknown(JsonNode node, String prefix, Set<String> known)
      throws MalformedException {
    for (var property : node.properties()) {
      if (!known.contains(property.getKey())) {
        throw new MalformedException(prefix + property.getKey(), "is not known");
      }
    }
  }

  /// A call that cannot be understood; the message begins with the field.
  static final class MalformedException extends Exception {

    private static final long serialVersionUID = 1;

    MalformedException(String field, String problem) {
      super(field + " " + problem);
    }
  }
}
