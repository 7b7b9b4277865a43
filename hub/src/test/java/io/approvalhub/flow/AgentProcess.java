package io.approvalhub.flow;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Verdict;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The fake of an agent as a process of its own, which prints one line of JSON when it is ready and
/// another for each line that it is told.
final class AgentProcess implements AutoCloseable {

  private final Process process;
  private final BufferedWriter in;
  private final BufferedReader out;
  private final JsonNode ready;

  /// @param fake has the `main`
  AgentProcess(Class<?> fake) {
    try {
      process = spawn(fake);
      in = process.outputWriter();
      out = process.inputReader();
      ready = line();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What it printed when it was ready.
  JsonNode ready() {
    return ready;
  }

  /// Waits for what it says to this line.
  synchronized JsonNode tell(String line) {
    try {
      in.write(line + "\n");
      in.flush();
      return line();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The same where it answers with decisions, in the words of the agent.
  List<Verdict> verdicts(String line) {
    var verdicts = new ArrayList<Verdict>();
    tell(line).forEach(word -> verdicts.add(verdict(word.asText())));
    return verdicts;
  }

  static Verdict verdict(String word) {
    return switch (word) {
      case "true", "approve", "approved" -> Verdict.APPROVE;
      case "false", "deny", "denied" -> Verdict.DENY;
      default -> throw new AssertionError("no agent says '" + word + "'");
    };
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private JsonNode line() throws IOException {
    var line = out.readLine();
    if (line == null) {
      throw new IOException("the agent ended");
    }
    return Json.parse(line);
  }

  private static Process spawn(Class<?> fake) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            fake.getName())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
