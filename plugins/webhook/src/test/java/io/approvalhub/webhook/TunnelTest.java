package io.approvalhub.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.approvalhub.kit.JsonHttp;
import io.approvalhub.kit.StandardWebhook;
import io.approvalhub.testkit.FakeHub;
import io.approvalhub.testkit.FakeServer;
import io.approvalhub.testkit.FakeServer.Answer;
import io.approvalhub.webhook.PublicAddresses.PrivateAddressException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TunnelTest {

  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final byte[] KEY =
      StandardWebhook.key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").orElseThrow();

  @Test
  void theAddressThatWasJudgedIsTheOneThatIsCalled() throws IOException {
    try (var server = new FakeServer();
        var hub = new FakeHub("ops")) {
      server.on("POST", "/hook", "hook", _ -> Answer.of(204));
      var channel = channel(hub, server, _ -> List.of(LOOPBACK));
      for (var number = 0; number < 3; number++) {
        assertThat(channel.post(hub.raise("shell", "{}")).place()).isEqualTo("webhook");
      }
      channel.close();
      assertThat(server.calls()).hasSize(3);
    }
  }

  @Test
  void aNameThatAnswersDifferentlyTheSecondTimeGetsNowhere() {
    var lookups = new AtomicInteger();
    try (var server = new FakeServer();
        var hub = new FakeHub("ops")) {
      var channel =
          channel(
              hub,
              server,
              _ -> {
                if (lookups.incrementAndGet() > 1) {
                  throw new PrivateAddressException();
                }
                return List.of(LOOPBACK);
              });
      assertThatThrownBy(() -> channel.post(hub.raise("shell", "{}")))
          .isInstanceOf(IOException.class);
      channel.close();
      assertThat(lookups).hasValueGreaterThan(1);
      assertThat(server.calls()).isEmpty();
    }
  }

  @Test
  void certificatesAreCheckedAgainstTheName(@TempDir Path folder) throws Exception {
    var context = certifiedFor("receiver.invalid", folder);
    var server = HttpsServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext("/hook", exchange -> exchange.sendResponseHeaders(204, -1));
    server.start();
    try {
      assertThat(status(context, "receiver.invalid", server)).isEqualTo(204);
      assertThatThrownBy(() -> status(context, "other.invalid", server))
          .hasMessageContaining("SSLHandshakeException");
    } finally {
      server.stop(0);
    }
  }

  private static WebhookChannel channel(FakeHub hub, FakeServer server, Tunnel.Lookup lookup) {
    var url = URI.create("http://receiver.invalid:" + server.address().getPort() + "/hook");
    var settings = new WebhookSettings(url, List.of(KEY), false, Duration.ofSeconds(10));
    return new WebhookChannel(settings, hub, lookup);
  }

  private static int status(SSLContext context, String host, HttpsServer server)
      throws IOException {
    var url = URI.create("https://" + host + ":" + server.getAddress().getPort() + "/hook");
    try (var tunnel = new Tunnel(_ -> List.of(LOOPBACK), url);
        var client = HttpClient.newBuilder().proxy(tunnel.proxy()).sslContext(context).build()) {
      return JsonHttp.send(client, HttpRequest.newBuilder(url).build()).status();
    }
  }

  private static SSLContext certifiedFor(String host, Path folder) throws Exception {
    var file = folder.resolve("keys.p12");
    var keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + host,
                "-ext",
                "san=dns:" + host,
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    assertThat(new String(keytool.getInputStream().readAllBytes(), UTF_8) + keytool.waitFor())
        .endsWith("0");
    var keys = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(file)) {
      keys.load(in, "changeit".toCharArray());
    }
    var owner = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    owner.init(keys, "changeit".toCharArray());
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(keys);
    var context = SSLContext.getInstance("TLS");
    context.init(owner.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
