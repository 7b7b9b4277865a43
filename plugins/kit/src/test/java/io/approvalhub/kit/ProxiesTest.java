package io.approvalhub.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.approvalhub.plugin.InvalidSettingException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProxiesTest {

  private static final String PROXY = "http://proxy.corp:3128";

  @Test
  void eachSchemeHasItsProxyInEitherCaseOfLetters() {
    var environment = Map.of("HTTPS_PROXY", PROXY, "http_proxy", "other.corp:8080");
    assertThat(way(environment, "https://slack.com/api/")).isEqualTo("proxy.corp:3128");
    assertThat(way(environment, "http://agent.corp:8000")).isEqualTo("other.corp:8080");
  }

  @Test
  void smallLettersCountFirst() {
    var environment = Map.of("HTTPS_PROXY", PROXY, "https_proxy", "http://small.corp:1");
    assertThat(way(environment, "https://slack.com")).isEqualTo("small.corp:1");
  }

  @Test
  void theLoopbackIsCalledDirectly() {
    var environment = Map.of("HTTPS_PROXY", PROXY, "HTTP_PROXY", PROXY);
    for (var host : List.of("localhost", "a.localhost", "127.0.0.1", "127.8.8.8", "[::1]")) {
      assertThat(way(environment, "http://" + host + ":8000/")).isEqualTo("direct");
      assertThat(way(environment, "https://" + host + "/")).isEqualTo("direct");
    }
  }

  @Test
  void whatIsNamedIsCalledDirectly() {
    var no =
        "corp.example, .inside.example *.star.example 10.0.0.0/8,fd00::/8,192.0.2.7,x.org:8443";
    var environment = Map.of("HTTPS_PROXY", PROXY, "NO_PROXY", no);
    for (var host :
        List.of(
            "corp.example",
            "a.CORP.example",
            "b.inside.example",
            "c.star.example",
            "10.1.2.3",
            "[fd00::5]",
            "192.0.2.7",
            "x.org:8443")) {
      assertThat(way(environment, "https://" + host)).as(host).isEqualTo("direct");
    }
    for (var host :
        List.of("notcorp.example", "11.0.0.1", "[fe00::5]", "192.0.2.8", "x.org", "example")) {
      assertThat(way(environment, "https://" + host)).as(host).isEqualTo("proxy.corp:3128");
    }
    assertThat(way(Map.of("HTTPS_PROXY", PROXY, "no_proxy", "*"), "https://slack.com"))
        .isEqualTo("direct");
  }

  @Test
  void withoutOneTheJavaOptionsCount() {
    var otherwise = ProxySelector.of(new InetSocketAddress("127.0.0.1", 9));
    var proxies = Proxies.of(Map.of("HTTPS_PROXY", " "), otherwise);
    assertThat(way(proxies, "https://slack.com")).isEqualTo("127.0.0.1:9");
  }

  @Test
  void aProxyThatCannotBeUsedIsRefusedWithoutItsPassword() {
    for (var text : List.of("socks5://p:1080", "https://p:443", "http://", "http://a b", "p:x")) {
      assertThatThrownBy(() -> way(Map.of("HTTPS_PROXY", text), "https://slack.com"))
          .isInstanceOf(InvalidSettingException.class)
          .hasMessageStartingWith("HTTPS_PROXY must be the http address of a proxy");
    }
    assertThatThrownBy(() -> way(Map.of("http_proxy", "http://me:secret@p:1"), "http://a"))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageStartingWith("HTTP_PROXY holds a name and a password")
        .message()
        .doesNotContain("secret");
  }

  private static String way(Map<String, String> environment, String address) {
    return way(Proxies.of(environment, ProxySelector.of(null)), address);
  }

  private static String way(ProxySelector proxies, String address) {
    var way = proxies.select(URI.create(address)).getFirst();
    return way.equals(Proxy.NO_PROXY)
        ? "direct"
        : ((InetSocketAddress) way.address()).getHostString()
            + ":"
            + ((InetSocketAddress) way.address()).getPort();
  }
}
