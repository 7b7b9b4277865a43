package io.approvalhub.approval;

import java.time.Instant;
import java.util.Optional;

/// A tool call as an agent raised it.
///
/// @param agent the configured agent
/// @param key what makes this the same call when the agent raises it again
/// @param upstreamId the agent's own name for the approval; empty when it asks the hub for the
///     answer
/// @param callback where the agent wants to be told
/// @param tool the tool to be called
/// @param arguments the arguments as JSON, exactly as they go back to the agent
/// @param worker who asked within the agent; empty when it did not say
/// @param risk as the agent rates it
/// @param reason why the agent asks
/// @param session the agent's conversation
/// @param context what the agent type needs to answer, as JSON; nobody else reads it
/// @param takes what the agent can take back
/// @param askedAt when the agent asked, if it says so
/// @param expiresAt when the hub stops waiting
public record ToolCall(
    String agent,
    String key,
    Optional<String> upstreamId,
    Optional<String> callback,
    String tool,
    String arguments,
    String worker,
    String risk,
    String reason,
    Optional<String> session,
    String context,
    Capabilities takes,
    Optional<Instant> askedAt,
    Optional<Instant> expiresAt) {

  /// Nothing but the agent's own id is needed to answer it.
  public static final String NO_CONTEXT = "{}";

  /// The same call, raised anew after the approval of this id had ended.
  public ToolCall after(String id) {
    return with(key + " after " + id, context);
  }

  /// The same call, with what is needed to answer it.
  public ToolCall with(String otherContext) {
    return with(key, otherContext);
  }

  /// What a decision is bound to: the tool and its exact arguments.
  public String digest() {
    return Digest.of("tool call", tool, arguments);
  }

  /// Tells two calls of the same key apart.
  String content() {
    return Digest.of(
        "content", tool, arguments, worker, risk, reason, session.orElse(""), callback.orElse(""));
  }

  /// Whether this is `other`, found where there is more to know of how to answer it.
  boolean completes(ToolCall other) {
    return other.context.equals(NO_CONTEXT)
        && !context.equals(NO_CONTEXT)
        && digest().equals(other.digest());
  }

  /// Whether the agent is to be called when it is decided; otherwise it asks.
  public boolean isTold() {
    return upstreamId.isPresent() || callback.isPresent();
  }

  private ToolCall with(String otherKey, String otherContext) {
    return new ToolCall(
        agent,
        otherKey,
        upstreamId,
        callback,
        tool,
        arguments,
        worker,
        risk,
        reason,
        session,
        otherContext,
        takes,
        askedAt,
        expiresAt);
  }
}
