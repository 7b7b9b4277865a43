package io.approvalhub.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.approval.ApprovalRecord.Resolution;
import io.approvalhub.kit.Disclosure;
import io.approvalhub.kit.Json;
import io.micronaut.serde.annotation.Serdeable;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// An approval in the API: the seven fields of the HiveGate contract, then ours.
@Serdeable
record ApprovalJson(
    @JsonProperty("job_id") String jobId,
    @JsonProperty("worker_name") String workerName,
    @JsonProperty("tool_name") String toolName,
    @JsonProperty("tool_args") RawJson toolArgs,
    @JsonProperty("risk_level") String riskLevel,
    @JsonProperty("reason") String reason,
    @JsonProperty("timestamp") String timestamp,
    @JsonProperty("agent") String agent,
    @JsonProperty("status") String status,
    @JsonProperty("version") long version,
    @JsonProperty("session_id") @Nullable String sessionId,
    @JsonProperty("tool_annotations") @Nullable RawJson toolAnnotations,
    @JsonProperty("expires_at") @Nullable String expiresAt,
    @JsonProperty("decided_at") @Nullable String decidedAt,
    @JsonProperty("decided_by") @Nullable String decidedBy,
    @JsonProperty("decision_reason") @Nullable String decisionReason,
    @JsonProperty("modified_args") @Nullable RawJson modifiedArgs,
    @JsonProperty("delivered") String delivered,
    @JsonProperty("trouble") @Nullable String trouble,
    @JsonProperty("remember") boolean remember) {

  /// As people may see it: secrets masked, nothing invisible.
  static ApprovalJson shown(ApprovalRecord approval) {
    return of(approval, Disclosure::text, Disclosure::masked);
  }

  /// As its own agent gets it back: exactly.
  static ApprovalJson exact(ApprovalRecord approval) {
    return of(approval.sayable(), text -> text, json -> json);
  }

  private static ApprovalJson of(
      ApprovalRecord approval, UnaryOperator<String> text, UnaryOperator<JsonNode> json) {
    var call = approval.call();
    var resolution = approval.resolution();
    return new ApprovalJson(
        approval.id(),
        text.apply(call.worker()),
        text.apply(call.tool()),
        raw(call.arguments(), json),
        text.apply(call.risk()),
        text.apply(call.reason()),
        approval.raisedAt().toString(),
        call.agent(),
        word(approval.status()),
        approval.version(),
        call.session().map(text).orElse(null),
        AnnotationsJson.written(call.annotations(), text).orElse(null),
        approval.expiresAt().map(Instant::toString).orElse(null),
        resolution.map(Resolution::at).map(Instant::toString).orElse(null),
        approval.decidedBy().orElse(null),
        resolution.flatMap(Resolution::reason).map(text).orElse(null),
        resolution.flatMap(Resolution::arguments).map(args -> raw(args, json)).orElse(null),
        word(approval.delivered()),
        approval.trouble().map(text).orElse(null),
        resolution.map(Resolution::remember).orElse(false));
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static RawJson raw(String arguments, UnaryOperator<JsonNode> json) {
    try {
      return new RawJson(json.apply(Json.parse(arguments.isEmpty() ? "null" : arguments)));
    } catch (IOException e) {
      throw new IllegalStateException("an approval's arguments are no longer JSON", e);
    }
  }
}
