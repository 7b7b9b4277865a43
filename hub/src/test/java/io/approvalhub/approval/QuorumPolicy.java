package io.approvalhub.approval;

import io.approvalhub.approval.Terms.Timing;
import io.approvalhub.approval.Terms.Voters;
import io.micronaut.context.annotation.Primary;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Two people must approve, whose keys may decide.
@Primary
@Singleton
@Requires(property = "micronaut.test.quorum")
final class QuorumPolicy implements Policy {

  @Override
  public Terms terms(Handle handle, ToolCall call, Instant raisedAt) {
    return new Terms(
        List.of(),
        Voters.EVERYBODY,
        2,
        EnumSet.allOf(Choice.class),
        new Timing(call.expiresAt(), List.of()),
        Optional.of("two"));
  }
}
