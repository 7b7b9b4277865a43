package io.approvalhub.api;

import static io.approvalhub.access.Role.AGENT;
import static io.approvalhub.access.Role.OBSERVER;
import static io.approvalhub.access.Role.OPERATOR;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.access.Actor;
import io.approvalhub.access.Caller;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.approval.Changes;
import io.approvalhub.approval.CrowdedException;
import io.approvalhub.approval.DecisionResult;
import io.approvalhub.approval.Desk;
import io.approvalhub.approval.RaiseResult;
import io.approvalhub.approval.Selection;
import io.approvalhub.approval.Statistics;
import io.approvalhub.approval.ToolCall;
import io.approvalhub.approval.Vote;
import io.approvalhub.connection.Backoff;
import io.approvalhub.http.BodyFields;
import io.approvalhub.http.Problem;
import io.approvalhub.http.ProblemException;
import io.approvalhub.http.Roles;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.approvalhub.plugin.Approval.Status;
import io.approvalhub.plugin.Verdict;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.uri.UriBuilder;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The API under `/v2/approvals`: HiveGate's contract, and what it lacks.
@Roles({AGENT, OPERATOR, OBSERVER})
@Controller(value = "/v2/approvals", consumes = MediaType.ALL)
@ExecuteOn(TaskExecutors.BLOCKING)
final class ApprovalController {

  private static final byte[] NONE = {};
  private static final Pattern ID = Pattern.compile("[0-9a-z]{26}");
  private static final Pattern PRINTABLE = Pattern.compile("[!-~]{1,100}");
  private static final String DEFAULT_LIMIT = "100";
  private static final int MOST_BULK = 100;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private final Desk desk;
  private final Changes changes;
  private final RaiseRequests raiseRequests;
  private final Statistics statistics;

  ApprovalController(
      Desk desk, Changes changes, RaiseRequests raiseRequests, Statistics statistics) {
    this.desk = desk;
    this.changes = changes;
    this.raiseRequests = raiseRequests;
    this.statistics = statistics;
  }

  /// Lists what waits, oldest first, or what ended in another `status`, newest first.
  @Get
  List<ApprovalJson> list(
      Caller caller,
      @QueryValue Optional<String> status,
      @QueryValue Optional<String> agent,
      @QueryValue Optional<String> limit,
      @QueryValue Optional<String> after) {
    var most = limit(limit.orElse(DEFAULT_LIMIT));
    var own = caller.role() == AGENT ? caller.agent() : agent;
    if (!own.equals(agent) && agent.isPresent()) {
      throw new ProblemException(
          HttpStatus.FORBIDDEN, "This key sees the approvals of its own agent only");
    }
    return desk.list(new Selection(Optional.of(status(status)), own, after(after), most)).stream()
        .map(approval -> json(caller, approval))
        .toList();
  }

  /// Gets one approval in any status; with `wait`, once it no longer waits or at the end of that
  /// time.
  @Get("/{id}")
  ApprovalJson get(Caller caller, @PathVariable String id, @QueryValue Optional<String> wait)
      throws InterruptedException {
    var atMost = wait.map(ApprovalController::wait).orElse(Duration.ZERO);
    var approval = changes.await(id, atMost, () -> visible(caller, id), found -> !found.pending());
    return json(caller, received(caller, approval));
  }

  /// Raises an approval.
  @Post
  @Roles({AGENT, OPERATOR})
  HttpResponse<ApprovalJson> raise(Caller caller, HttpRequest<byte[]> request) {
    var agent =
        caller
            .agent()
            .orElseThrow(
                () ->
                    new ProblemException(
                        HttpStatus.FORBIDDEN, "A key of role operator may not do this"));
    var call = raiseRequests.call(agent, fields(request));
    return switch (raise(call)) {
      case RaiseResult.Fresh(var approval) ->
          HttpResponse.created(
              json(caller, approval), UriBuilder.of("/v2/approvals").path(approval.id()).build());
      case RaiseResult.Known(var approval) -> HttpResponse.ok(json(caller, approval));
      case RaiseResult.Conflict _ ->
          throw new ProblemException(
              HttpStatus.CONFLICT, "idempotency_key was used before with other content");
    };
  }

  private RaiseResult raise(ToolCall call) {
    try {
      return desk.raise(call);
    } catch (CrowdedException e) {
      throw new ProblemException(HttpStatus.TOO_MANY_REQUESTS, Backoff.reason(e));
    }
  }

