package io.approvalhub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every HTTP client of the JDK that the hub and its plugins use is built in one place, which knows
/// what real servers cannot take.
class HttpClientsTest {

  private static final Path PROJECT = Path.of("..");
  private static final Pattern BUILT =
      Pattern.compile("HttpClient\\s*\\.\\s*new(Builder|HttpClient)\\b|URLConnection\\b");

  @Test
  void onlyTheKitBuildsHttpClients() throws IOException {
    try (var modules = modules()) {
      var builders =
          modules
              .flatMap(HttpClientsTest::sources)
              .filter(source -> BUILT.matcher(text(source)).find())
              .map(source -> source.getFileName().toString())
              .toList();
      assertThat(builders).containsExactly("JsonHttp.java");
    }
  }

  /// The modules that a running hub is made of.
  private static Stream<Path> modules() throws IOException {
    return Stream.concat(
            Stream.of(PROJECT.resolve("hub"), PROJECT.resolve("plugin-api")),
            Files.list(PROJECT.resolve("plugins")))
        .filter(module -> !module.endsWith("testkit"))
        .map(module -> module.resolve("src/main/java"))
        .filter(Files::isDirectory);
  }

  private static Stream<Path> sources(Path folder) {
    try (var files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path source) {
    try {
      return Files.readString(source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
