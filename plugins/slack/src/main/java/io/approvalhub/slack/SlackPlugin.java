package io.approvalhub.slack;

import io.approvalhub.plugin.Channel;
import io.approvalhub.plugin.Hub;
import io.approvalhub.plugin.NotificationPlugin;
import io.approvalhub.plugin.Settings;
import io.approvalhub.plugin.StandIn;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// Slack, by Socket Mode or by interactions over HTTP.
public final class SlackPlugin implements NotificationPlugin {

  // Slack knows apps, not channels of this hub: the clicks of all channels of one app arrive
  // wherever it likes.
  private final List<SlackChannel> channels = new CopyOnWriteArrayList<>();

  /// What it takes for an answer to every call.
  private static final String ANSWER =
      """
      {"ok": true, "ts": "1.1", "channel": "C0123ABCD", "team_id": "T0123ABCD",
       "user_id": "U0123ABCD", "bot_id": "B0123ABCD"}
      """;

  @Override
  public String name() {
    return "slack";
  }

  @Override
  public Channel open(Settings settings, Hub hub) {
    return SlackChannel.open(SlackSettings.from(settings), hub, channels);
  }

  @Override
  public Optional<String> personIdProblem(String id) {
    return id.matches("([TE][A-Z0-9]{2,}/)?[UW][A-Z0-9]{2,}")
        ? Optional.empty()
        : Optional.of(
            "must be a member id such as U0123ABCD, or T0123ABCD/U0123ABCD for somebody of another"
                + " workspace");
  }

  @Override
  public Optional<StandIn> standIn() {
    return Optional.of(new StandIn(SlackPlugin::example, _ -> ANSWER));
  }

  private static Map<String, Object> example(URI api) {
    return Map.of(
        "api", api + "/api/",
        "bot-token", "xoxb-example",
        "channel", "C0123ABCD",
        "signing-secret", "example");
  }
}