  /// Approves or denies.
  @Post("/{id}/decide")
  @Roles(OPERATOR)
  DecisionJson decide(Caller caller, @PathVariable String id, HttpRequest<byte[]> request) {
    var fields = fields(request);
    return decide(caller, id, ruling(fields.flag("approved"), fields));
  }

  /// The same without the need of a body.
  @Post("/{id}/approve")
  @Roles(OPERATOR)
  DecisionJson approve(Caller caller, @PathVariable String id, HttpRequest<byte[]> request) {
    return decide(caller, id, ruling(true, agreeing(true, fields(request))));
  }

  @Post("/{id}/deny")
  @Roles(OPERATOR)
  DecisionJson deny(Caller caller, @PathVariable String id, HttpRequest<byte[]> request) {
    return decide(caller, id, ruling(false, agreeing(false, fields(request))));
  }

  /// Withdraws an approval that waits.
  @Post("/{id}/cancel")
  @Roles({AGENT, OPERATOR})
  DecisionJson cancel(Caller caller, @PathVariable String id, HttpRequest<byte[]> request) {
    var fields = fields(request);
    var reason = fields.optionalText("reason", Vote.LONGEST_REASON);
    fields.refuseUnknown();
    var call = visible(caller, id).call();
    var byAgent = caller.role() == AGENT;
    var by = byAgent ? call.agent() : caller.getName();
    var knows = byAgent && call.upstreamId().isEmpty();
    return answer(desk.cancel(id, by, byAgent ? "agent" : "api", reason, knows));
  }

  /// Decides up to 100 approvals; one that fails does so alone.
  @Post("/bulk")
  @Roles(OPERATOR)
  List<BulkJson> bulk(Caller caller, HttpRequest<byte[]> request) {
    var items = BodyFields.parse(request.getBody().orElse(NONE));
    if (!items.isArray() || items.size() > MOST_BULK) {
      throw ProblemException.invalid(
          "the body must be an array of at most " + MOST_BULK + " items");
    }
    return Stream.iterate(0, index -> index < items.size(), index -> index + 1)
        .map(index -> item(caller, items.get(index), index))
        .toList();
  }

  /// Counts per tool.
  @Get("/stats")
  List<ToolCountsJson> stats(Caller caller, @QueryValue Optional<String> tool) {
    return statistics.tools(scope(caller), tool).stream().map(ToolCountsJson::of).toList();
  }

  /// Counts over everything.
  @Get("/summary")
  CountsJson summary(Caller caller) {
    return CountsJson.of(statistics.summary(scope(caller)));
  }

  private static Optional<String> scope(Caller caller) {
    return caller.role() == AGENT ? caller.agent() : Optional.empty();
  }

  private BulkJson item(Caller caller, JsonNode item, int index) {
    var id = item.path("id").asText("");
    try {
      var fields = BodyFields.of(item, "item " + index);
      var approval = fields.text("id", 100);
      var verdict = verdict(fields.text("action", 10));
      var reason = fields.optionalText("reason", Vote.LONGEST_REASON);
      fields.refuseUnknown();
      var ruling = new Vote(verdict, reason, Optional.empty(), false);
      return BulkJson.of(decide(caller, approval, ruling));
    } catch (ProblemException e) {
      return BulkJson.of(id, e.problem());
    }
  }

  private DecisionJson decide(Caller caller, String id, Vote ruling) {
    return answer(desk.decide(id(id), new Actor.KeyHolder(caller), ruling));
  }

  private static DecisionJson answer(DecisionResult outcome) {
    return switch (outcome) {
      case DecisionResult.Success(var approval) -> DecisionJson.of(approval);
      case DecisionResult.Late(var approval) -> throw tooLate(approval);
      case DecisionResult.Refusal(var why) -> throw new ProblemException(HttpStatus.FORBIDDEN, why);
      case DecisionResult.Objection(var why) -> throw ProblemException.invalid(why);
      case DecisionResult.Missing _ -> throw unknown();
    };
  }

  private static ProblemException tooLate(ApprovalRecord approval) {
    var resolution = approval.resolution().orElseThrow();
    if (approval.status() == Status.EXPIRED) {
      return new ProblemException(HttpStatus.GONE, "Expired at " + resolution.at());
    }
    return new ProblemException(
        HttpStatus.CONFLICT,
        "Already %s by %s via %s at %s"
            .formatted(
                ApprovalJson.word(approval.status()),
                resolution.by(),
                resolution.via(),
                resolution.at()));
  }

