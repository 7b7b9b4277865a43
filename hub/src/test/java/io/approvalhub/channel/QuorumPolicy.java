package io.approvalhub.channel;

import io.approvalhub.approval.Policy;
import io.approvalhub.approval.Terms;
import io.approvalhub.approval.ToolCall;
import io.micronaut.context.annotation.Primary;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// The usual terms, but two people must approve.
@Primary
@Singleton
@Requires(property = "micronaut.test.quorum")
final class QuorumPolicy implements Policy {

  private final ChannelPolicy usual;

  QuorumPolicy(ChannelPolicy usual) {
    this.usual = usual;
  }

  @Override
  public Terms terms(Handle handle, ToolCall call, Instant raisedAt) {
    var terms = usual.terms(handle, call, raisedAt);
    return new Terms(
        terms.shown(), terms.operators(), 2, terms.offers(), terms.timing(), Optional.of("two"));
  }
}
