package io.approvalhub.breaking;

import io.approvalhub.kit.StandardWebhook;
import io.approvalhub.testkit.FakeServer;
import io.approvalhub.testkit.FakeServer.Answer;
import io.approvalhub.testkit.FakeServer.Request;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// The agent that is called back: takes signed calls and remembers them.
final class FakeCallbacks implements AutoCloseable {

  static final String SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
  private static final byte[] KEY = StandardWebhook.key(SECRET).orElseThrow();

  private final FakeServer server = new FakeServer();
  private final List<Called> called = new CopyOnWriteArrayList<>();

  FakeCallbacks() {
    server.on("POST", "/ended/(.*)", "ended", this::ended);
  }

  URI address() {
    return server.address();
  }

  List<Called> called(String job) {
    return called.stream().filter(call -> call.job().equals(job)).toList();
  }

  @Override
  public void close() {
    server.close();
  }

  private Answer ended(Request request) {
    var id = request.header(StandardWebhook.ID).orElse("");
    if (!signed(id, request)) {
      return Answer.of(401);
    }
    var data = request.fields().path("data");
    called.add(
        new Called(
            request.group(1), id, data.path("approved").asBoolean(), data.path("status").asText()));
    return Answer.of(204);
  }

  /// By the hub's own clock, which may have jumped.
  private static boolean signed(String id, Request request) {
    var time = request.header(StandardWebhook.TIMESTAMP).orElse("0");
    return StandardWebhook.verified(
        KEY,
        id,
        time,
        request.header(StandardWebhook.SIGNATURE).orElse(""),
        request.body(),
        Instant.ofEpochSecond(Long.parseLong(time)));
  }

  /// A call that was taken.
  ///
  /// @param id the same whenever the same call is repeated
  record Called(String job, String id, boolean approved, String status) {}
}
