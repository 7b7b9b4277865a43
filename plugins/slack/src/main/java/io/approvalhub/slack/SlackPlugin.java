package io.approvalhub.slack;

import io.approvalhub.plugin.Channel;
import io.approvalhub.plugin.Hub;
import io.approvalhub.plugin.NotificationPlugin;
import io.approvalhub.plugin.Settings;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Slack, by Socket Mode or by interactions over HTTP.
public final class SlackPlugin implements NotificationPlugin {

  // Slack knows apps, not channels of this hub: the clicks of all channels of one app arrive
  // wherever it likes.
  private final List<SlackChannel> channels = new CopyOnWriteArrayList<>();

  @Override
  public String name() {
    return "slack";
  }

  @Override
  public Channel open(Settings settings, Hub hub) {
    return SlackChannel.open(SlackSettings.from(settings), hub, channels);
  }
}
