package io.approvalhub.webhook;

import io.approvalhub.plugin.NotificationPlugin;
import io.approvalhub.testkit.ChannelContract;
import io.approvalhub.testkit.FakePlatform;
import io.approvalhub.testkit.FakeWebhookReceiver;
import java.util.List;
import java.util.Map;

class WebhookContractTest extends ChannelContract {

  @Override
  protected FakePlatform platform() {
    return new FakeWebhookReceiver();
  }

  @Override
  protected NotificationPlugin plugin() {
    return new WebhookPlugin();
  }

  @Override
  protected List<String> required() {
    return List.of("url", "secret");
  }

  @Override
  protected List<String> secrets() {
    return List.of("secret");
  }

  @Override
  protected Map<String, Object> malformed() {
    return Map.of(
        "url", "ftp://receiver.example",
        "secret", "whsec_c2hvcnQ=",
        "allow-private", "perhaps",
        "timeout", "soon");
  }

  @Override
  protected boolean finds() {
    return true;
  }

  @Override
  protected boolean findsUnseen() {
    return true;
  }

  @Override
  protected boolean speaks() {
    return false;
  }

  @Override
  protected boolean replies() {
    return false;
  }
}
