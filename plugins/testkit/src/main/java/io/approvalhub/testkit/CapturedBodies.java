package io.approvalhub.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Writes the bodies that a fake took to the file that the system property `testkit.bodies` names,
/// one JSON object a line, to be checked against the platform's own schema.
final class CapturedBodies {

  private static final String FILE = System.getProperty("testkit.bodies", "");

  private CapturedBodies() {}

  static synchronized void add(String platform, String call, String method, JsonNode body) {
    if (FILE.isEmpty()) {
      return;
    }
    var line = Json.object().put("platform", platform).put("call", call).put("method", method);
    try {
      Files.writeString(
          Path.of(FILE),
          Json.text(line.set("body", body)) + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
