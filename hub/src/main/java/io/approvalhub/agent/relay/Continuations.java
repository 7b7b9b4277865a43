package io.approvalhub.agent.relay;

import io.approvalhub.agent.Agent.Answer;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.approval.ToolCall;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Tells an agent decisions where its answer is how it goes on: that is spliced into the answer
/// that the client still reads, or kept.
public final class Continuations {

  /// The courier waits this long; the agent may think for longer before it goes on.
  private static final Duration COURIER = Duration.ofSeconds(20);

  private final AgentHub hub;
  private final OpenStreams streams;
  private final RelayMemory memory;
  private final Leftovers leftovers;

  public Continuations(AgentHub hub, OpenStreams streams, RelayMemory memory) {
    this.hub = hub;
    this.streams = streams;
    this.memory = memory;
    leftovers = new Leftovers(hub.clock());
  }

  /// Tells how approvals ended, by one call that is not repeated once it may have come to
  /// something. An answer that comes after the courier has gone on still counts.
  ///
  /// @param approvals the one that the courier tells about, then others that the call tells about
  /// @throws IOException when it provably came to nothing: the client's answer stays open
  public Answer tell(List<ApprovalRecord> approvals, Decision decision) throws IOException {
    var answer = new CompletableFuture<Answer>();
    Thread.ofVirtual()
        .name("continuation:" + approvals.getFirst().id())
        .start(() -> decide(approvals, decision, answer));
    try {
      var inTime = answer.get(COURIER.toMillis(), TimeUnit.MILLISECONDS);
      record(others(approvals), inTime);
      return inTime;
    } catch (TimeoutException _) {
      var seconds = COURIER.toSeconds();
      record(approvals, new Answer(DeliveryStatus.UNKNOWN, "not answered in " + seconds + " s"));
      answer.whenComplete((late, refusal) -> late(approvals, late, refusal));
      return Answer.NONE;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException refusal ? refusal : new IOException(e.getCause());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("The hub stops");
    }
  }

  /// Says that a call about approvals may have been made before, and its answer was lost.
  public Answer lost(List<ApprovalRecord> approvals) {
    var lost = new Answer(DeliveryStatus.UNKNOWN, "a call before this one was not answered");
    opened(approvals).values().forEach(RelayedStream::told);
    record(others(approvals).stream().filter(ApprovalRecord::untold).toList(), lost);
    return approvals.getFirst().untold() ? lost : Answer.NONE;
  }

  /// What the client of a conversation was no longer there for, which is then kept no longer.
  public Optional<byte[]> takeLeftover(String conversation) {
    return leftovers.take(conversation);
  }

  private void decide(
      List<ApprovalRecord> approvals, Decision decision, CompletableFuture<Answer> answer) {
    var opened = opened(approvals);
    try {
      var outcome = decision.outcome(decision.post());
      answer.complete(outcome.answer());
      outcome.continuation().ifPresent(rest -> goOn(rest, opened.values(), decision));
    } catch (IOException refusal) {
      opened.forEach(streams::put);
      opened.clear();
      answer.completeExceptionally(refusal);
    } finally {
      opened.values().forEach(RelayedStream::told);
      answer.complete(new Answer(DeliveryStatus.UNKNOWN, "no answer"));
    }
  }

  private void goOn(InputStream continuation, Collection<RelayedStream> opened, Decision decision) {
    var stream =
        opened.stream()
            .findFirst()
            .orElseGet(
                () ->
                    RelayedStream.withoutClient(
                        new RelayedStream.Origin(hub, decision.finder(), streams, memory)));
    stream.continueWith(continuation, bytes -> leftovers.add(decision.conversation(), bytes));
  }

  private Map<ToolCall, RelayedStream> opened(List<ApprovalRecord> approvals) {
    var opened = new LinkedHashMap<ToolCall, RelayedStream>();
    approvals.forEach(
        one -> streams.take(one.call()).ifPresent(stream -> opened.put(one.call(), stream)));
    return opened;
  }

  private void late(
      List<ApprovalRecord> approvals, @Nullable Answer late, @Nullable Throwable refusal) {
    if (late != null) {
      record(approvals, late.late());
    } else if (refusal != null) {
      approvals.forEach(hub::tellAgain);
    }
  }

  private void record(List<ApprovalRecord> approvals, Answer answer) {
    approvals.forEach(one -> hub.told(one, answer));
  }

  private static List<ApprovalRecord> others(List<ApprovalRecord> approvals) {
    return approvals.subList(1, approvals.size());
  }

  /// One call to an agent.
  public interface Decision {

    /// Makes it.
    UnrepeatableCall.Result post();

    /// What came of it.
    ///
    /// @throws IOException when it provably came to nothing and is to be made again
    Outcome outcome(UnrepeatableCall.Result result) throws IOException;

    /// Looks at how the agent goes on where no client waits.
    ApprovalFinder finder();

    /// What the client can ask for that was no longer there.
    String conversation();
  }

  /// What came of a call.
  ///
  /// @param continuation how the agent goes on, as the client is to read it
  public record Outcome(Answer answer, Optional<InputStream> continuation) {}
}
