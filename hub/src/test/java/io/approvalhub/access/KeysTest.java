package io.approvalhub.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.approvalhub.TestHub;
import io.approvalhub.database.DataFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The key of a hub that nobody configured.
final class KeysTest {

  private static final Pattern KEY = Pattern.compile("Operator key \\(shown this once\\): (\\S+)");

  private final PrintStream usual = System.out;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @TempDir private Path folder;

  @AfterEach
  void stop() {
    System.setOut(usual);
  }

  @Test
  void aFailedStartUsesNoKeyUp() throws IOException {
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      var port = "micronaut:\n  server: {port: %d}\n".formatted(taken.getLocalPort());
      var file = TestHub.file(folder, "hub:\n  data: " + folder.resolve("data") + "\n" + port);
      assertThatThrownBy(() -> TestHub.start(file).close()).isInstanceOf(RuntimeException.class);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8)).doesNotContain("Operator key");

    try (var hub = TestHub.start(folder, "", true)) {
      assertThat(hub.get(key(), "/v2/approvals").status()).isEqualTo(200);
    }
  }

  @Test
  void itRaisesAndDecidesAndAnotherTakesItsPlace() throws IOException {
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    var call = "{\"tool_name\": \"rm\", \"tool_args\": {}}";
    try (var hub = TestHub.start(folder, "", true)) {
      var raised = hub.post(key(), "/v2/approvals", call);
      assertThat(raised.status()).isEqualTo(201);
      var path = "/v2/approvals/" + raised.json().path("job_id").asText();
      assertThat(hub.post(key(), path + "/approve", "").status()).isEqualTo(200);
      assertThat(hub.get(key(), path).json().path("delivered").asText()).isEqualTo("delivered");
    }
    var first = key();

    try (var data = new DataFolder(folder.resolve("data"))) {
      Keys.renew(data);
    }

    try (var hub = TestHub.start(folder, "", true)) {
      assertThat(hub.get(first, "/v2/approvals").status()).isEqualTo(401);
      assertThat(hub.get(key(), "/v2/approvals").status()).isEqualTo(200);
    }
  }

  @Test
  void anOperatorsConfiguredKeyRaisesNothing() {
    var configuration =
        "hub:\n  keys: {a: {key: alice, role: operator, person: a}}\npeople: {a: {webhook: a}}\n";
    try (var hub = TestHub.start(folder, configuration, true)) {
      var call = "{\"tool_name\": \"rm\", \"tool_args\": {}}";
      assertThat(hub.post("alice", "/v2/approvals", call).status()).isEqualTo(403);
    }
  }

  @Test
  void aDataFolderThatOthersCanEnterIsTightened() throws IOException {
    var data = Files.createDirectory(folder.resolve("data"));
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));

    TestHub.start(folder, "", true, Map.of()).close();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
        .isEqualTo("rwx------");
  }

  /// The key that was printed last.
  private String key() {
    return KEY.matcher(printed.toString(StandardCharsets.UTF_8))
        .results()
        .reduce((_, last) -> last)
        .orElseThrow()
        .group(1);
  }
}