  private ApprovalRecord visible(Caller caller, String id) {
    return desk.find(id(id))
        .filter(approval -> caller.sees(approval.call().agent()))
        .orElseThrow(ApprovalController::unknown);
  }

  /// An agent that asks instead of being told has the decision when it gets this answer.
  private ApprovalRecord received(Caller caller, ApprovalRecord approval) {
    var own = caller.agent().filter(approval.call().agent()::equals).isPresent();
    var asks = own && !approval.call().isTold();
    if (asks && !approval.pending() && approval.delivered() == DeliveryStatus.WAITING) {
      desk.told(approval.id(), DeliveryStatus.DELIVERED, "asked");
      return desk.find(approval.id()).orElseThrow();
    }
    return approval;
  }

  private static ApprovalJson json(Caller caller, ApprovalRecord approval) {
    return caller.role() == AGENT ? ApprovalJson.exact(approval) : ApprovalJson.shown(approval);
  }

  private static BodyFields fields(HttpRequest<byte[]> request) {
    return BodyFields.of(request.getBody().orElse(NONE));
  }

  /// A body that says the contrary of its path is a mistake.
  private static BodyFields agreeing(boolean approved, BodyFields fields) {
    if (fields.flag("approved", approved) != approved) {
      throw ProblemException.invalid("approved must be %s on this path".formatted(approved));
    }
    return fields;
  }

  private static Vote ruling(boolean approved, BodyFields fields) {
    var verdict = approved ? Verdict.APPROVE : Verdict.DENY;
    var reason = fields.optionalText("reason", Vote.LONGEST_REASON);
    var arguments = fields.optionalObject("modified_args").map(Json::text);
    var ruling = new Vote(verdict, reason, arguments, fields.flag("remember", false));
    fields.refuseUnknown();
    return ruling;
  }

  private static ProblemException unknown() {
    return new ProblemException(HttpStatus.NOT_FOUND, "There is no such approval");
  }

  private static Verdict verdict(String action) {
    return switch (action) {
      case "approve" -> Verdict.APPROVE;
      case "deny" -> Verdict.DENY;
      default -> throw ProblemException.invalid("action must be approve or deny");
    };
  }

  private static Status status(Optional<String> text) {
    return Stream.of(Status.values())
        .filter(status -> ApprovalJson.word(status).equals(text.orElse("pending")))
        .findFirst()
        .orElseThrow(
            () ->
                ProblemException.invalid(
                    "status must be pending, approved, denied, cancelled or expired"));
  }

  private static String after(Optional<String> text) {
    text.filter(id -> !ID.matcher(id).matches())
        .ifPresent(
            _ -> {
              throw ProblemException.invalid("after must be a job_id: 26 of 0-9 and a-z");
            });
    return text.orElse("");
  }

  /// What has not the form of an id is no approval's, and no statement is run for it.
  private static String id(String text) {
    if (!PRINTABLE.matcher(text).matches()) {
      throw ProblemException.invalid("job_id must be 26 characters of 0-9 and a-z");
    }
    if (!ID.matcher(text).matches()) {
      throw unknown();
    }
    return text;
  }

  private static int limit(String text) {
    if (!text.matches("\\d{1,3}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > Selection.MOST) {
      throw ProblemException.invalid("limit must be a whole number from 1 to " + Selection.MOST);
    }
    return Integer.parseInt(text);
  }

  private static Duration wait(String text) {
    var digits = text.endsWith("s") ? text.substring(0, text.length() - 1) : text;
    if (!digits.matches("\\d{1,2}") || Integer.parseInt(digits) > LONGEST_WAIT.toSeconds()) {
      throw ProblemException.invalid("wait must be from 0s to 60s");
    }
    return Duration.ofSeconds(Integer.parseInt(digits));
  }

  /// The answer to a decision.
  @Serdeable
  record DecisionJson(@JsonProperty("job_id") String jobId, String status, String message) {
    static DecisionJson of(ApprovalRecord approval) {
      var status = ApprovalJson.word(approval.status());
      return new DecisionJson(approval.id(), status, "Tool call " + status);
    }
  }

  /// What became of one item of a bulk request.
  ///
  /// @param status of the approval, when the item was carried out
  /// @param error what was wrong, when it was not
  @Serdeable
  record BulkJson(
      String id, @Nullable String status, @Nullable String message, @Nullable Problem error) {
    static BulkJson of(DecisionJson decision) {
      return new BulkJson(decision.jobId(), decision.status(), decision.message(), null);
    }

    static BulkJson of(String id, Problem problem) {
      return new BulkJson(id, null, null, problem);
    }
  }
}
