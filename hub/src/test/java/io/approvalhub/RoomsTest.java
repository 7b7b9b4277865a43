package io.approvalhub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The rooms of the hub and the arrows between them, as its classes have them. CONTRIBUTING.md says
/// what each is for.
final class RoomsTest {

  /// A room knows those before it, and none after it.
  private static final List<String> ROOMS =
      List.of(
          "configuration",
          "log",
          "database",
          "node",
          "access",
          "http",
          "connection",
          "approval",
          "rules",
          "channel",
          "agent",
          "delivery",
          "api",
          "demo",
          "");

  private static final Pattern OURS = Pattern.compile("io/approvalhub/(?:([a-z]+)/)?[\\w/$]+");

  /// What the plugins and the hub share, which are rooms of their own.
  private static final List<String> SHARED = List.of("plugin", "kit");

  private final Map<String, TreeSet<String>> words = words();

  @Test
  void everyArrowPointsToARoomBefore() {
    var wrong = new TreeSet<String>();
    words.forEach(
        (type, names) -> {
          var from = room(type);
          for (var name : names) {
            OURS.matcher(name)
                .results()
                .map(match -> match.group(1) == null ? "" : match.group(1))
                .filter(to -> !SHARED.contains(to))
                .filter(to -> ROOMS.indexOf(to) > ROOMS.indexOf(from))
                .forEach(to -> wrong.add(type + " -> " + to));
          }
        });

    assertThat(ROOMS).containsAll(words.keySet().stream().map(RoomsTest::room).toList());
    assertThat(wrong).isEmpty();
  }

  @Test
  void accessAndApprovalsKnowNoHttp() {
    assertThat(users("io/micronaut/http/", List.of("access", "approval", "database", "node")))
        .isEmpty();
  }

  @Test
  void onlyTheRoomsWithTablesKnowSql() {
    assertThat(users("org/jdbi/", List.of("access", "delivery", "api", "http", "log"))).isEmpty();
  }

  @Test
  void anAgentTypeKnowsNeitherTheDeskNorAnotherType() {
    var wrong = new TreeSet<String>();
    words.forEach(
        (type, names) -> {
          var parts = type.split("/");
          if (room(type).equals("agent") && parts.length > 4 && !parts[3].equals("relay")) {
            for (var name : names) {
              if (name.contains("io/approvalhub/approval/Desk")) {
                wrong.add(type + " -> Desk");
              }
              Pattern.compile("io/approvalhub/agent/([a-z]+)/")
                  .matcher(name)
                  .results()
                  .map(match -> match.group(1))
                  .filter(other -> !List.of(parts[3], "relay").contains(other))
                  .forEach(other -> wrong.add(type + " -> " + other));
            }
          }
        });
    assertThat(wrong).isEmpty();
  }

  private TreeSet<String> users(String what, List<String> rooms) {
    var users = new TreeSet<String>();
    words.forEach(
        (type, names) -> {
          if (rooms.contains(room(type)) && names.stream().anyMatch(name -> name.contains(what))) {
            users.add(type);
          }
        });
    return users;
  }

  private static String room(String type) {
    var parts = type.split("/");
    return parts.length > 3 ? parts[2] : "";
  }

  /// Everything that the constant pool of each class names, by the class, such as
  /// `io/approvalhub/api/Guard`. What Micronaut generates is left out: it may know more.
  private static Map<String, TreeSet<String>> words() {
    try {
      var root =
          Path.of(Application.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      var words = new TreeMap<String, TreeSet<String>>();
      try (var files = Files.walk(root.resolve("io/approvalhub"))) {
        files
            .filter(file -> file.toString().endsWith(".class"))
            .filter(file -> !file.getFileName().toString().startsWith("$"))
            .forEach(file -> words.put(name(root, file), words(file)));
      }
      return words;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String name(Path root, Path file) {
    return root.relativize(file).toString().replace(".class", "");
  }

  private static TreeSet<String> words(Path file) {
    try {
      var names = new TreeSet<String>();
      for (PoolEntry entry : ClassFile.of().parse(file).constantPool()) {
        if (entry instanceof Utf8Entry text && text.stringValue().contains("/")) {
          names.add(text.stringValue());
        }
      }
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
