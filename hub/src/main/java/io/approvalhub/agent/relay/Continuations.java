package io.approvalhub.agent.relay;

import io.approvalhub.agent.Agent.Answer;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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

  /// Tells how approvals ended, by one call that is never repeated. An answer that comes after the
  /// courier has gone on still counts.
  ///
  /// @param approvals the one that the courier tells about, then others that the call tells about
  public Answer tell(List<ApprovalRecord> approvals, Decision decision)
      throws InterruptedIOException {
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
      answer.thenAccept(late -> record(approvals, late.late()));
      return Answer.NONE;
    } catch (InterruptedException | ExecutionException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("The hub stops");
    }
  }

  /// Says that a call about approvals may have been made before, and its answer was lost.
  public Answer lost(List<ApprovalRecord> approvals) {
    var lost = new Answer(DeliveryStatus.UNKNOWN, "a call before this one was not answered");
    opened(approvals).forEach(RelayedStream::told);
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
      var result = decision.post();
      answer.complete(answer(result, decision));
      decision.continuation(result).ifPresent(rest -> goOn(rest, opened, decision));
    } finally {
      opened.forEach(RelayedStream::told);
      answer.complete(new Answer(DeliveryStatus.UNKNOWN, "no answer"));
    }
  }

  private static Answer answer(UnrepeatableCall.Result result, Decision decision) {
    return switch (result) {
      case UnrepeatableCall.Result.Answered(var response) -> decision.answer(response);
      case UnrepeatableCall.Result.Lost(var why) ->
          new Answer(DeliveryStatus.UNKNOWN, "no answer: " + why);
      case UnrepeatableCall.Result.NotSent(var why) ->
          new Answer(DeliveryStatus.GONE, "not reached: " + why);
    };
  }

  private void goOn(InputStream continuation, List<RelayedStream> opened, Decision decision) {
    var stream =
        opened.isEmpty()
            ? RelayedStream.withoutClient(
                new RelayedStream.Origin(hub, decision.finder(), streams, memory))
            : opened.getFirst();
    stream.continueWith(continuation, bytes -> leftovers.add(decision.conversation(), bytes));
  }

  private List<RelayedStream> opened(List<ApprovalRecord> approvals) {
    return approvals.stream().flatMap(one -> streams.take(one.call()).stream()).toList();
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

    /// What an answer means.
    Answer answer(HttpResponse<InputStream> response);

    /// How the agent goes on, as the client is to read it.
    Optional<InputStream> continuation(UnrepeatableCall.Result result);

    /// Looks at how the agent goes on where no client waits.
    ApprovalFinder finder();

    /// What the client can ask for that was no longer there.
    String conversation();
  }
}
