package io.approvalhub.kit;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Approval.Amendment;
import io.approvalhub.plugin.Approval.Answer;
import io.approvalhub.plugin.Approval.Ballot;
import io.approvalhub.plugin.Approval.Call;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.approvalhub.plugin.Approval.Ending;
import io.approvalhub.plugin.Approval.Offer;
import io.approvalhub.plugin.Approval.Origin;
import io.approvalhub.plugin.Approval.Remarks;
import io.approvalhub.plugin.Approval.State;
import io.approvalhub.plugin.Approval.Status;
import io.approvalhub.plugin.Approval.Tally;
import io.approvalhub.plugin.Hint;
import io.approvalhub.plugin.Part;
import io.approvalhub.plugin.Part.Row;
import io.approvalhub.plugin.Verdict;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What the receiver of a webhook reads in an event whose signature it has verified.
public final class WebhookEvent {

  private WebhookEvent() {}

  /// The approval as it stood when the event was made.
  public static Approval approval(JsonNode event) {
    var data = event.path("data");
    return new Approval(
        data.path("job_id").asText(),
        data.path("token").asText(),
        new Origin(
            data.path("agent").asText(),
            optional(data, "worker_name"),
            optional(data, "session_id"),
            Instant.parse(data.path("timestamp").asText())),
        new Call(
            data.path("tool_name").asText(),
            data.path("headline").asText(),
            parts(data.path("parts")),
            Json.pretty(data.path("tool_args")),
            new Remarks(
                data.path("risk_level").asText(),
                data.path("reason").asText(),
                data.path("tool_hints")
                    .valueStream()
                    .map(hint -> constant(Hint.class, hint))
                    .toList())),
        new State(
            data.path("version").asLong(),
            constant(Status.class, data.path("status")),
            optional(data, "expires_at").map(Instant::parse),
            new Tally(data.path("quorum").asInt(1), ballots(data.path("votes"))),
            optional(data, "decided_at").map(at -> ending(data, Instant.parse(at))),
            new Answer(
                constant(DeliveryStatus.class, data.path("delivered")),
                optional(data, "delivery_trouble"))),
        new Offer(actions(data), false, Optional.empty()));
  }

  /// Where decisions are posted.
  public static URI decideUrl(JsonNode event) {
    return URI.create(event.path("data").path("decide_url").asText());
  }

  private static Ending ending(JsonNode data, Instant at) {
    return new Ending(
        data.path("decided_by").asText(),
        data.path("decided_via").asText(),
        at,
        optional(data, "decision_reason"),
        Optional.of(data.path("modified_args"))
            .filter(JsonNode::isObject)
            .map(
                edited ->
                    new Amendment(
                        Json.pretty(edited),
                        parts(data.path("modified_parts")),
                        new Part.Diff("", "changes.diff", data.path("changes").asText()))));
  }

  private static List<Part> parts(JsonNode parts) {
    return parts.valueStream().map(WebhookEvent::part).toList();
  }

  private static Part part(JsonNode part) {
    var label = part.path("label").asText();
    var file = part.path("file_name").asText();
    var text = part.path("text").asText();
    return switch (part.path("kind").asText()) {
      case "code" -> new Part.Code(label, part.path("language").asText(), file, text);
      case "diff" -> new Part.Diff(label, file, text);
      case "json" -> new Part.Json(label, file, text, part.path("quoted").asBoolean());
      case "table" ->
          new Part.Table(
              part.path("rows")
                  .valueStream()
                  .map(row -> new Row(row.path("name").asText(), row.path("value").asText()))
                  .toList());
      default -> new Part.Text(label, file, text);
    };
  }

  private static List<Ballot> ballots(JsonNode votes) {
    return votes
        .valueStream()
        .map(
            vote ->
                new Ballot(
                    vote.path("by").asText(),
                    vote.path("via").asText(),
                    Instant.parse(vote.path("at").asText()),
                    constant(Verdict.class, vote.path("verdict")),
                    optional(vote, "reason")))
        .toList();
  }

  private static List<Action> actions(JsonNode data) {
    return data.path("actions")
        .valueStream()
        .map(action -> constant(Action.class, action.path("action")))
        .toList();
  }

  private static Optional<String> optional(JsonNode data, String name) {
    return Optional.of(data.path(name)).filter(JsonNode::isTextual).map(JsonNode::textValue);
  }

  private static <E extends Enum<E>> E constant(Class<E> type, JsonNode word) {
    return Enum.valueOf(type, word.asText().toUpperCase(Locale.ROOT));
  }
}
