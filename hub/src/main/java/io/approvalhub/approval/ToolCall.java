package io.approvalhub.approval;

import java.time.Instant;
import java.util.Optional;

/// A tool call as an agent raised it.
///
/// @param agent the configured agent
/// @param key what makes this the same call when the agent raises it again
/// @param command what is to be run
/// @param claims what the agent says of itself and of the call
/// @param reply how the agent is answered
/// @param span from when until when it waits
public record ToolCall(
    String agent, String key, Command command, Claims claims, Reply reply, Span span) {

  /// Nothing but the agent's own id is needed to answer it.
  public static final String NO_CONTEXT = "{}";

  /// Begins the description of a tool call, of which nothing else is known yet.
  ///
  /// @param arguments the arguments as JSON, exactly as they go back to the agent
  public static ToolCall of(String agent, String key, String tool, String arguments) {
    return new ToolCall(
        agent,
        key,
        new Command(tool, arguments),
        new Claims("", "medium", "", Optional.empty(), ToolAnnotations.NONE),
        new Reply(Optional.empty(), Optional.empty(), NO_CONTEXT, Capabilities.NONE),
        new Span(Optional.empty(), Optional.empty()));
  }

  /// See [Command#tool].
  public String tool() {
    return command.tool();
  }

  /// See [Command#arguments].
  public String arguments() {
    return command.arguments();
  }

  /// See [Claims#worker].
  public String worker() {
    return claims.worker();
  }

  /// See [Claims#risk].
  public String risk() {
    return claims.risk();
  }

  /// See [Claims#reason].
  public String reason() {
    return claims.reason();
  }

  /// See [Claims#session].
  public Optional<String> session() {
    return claims.session();
  }

  /// See [Claims#annotations].
  public ToolAnnotations annotations() {
    return claims.annotations();
  }

  /// See [Reply#upstreamId].
  public Optional<String> upstreamId() {
    return reply.upstreamId();
  }

  /// See [Reply#callback].
  public Optional<String> callback() {
    return reply.callback();
  }

  /// See [Reply#context].
  public String context() {
    return reply.context();
  }

  /// See [Reply#takes].
  public Capabilities takes() {
    return reply.takes();
  }

  /// See [Span#askedAt].
  public Optional<Instant> askedAt() {
    return span.askedAt();
  }

  /// See [Span#expiresAt].
  public Optional<Instant> expiresAt() {
    return span.expiresAt();
  }

  /// The same, asked by this worker within the agent.
  public ToolCall worker(String worker) {
    return with(new Claims(worker, risk(), reason(), session(), annotations()));
  }

  /// The same, rated so by the agent.
  public ToolCall risk(String risk) {
    return with(new Claims(worker(), risk, reason(), session(), annotations()));
  }

  /// The same, asked for this reason.
  public ToolCall reason(String reason) {
    return with(new Claims(worker(), risk(), reason, session(), annotations()));
  }

  /// The same in a conversation of the agent; a blank name is none.
  public ToolCall session(String session) {
    var named = Optional.of(session).filter(name -> !name.isBlank());
    return with(new Claims(worker(), risk(), reason(), named, annotations()));
  }

  /// The same of a tool that says this of itself.
  public ToolCall annotations(ToolAnnotations annotations) {
    return with(new Claims(worker(), risk(), reason(), session(), annotations));
  }

  /// The same under the agent's own name for it.
  public ToolCall upstreamId(String id) {
    return with(new Reply(Optional.of(id), callback(), context(), takes()));
  }

  /// The same, told to an address.
  public ToolCall callback(String address) {
    return with(new Reply(upstreamId(), Optional.of(address), context(), takes()));
  }

  /// The same with what is needed to answer it.
  public ToolCall context(String context) {
    return with(new Reply(upstreamId(), callback(), context, takes()));
  }

  /// The same of an agent that can take this back.
  public ToolCall takes(Capabilities takes) {
    return with(new Reply(upstreamId(), callback(), context(), takes));
  }

  /// The same, asked at this time, if that is known.
  public ToolCall askedAt(Optional<Instant> at) {
    return new ToolCall(agent, key, command, claims, reply, new Span(at, expiresAt()));
  }

  /// The same, waiting until this time, if there is one.
  public ToolCall expiresAt(Optional<Instant> at) {
    return new ToolCall(agent, key, command, claims, reply, new Span(askedAt(), at));
  }

  /// The same call, raised anew after the approval of this id had ended.
  public ToolCall after(String id) {
    return new ToolCall(agent, key + " after " + id, command, claims, reply, span);
  }

  /// What a decision is bound to: the tool and its exact arguments.
  public String digest() {
    return command.digest();
  }

  /// Tells two calls of the same key apart. A tool that says nothing of itself adds nothing, as in
  /// what is stored from before there were annotations.
  String content() {
    return Digest.of(
        "content",
        tool(),
        arguments(),
        worker(),
        risk(),
        reason(),
        session().orElse(""),
        callback().orElse("") + annotations().text());
  }

  /// Whether this is `other`, found where there is more to know of how to answer it.
  boolean completes(ToolCall other) {
    return other.context().equals(NO_CONTEXT)
        && !context().equals(NO_CONTEXT)
        && digest().equals(other.digest());
  }

  /// Whether the agent is to be called when it is decided; otherwise it asks.
  public boolean isTold() {
    return upstreamId().isPresent() || callback().isPresent();
  }

  private ToolCall with(Claims others) {
    return new ToolCall(agent, key, command, others, reply, span);
  }

  private ToolCall with(Reply other) {
    return new ToolCall(agent, key, command, claims, other, span);
  }

  /// What is to be run.
  ///
  /// @param tool the tool to be called
  /// @param arguments the arguments as JSON, exactly as they go back to the agent
  public record Command(String tool, String arguments) {

    String digest() {
      return Digest.of("tool call", tool, arguments);
    }
  }

  /// What the agent says of itself and of the call.
  ///
  /// @param worker who asked within the agent; empty when it did not say
  /// @param risk as the agent rates it
  /// @param reason why the agent asks
  /// @param session the agent's conversation
  /// @param annotations what the tool says of itself
  public record Claims(
      String worker,
      String risk,
      String reason,
      Optional<String> session,
      ToolAnnotations annotations) {}

  /// How the agent is answered.
  ///
  /// @param upstreamId the agent's own name for the approval; empty when it asks the hub for the
  ///     answer
  /// @param callback where the agent wants to be told
  /// @param context what the agent type needs to answer, as JSON; nobody else reads it
  /// @param takes what the agent can take back
  public record Reply(
      Optional<String> upstreamId, Optional<String> callback, String context, Capabilities takes) {}

  /// From when until when it waits.
  ///
  /// @param askedAt when the agent asked, if it says so
  /// @param expiresAt when the hub stops waiting, if it ever does
  public record Span(Optional<Instant> askedAt, Optional<Instant> expiresAt) {}
}
