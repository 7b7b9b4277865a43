package io.approvalhub.api;

import io.approvalhub.agent.Agents;
import io.approvalhub.approval.Capabilities;
import io.approvalhub.approval.Ids;
import io.approvalhub.approval.ToolCall;
import io.approvalhub.http.BodyFields;
import io.approvalhub.http.ProblemException;
import io.approvalhub.kit.Json;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/// Reads the body of `POST /v2/approvals`.
@Singleton
final class RaiseRequests {

  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_REASON = 10_000;
  private static final int LONGEST_ADDRESS = 2000;
  private static final int LONGEST_EXPIRY = (int) Duration.ofDays(365).toSeconds();

  private final Agents agents;
  private final InstantSource clock;
  private final Ids ids;

  RaiseRequests(Agents agents, InstantSource clock, Ids ids) {
    this.agents = agents;
    this.clock = clock;
    this.ids = ids;
  }

  ToolCall call(String agent, BodyFields fields) {
    var expiresIn = fields.number("expires_in", 1, LONGEST_EXPIRY).map(Duration::ofSeconds);
    var call =
        ToolCall.of(
                agent,
                fields.optionalText("idempotency_key", LONGEST_NAME).orElseGet(ids::token),
                fields.text("tool_name", LONGEST_NAME),
                Json.text(fields.object("tool_args")))
            .worker(fields.optionalText("worker_name", LONGEST_NAME).orElse(""))
            .risk(fields.optionalText("risk_level", LONGEST_NAME).orElse("medium"))
            .reason(fields.optionalText("reason", LONGEST_REASON).orElse(""))
            .session(fields.optionalText("session_id", LONGEST_NAME).orElse(""))
            .annotations(AnnotationsJson.read(fields))
            .takes(takes(fields))
            .expiresAt(
                expiresIn
                    .or(() -> agents.expiresIn(agent))
                    .map(wait -> clock.instant().plus(wait)));
    var callback = fields.optionalText("callback_url", LONGEST_ADDRESS);
    fields.refuseUnknown();
    return callback.map(url -> call.callback(callback(agent, url))).orElse(call);
  }

  /// What the agent can take back: what it names; without a word, everything but to remember.
  private static Capabilities takes(BodyFields fields) {
    var named = fields.fields("takes");
    if (named.isEmpty()) {
      return new Capabilities(true, true, Optional.empty());
    }
    var own = named.get();
    var takes =
        new Capabilities(
            own.flag("reason", false),
            own.flag("arguments", false),
            own.optionalText("remembers", LONGEST_NAME));
    own.refuseUnknown();
    return takes;
  }

  private String callback(String agent, String url) {
    try {
      if (agents.callsBack(agent, URI.create(url))) {
        return url;
      }
    } catch (IllegalArgumentException _) {
      // no address at all: the same complaint
    }
    throw ProblemException.invalid(
        "callback_url is not under an address of agents.%s.callbacks".formatted(agent));
  }
}
