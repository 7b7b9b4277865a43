package io.approvalhub.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import io.approvalhub.plugin.HttpCall;
import io.approvalhub.testkit.FakePlatform;
import io.approvalhub.testkit.FakeTelegram;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PollingTest extends TelegramContract {

  @Override
  protected FakePlatform platform() {
    return FakeTelegram.polled();
  }

  @Test
  void nobodyCallsBack() throws IOException {
    var call = new HttpCall("POST", Map.of(), Map.of(), new byte[0]);
    assertThat(channel.receive(call).status()).isEqualTo(404);
  }
}
