package io.approvalhub.agent.hivegate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.agent.relay.Orphans;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.approval.Digest;
import io.approvalhub.kit.Json;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/// A run of an agent or team that waits for decisions: what its commit needs besides them.
///
/// @param path at which it was started
/// @param request the fields that the commit must repeat, and `run_id`
/// @param calls the keys of all tool calls that it waits for, which are committed together
record Run(String path, ObjectNode request, List<String> calls) {

  private static final String FIELD = "run";

  /// The run that an approval belongs to; empty when it was found in HiveGate's list only.
  static Optional<Run> of(ApprovalRecord approval) {
    try {
      var run = Json.parse(approval.call().context()).path(FIELD);
      return run.path("request") instanceof ObjectNode request
          ? Optional.of(
              new Run(
                  run.path("path").asText(),
                  request,
                  StreamSupport.stream(run.path("calls").spliterator(), false)
                      .map(key -> key.asText())
                      .toList()))
          : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  String context(Orphans orphans) {
    var context = orphans.context();
    var run = context.putObject(FIELD);
    run.put("path", path).set("request", request);
    calls.forEach(run.putArray("calls")::add);
    return Json.text(context);
  }

  String id() {
    return request.path("run_id").asText();
  }

  boolean isTeams() {
    return path.startsWith("/v2/teams/");
  }

  boolean isStreamed() {
    return request.path("stream").asBoolean(true);
  }

  /// What tells this commit from those before and after it in the same run.
  String commit() {
    return "commit " + id() + " " + Digest.of(calls.toArray(String[]::new));
  }
}
