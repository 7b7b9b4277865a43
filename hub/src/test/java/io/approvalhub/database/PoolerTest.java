package io.approvalhub.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.approvalhub.Ports;
import io.approvalhub.TestHub;
import io.approvalhub.plugin.InvalidSettingException;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What stands between a hub and its PostgreSQL and does not keep sessions: signals do not pass it.
final class PoolerTest {

  private static final Path PGBOUNCER = Path.of("/usr/sbin/pgbouncer");
  private static final String RAISED = "{\"tool_name\":\"deploy\",\"tool_args\":{}}";

  private static final String CONFIGURATION =
      """
      hub:
      %speople:
        alice: {telegram: "42"}
        bob: {telegram: "43"}
      agents:
        local: {type: push}
        second: {type: push}
      """
          .formatted(TestHub.KEYS);

  @TempDir private Path folder;

  /// A hub that is refused keeps its folder until the process ends.
  @TempDir private Path refused;

  @Test
  void whereSignalsAreLostTheHubDoesNotStart() {
    var url = Postgres.shared().create("pooled");
    var elsewhere = Postgres.shared().create("elsewhere");
    assertRefused(Map.of("hub.database.url", url, "hub.database.direct-url", elsewhere));
  }

  @Test
  void aHubBehindPgBouncerNeedsTheDirectAddress() throws Exception {
    assumeThat(PGBOUNCER).exists();
    var direct = Postgres.shared().create("bounced");
    var port = Ports.free();
    var pooler = pgBouncer(direct, port);
    try {
      var url = "jdbc:postgresql://127.0.0.1:" + port + "/bounced?user=postgres";
      assertRefused(Map.of("hub.database.url", url));

      var settings = new HashMap<String, Object>();
      settings.put("hub.database.url", url);
      settings.put("hub.database.direct-url", direct);
      try (var one = TestHub.start(folder, CONFIGURATION, false, settings);
          var other = TestHub.start(second(), CONFIGURATION, false, settings)) {
        for (var round = 0; round < 20; round++) {
          assertThat(one.post("ci", "/v2/approvals", RAISED).status()).isEqualTo(201);
        }
        assertThat(other.get("eve", "/v2/approvals").json()).hasSize(20);
      }
    } finally {
      pooler.destroy();
      pooler.waitFor(10, TimeUnit.SECONDS);
    }
  }

  private Path second() throws IOException {
    return Files.createDirectories(folder.resolve("second"));
  }

  private void assertRefused(Map<String, Object> settings) {
    var thrown =
        catchThrowable(() -> TestHub.start(refused, CONFIGURATION, true, settings).close());
    assertThat(Stream.iterate(thrown, Objects::nonNull, Throwable::getCause))
        .filteredOn(InvalidSettingException.class::isInstance)
        .singleElement()
        .extracting(Throwable::getMessage)
        .asString()
        .startsWith("hub.database.url leads through a pooler that does not keep sessions");
  }

  private Process pgBouncer(String direct, int port) throws IOException {
    var server = direct.replaceAll("jdbc:postgresql://([^:/]+):(\\d+)/.*", "host=$1 port=$2");
    var file = folder.resolve("pgbouncer.ini");
    Files.writeString(folder.resolve("users.txt"), "\"postgres\" \"\"\n");
    Files.writeString(
        file,
        """
        [databases]
        bounced = %s dbname=bounced user=postgres
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %d
        unix_socket_dir =
        auth_type = any
        auth_file = %s
        pool_mode = transaction
        ignore_startup_parameters = extra_float_digits
        """
            .formatted(server, port, folder.resolve("users.txt")));
    folder.toFile().setExecutable(true, false);
    folder.toFile().setReadable(true, false);
    var command = new ProcessBuilder(PGBOUNCER.toString(), "-u", "nobody", file.toString());
    var process =
        command
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("pgbouncer.log").toFile())
            .start();
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> answers(port));
    return process;
  }

  private static boolean answers(int port) {
    try (var socket = new Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (IOException _) {
      return false;
    }
  }
}
