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
import io.approvalhub.plugin.Part;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Approvals as events. The same version of an approval makes the same bytes.
final class WebhookMessages {

  private WebhookMessages() {}

  static ObjectNode requested(Approval approval, Words words, URI decideUrl) {
    return event("approval.requested", approval.raisedAt(), data(approval, words, decideUrl));
  }

  static ObjectNode updated(Approval approval, Words words, URI decideUrl) {
    var ended = approval.ending().map(Ending::at).or(approval::expiresAt);
    var at = ended.orElse(approval.raisedAt());
    return event("approval.updated", at, data(approval, words, decideUrl));
  }

  /// The `webhook-id`: the same for every attempt at this version.
  static String id(Approval approval) {
    return approval.token() + "-" + approval.version();
  }

  private static ObjectNode event(String type, Instant at, ObjectNode data) {
    var event = Json.object().put("type", type).put("timestamp", at.toString());
    event.set("data", data);
    return event;
  }

  private static ObjectNode data(Approval approval, Words words, URI decideUrl) {
    var data = Json.object();
    data.put("job_id", approval.id());
    data.put("worker_name", approval.worker().orElse(null));
    data.put("tool_name", approval.tool());
    data.set("tool_args", value(approval.arguments()));
    data.put("headline", approval.headline());
    data.set("parts", parts(approval.parts()));
    data.put("risk_level", approval.risk());
    data.put("reason", approval.reason());
    var hints = data.putArray("tool_hints");
    approval.hints().forEach(hint -> hints.add(word(hint)));
    data.put("timestamp", approval.raisedAt().toString());
    data.put("agent", approval.agent());
    data.put("status", word(approval.status()));
    data.put("version", approval.version());
    data.put("session_id", approval.session().orElse(null));
    data.put("expires_at", approval.expiresAt().map(Instant::toString).orElse(null));
    data.put("quorum", approval.tally().quorum());
    votes(data, approval);
    ending(data, approval.ending());
    data.put("delivered", word(approval.delivered()));
    data.put("delivery_trouble", approval.trouble().orElse(null));
    data.put("decide_url", decideUrl.toString());
    data.put("token", approval.token());
    actions(data, approval, words);
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
    ending
        .flatMap(Ending::amendment)
        .ifPresent(
            amendment -> {
              data.set("modified_parts", parts(amendment.parts()));
              data.put("changes", amendment.changes().text());
            });
  }

  private static ArrayNode parts(List<Part> parts) {
    var array = Json.array();
    parts.forEach(part -> array.add(part(part)));
    return array;
  }

  private static ObjectNode part(Part part) {
    var json =
        Json.object()
            .put("label", part.label())
            .put("text", part.text())
            .put("file_name", part.fileName());
    switch (part) {
      case Part.Code code -> json.put("kind", "code").put("language", code.language());
      case Part.Diff _ -> json.put("kind", "diff");
      case Part.Text _ -> json.put("kind", "text");
      case Part.Json nested -> json.put("kind", "json").put("quoted", nested.quoted());
      case Part.Table table -> {
        var rows = json.put("kind", "table").putArray("rows");
        table
            .rows()
            .forEach(row -> rows.addObject().put("name", row.name()).put("value", row.value()));
      }
    }
    return json;
  }

  private static void votes(ObjectNode data, Approval approval) {
    var votes = data.putArray("votes");
    for (var ballot : approval.tally().ballots()) {
      votes
          .addObject()
          .put("by", ballot.by())
          .put("via", ballot.via())
          .put("at", ballot.at().toString())
          .put("verdict", word(ballot.verdict()))
          .put("reason", ballot.reason().orElse(null));
    }
  }

  private static void actions(ObjectNode data, Approval approval, Words words) {
    var actions = data.putArray("actions");
    for (var action : approval.actions()) {
      actions
          .addObject()
          .put("action", word(action))
          .put("label", words.button(action, approval))
          .put("button", approval.button(action));
    }
  }

  /// Arguments that are no JSON are shown as the text that they are.
  private static JsonNode value(String json) {
    try {
      return Disclosure.visible(Json.parse(json));
    } catch (IOException _) {
      return TextNode.valueOf(json);
    }
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
