package io.approvalhub.slack;

import io.approvalhub.testkit.FakeSlack;
import java.util.List;
import java.util.Map;

final class SlackSocketModeTest extends SlackContract {

  SlackSocketModeTest() {
    super(FakeSlack.Mode.SOCKET);
  }

  @Override
  protected List<String> required() {
    return List.of("bot-token", "channel", "app-token");
  }

  @Override
  protected List<String> secrets() {
    return List.of("bot-token", "app-token");
  }

  @Override
  protected Map<String, Object> malformed() {
    return Map.of(
        "api", "slack.com",
        "bot-token", "xapp-1",
        "channel", "#approvals",
        "app-token", "xoxb-1",
        "signing-secret", "both",
        "team", "my-team",
        "app", "my-app");
  }
}
