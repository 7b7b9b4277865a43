package io.approvalhub.slack;

import static org.assertj.core.api.Assertions.assertThat;

import io.approvalhub.plugin.NotificationPlugin;
import io.approvalhub.plugin.Person;
import io.approvalhub.testkit.ChannelContract;
import io.approvalhub.testkit.FakePlatform;
import io.approvalhub.testkit.FakeSlack;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;

/// What both ways into Slack have in common.
abstract class SlackContract extends ChannelContract {

  /// One for all channels of a test, as in the hub.
  final SlackPlugin plugin = new SlackPlugin();

  private final FakeSlack slack;

  SlackContract(FakeSlack.Mode mode) {
    slack = new FakeSlack(mode);
  }

  final FakeSlack slack() {
    return slack;
  }

  @Override
  protected FakePlatform platform() {
    return slack;
  }

  @Override
  protected NotificationPlugin plugin() {
    return plugin;
  }

  @Override
  protected boolean replies() {
    return false;
  }

  @Override
  protected Person person(String name) {
    return new Person("U0" + name.toUpperCase(Locale.ROOT), name);
  }

  @AfterEach
  void noBodyBrokeALimit() {
    assertThat(slack.refusals())
        .noneMatch(refusal -> refusal.contains("invalid_") || refusal.contains("too_long"));
  }
}
