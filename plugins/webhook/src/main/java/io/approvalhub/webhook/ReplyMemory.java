package io.approvalhub.webhook;

import io.approvalhub.kit.Hmac;
import io.approvalhub.plugin.HttpReply;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/// How calls were answered: one that comes again does nothing and is answered the same.
final class ReplyMemory {

  private final Duration memory;
  private final Map<String, Call> calls = new ConcurrentHashMap<>();
  private final Queue<Call> oldestFirst = new ConcurrentLinkedQueue<>();

  /// @param memory how long a call may come again
  ReplyMemory(Duration memory) {
    this.memory = memory;
  }

  /// Answers a call, unless it was answered before. The second of two at the same moment waits for
  /// the answer of the first.
  ///
  /// @param digest of what the call says
  /// @return empty when the id came with something else before
  Optional<HttpReply> once(String id, byte[] digest, Instant now, Supplier<HttpReply> answer) {
    forget(now);
    while (true) {
      var call = new Call(id, digest, now, new CompletableFuture<>());
      var first = calls.putIfAbsent(id, call);
      if (first == null) {
        return Optional.of(answer(call, answer));
      }
      if (!Hmac.same(first.digest, digest)) {
        return Optional.empty();
      }
      try {
        return Optional.of(first.reply.join());
      } catch (CompletionException _) {
        // it was not answered, so this one may be
      }
    }
  }

  private HttpReply answer(Call call, Supplier<HttpReply> answer) {
    try {
      var reply = answer.get();
      oldestFirst.add(call);
      call.reply.complete(reply);
      return reply;
    } catch (RuntimeException | Error e) {
      // Whoever waits for it tries for itself.
      calls.remove(call.id, call);
      call.reply.completeExceptionally(e);
      throw e;
    }
  }

  private void forget(Instant now) {
    for (var call = oldestFirst.peek();
        call != null && call.at.plus(memory).isBefore(now) && oldestFirst.remove(call);
        call = oldestFirst.peek()) {
      calls.remove(call.id, call);
    }
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Call(String id, byte[] digest, Instant at, CompletableFuture<HttpReply> reply) {}
}
