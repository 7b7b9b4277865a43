package io.approvalhub.kit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class MasksPropertyTest {

  private static final Pattern MASK = Pattern.compile("\\[masked: (\\d+) characters?]");

  /// What shells, templates and languages read as more than itself.
  private static final Pattern READ = Pattern.compile("[\\s\"'`$;&|<>(){}\\[\\]*?!~#%^,\\\\]");

  /// Stands for a name in the texts below, another one in each place.
  private static final String PROGRAM = "PROGRAM";

  /// Functions that run what is behind their options, and programs that say that they ran.
  private static final String SHELL =
      """
      exec 3>&1
      PATH=/nonexistent
      sudo() {
        while :; do
          case $1 in -p) shift 2 || return;; *=*) shift;; *) break;; esac
        done
        "$@"
      }
      env() {
        while :; do
          case $1 in -u) shift 2 || return;; *=*) shift;; *) break;; esac
        done
        "$@"
      }
      for name in $NAMES; do eval "$name() { echo $name >&3; }"; done
      for text; do ( eval "$text" ) </dev/null >/dev/null 2>&1; done
      """;

  @Property
  void everythingAroundASecretIsShown(
      @ForAll("around") String before,
      @ForAll("secrets") Secret secret,
      @ForAll("around") String after) {
    var shown = "[masked: %d characters]".formatted(secret.value.length());
    var form = " %s%s" + secret.end + " ";
    assertThat(Masks.masked(before + form.formatted(secret.start, secret.value) + after))
        .isEqualTo(before + form.formatted(secret.start, shown) + after);
  }

  @Property
  void aMaskCoversOnlyWhatMeansNothingToAShell(@ForAll("texts") String text) {
    assertThat(hidden(text, Masks.masked(text))).doesNotContainPattern(READ);
  }

  @Property
  void aMaskCoversNothingThatNoSecretIsIn(@ForAll("around") String text) {
    assertThat(Masks.masked(text)).isEqualTo(text);
  }

  /// Runs them.
  @Property(tries = 40)
  void whatAMaskCoversIsNotRun(@ForAll("manyTexts") List<String> texts) throws Exception {
    assumeThat(Path.of("/bin/sh")).exists();
    var names = new ArrayList<String>();
    var named = texts.stream().map(text -> withNames(text, names)).toList();
    var shown = named.stream().map(Masks::masked).collect(Collectors.joining("\n"));
    assertThat(ran(named, names)).allSatisfy(name -> assertThat(shown).contains(name));
  }

  @Provide
  static Arbitrary<String> around() {
    return Arbitraries.of(
            "rm",
            "-rf",
            "/tmp/x",
            "curl",
            "https://a.example/x?y=1&z",
            "a@b.example",
            "|",
            "sh",
            ";",
            "&&",
            "$(",
            ")",
            "`",
            "\"",
            "'",
            "\\",
            "\n",
            "\t",
            " ",
            "{{",
            "}}",
            "%20",
            "x=1",
            "--flag",
            "key:",
            "<",
            ">",
            "*",
            "~",
            "#",
            "\u00e4",
            "\ud83d\ude00",
            "\u202e",
            "[",
            "]",
            "{",
            "}",
            "!")
        .list()
        .ofMaxSize(12)
        .map(parts -> String.join("", parts));
  }

  @Provide
  static Arbitrary<Secret> secrets() {
    var carriers =
        Arbitraries.of(
            new Secret("PASSWORD=", "hunter2hunter2", ""),
            new Secret("--api-key ", "abcdef0123456789", ""),
            new Secret("-H 'Authorization: Bearer ", "abcdef0123456789", "'"),
            new Secret("'{\"token\":\"", "abcdef0123456789", "\"}'"),
            new Secret("postgres://app:", "pa55word", "@db.example/x"),
            new Secret("https://a.example/?access_token=", "abcdef0123456789", "&x=1"),
            new Secret("", "ghp_abcdefghijklmnop1234", ""),
            new Secret("", "sk-proj-abcdefgh12345678", ";"),
            new Secret("", "AKIAIOSFODNN7EXAMPLE", "|"),
            new Secret("", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_d", ")"));
    return carriers;
  }

  @Provide
  static Arbitrary<String> texts() {
    return Arbitraries.of(
            "token",
            "password",
            "TOKEN",
            "x",
            "authorization",
            "Authorization",
            "cookie",
            "--token",
            "--password ",
            "-p",
            "api_key",
            "=",
            "=",
            ":",
            ": ",
            "; ",
            ";",
            "& ",
            "&& ",
            "|",
            "(",
            ")",
            "{ ",
            "}",
            "\"",
            "'",
            "\\",
            "`",
            "$(",
            "$token",
            "$TOKEN",
            "${TOKEN",
            "%41",
            "@",
            "/",
            "-",
            "+=",
            "\n",
            " ",
            " ",
            "\t",
            "Bearer ",
            "bearer ",
            "Basic ",
            "env ",
            "env -u ",
            "exec ",
            "eval ",
            "sudo ",
            "sudo -p ",
            "command ",
            "then ",
            "if ",
            "alias ",
            "a=1",
            "export ",
            "Cookie: a=1; sid=",
            "://u:",
            "@h",
            ":=",
            "-----BEGIN A-----",
            "!",
            "#",
            "$",
            "[",
            "]",
            ",",
            "~",
            "*",
            "?",
            ".",
            PROGRAM,
            PROGRAM,
            PROGRAM,
            PROGRAM,
            " " + PROGRAM,
            " " + PROGRAM)
        .list()
        .ofMinSize(2)
        .ofMaxSize(12)
        .map(parts -> String.join("", parts));
  }

  @Provide
  static Arbitrary<List<String>> manyTexts() {
    return texts().list().ofSize(50);
  }

  private static String withNames(String text, List<String> names) {
    var named = text;
    while (named.contains(PROGRAM)) {
      var name =
          "run"
              + IntStream.of(names.size() / 676, names.size() / 26 % 26, names.size() % 26)
                  .mapToObj(letter -> String.valueOf((char) ('a' + letter)))
                  .collect(Collectors.joining());
      names.add(name);
      named = named.replaceFirst(PROGRAM, name);
    }
    return named;
  }

  private static List<String> ran(List<String> texts, List<String> names)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("/bin/sh", "-c", SHELL, "sh"));
    command.addAll(texts);
    var folder = Files.createTempDirectory("masks");
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("NAMES", String.join(" ", names));
    var shell = builder.start();
    shell.getOutputStream().close();
    var output = new String(shell.getInputStream().readAllBytes(), UTF_8);
    shell.waitFor();
    Files.delete(folder);
    return output.lines().toList();
  }

  /// What the masks cover, and that everything else is as it was.
  private static String hidden(String text, String shown) {
    var hidden = new StringBuilder();
    var mask = MASK.matcher(shown);
    var at = 0;
    var end = 0;
    while (mask.find()) {
      assertThat(text.substring(at)).startsWith(shown.substring(end, mask.start()));
      at += mask.start() - end;
      var after = text.offsetByCodePoints(at, Integer.parseInt(mask.group(1)));
      hidden.append(text, at, after);
      at = after;
      end = mask.end();
    }
    assertThat(text.substring(at)).isEqualTo(shown.substring(end));
    return hidden.toString();
  }

  private record Secret(String start, String value, String end) {}
}
