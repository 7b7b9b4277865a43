package io.approvalhub.channel;

import io.approvalhub.access.Approvers;
import io.approvalhub.approval.Policy;
import io.approvalhub.approval.Terms;
import io.approvalhub.approval.Terms.Showing;
import io.approvalhub.approval.ToolCall;
import io.approvalhub.configuration.Configuration;
import io.micronaut.context.BeanProvider;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// Shows each approval in every channel that does not restrict itself to other agents, where one of
/// the channel's approvers is enough, for as long as the agent says.
@Singleton
final class ChannelPolicy implements Policy {

  private final List<ChannelSettings> channels;
  private final BeanProvider<Approvers> approvers;

  ChannelPolicy(Configuration configuration, BeanProvider<Approvers> approvers) {
    channels = ChannelSettings.all(configuration);
    this.approvers = approvers;
  }

  @Override
  public Terms terms(Handle handle, ToolCall call, Instant raisedAt) {
    var shown =
        channels.stream()
            .filter(channel -> channel.shows(call.agent()))
            .map(channel -> new Showing(channel.name(), approvers.get().of(channel.name())))
            .toList();
    return Terms.open(shown, call.expiresAt());
  }
}
