package io.approvalhub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What every source file of the hub and its plugins keeps to.
final class SourcesTest {

  private static final Path PROJECT = Path.of("..");
  private static final Pattern BUILT =
      Pattern.compile("HttpClient\\s*\\.\\s*new(Builder|HttpClient)\\b|URLConnection\\b");

  /// What the formatter makes of a line of documentation that is too long.
  private static final Pattern BROKEN = Pattern.compile("(?m)^ *///.*\\n *// .*\\n *///");

  /// A constructor, or a record's components, and a body.
  private static final Pattern BUILDER =
      Pattern.compile(
          "(?s)\\n[ a-z]*(record )?[A-Z]\\w*(?:<[^>()]*>)?\\(([^(){};]*)\\)[\\w, <>.]*\\{");

  private static final int MOST_ARGUMENTS = 6;

  /// It knows what real servers cannot take.
  @Test
  void onlyTheKitBuildsHttpClients() throws IOException {
    try (var modules = modules()) {
      var builders =
          modules
              .flatMap(SourcesTest::sources)
              .filter(source -> BUILT.matcher(text(source)).find())
              .map(source -> source.getFileName().toString())
              .toList();
      assertThat(builders).containsExactly("JsonHttp.java");
    }
  }

  @Test
  void noDocumentationIsBrokenByTheFormatter() throws IOException {
    try (var modules = modules()) {
      assertThat(
              modules
                  .flatMap(SourcesTest::sources)
                  .filter(source -> BROKEN.matcher(text(source)).find()))
          .isEmpty();
    }
  }

  /// What stands in JSON is built at one place, beside the names of its fields.
  @Test
  void noConstructorTakesMoreThanSixArguments() throws IOException {
    try (var modules = modules()) {
      assertThat(
              modules
                  .flatMap(SourcesTest::sources)
                  .filter(source -> !text(source).contains("@Serdeable"))
                  .filter(SourcesTest::takesMany))
          .isEmpty();
    }
  }

  private static boolean takesMany(Path source) {
    return BUILDER
        .matcher(text(source))
        .results()
        .map(match -> match.group(2).replaceAll("<[^<>]*(<[^<>]*>)?[^<>]*>", ""))
        .anyMatch(arguments -> arguments.split(",").length > MOST_ARGUMENTS);
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
