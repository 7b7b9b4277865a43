package io.approvalhub.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.approvalhub.plugin.InvalidSettingException;
import io.approvalhub.plugin.StoppedException;
import io.approvalhub.testkit.FakeHub;
import java.net.InetAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicAddressesTest {

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.9.9.9",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "fc00::1",
        "fd12::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2130706433"
      })
  void anAddressThatTheInternetDoesNotReachIsPrivate(String address) {
    assertThat(PublicAddresses.isPublic(InetAddress.ofLiteral(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "100.128.0.1",
        "172.32.0.1",
        "198.20.0.1",
        "223.255.255.255",
        "2606:4700:4700::1111",
        "2a00:1450::1"
      })
  void theRestIsPublic(String address) {
    assertThat(PublicAddresses.isPublic(InetAddress.ofLiteral(address))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:1/",
        "http://[::1]/",
        "https://[::ffff:10.0.0.1]/x",
        "http://2130706433/",
        "http://169.254.169.254/latest"
      })
  void aPrivateAddressStopsTheStart(String url) {
    try (var hub = new FakeHub("ops")) {
      assertThatThrownBy(() -> hub.open(new WebhookPlugin(), Map.of("url", url, "secret", SECRET)))
          .isInstanceOf(InvalidSettingException.class)
          .hasMessageStartingWith("channels.ops.settings.url leads to a private address");
    }
  }

  @Test
  void aNameOfAPrivateAddressStopsTheChannel() {
    try (var hub = new FakeHub("ops")) {
      hub.open(new WebhookPlugin(), Map.of("url", "http://localhost:1/", "secret", SECRET));
      assertThatThrownBy(() -> hub.show(hub.raise("shell", "{}")))
          .isInstanceOf(StoppedException.class)
          .hasMessageContaining("allow-private");
    }
  }
}
