package io.approvalhub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `hub/approval-hub` in a folder of its own, on a machine that has only what a test puts there:
/// Javas and a Maven that say how they were called.
class LauncherTest {

  private static final List<String> TOOLS =
      List.of(
          "cat",
          "cp",
          "dirname",
          "find",
          "mkdir",
          "mv",
          "readlink",
          "rm",
          "sed",
          "sh",
          "sleep",
          "touch");

  private static final String JAVA =
      """
      #!/bin/sh
      case "$1" in -version) echo 'openjdk version "%1$s" 2026-01-01' >&2; exit ;; esac
      for word; do
        case $word in -XX:AOTCacheOutput=*) echo rehearsed >>"%2$s/rehearsals" ;; esac
      done
      echo "%1$s: $*"
      """;

  @TempDir Path machine;

  private final Map<String, String> environment = new TreeMap<>();
  private Path project;
  private Path launcher;

  @BeforeEach
  void install() throws IOException {
    project = machine.resolve("a project");
    launcher = project.resolve("hub/approval-hub");
    Files.createDirectories(project.resolve("hub/target/lib"));
    Files.createFile(project.resolve("hub/target/approval-hub.jar"));
    var script = Files.readString(Path.of("approval-hub"));
    for (var folder : List.of("/usr/lib/jvm", "/usr/java", "/opt/java", "/opt", "/Library/Java")) {
      script = script.replace(" " + folder + "/", " '" + machine + "'" + folder + "/");
    }
    executable(launcher, script);
    for (var tool : TOOLS) {
      Files.createDirectories(machine.resolve("tools"));
      Files.createSymbolicLink(machine.resolve("tools/" + tool), real(tool));
    }
    environment.put("PATH", machine.resolve("tools").toString());
    environment.put("HOME", machine.resolve("home").toString());
  }

  @Test
  void theJavaOfTheEnvironmentComesFirst() throws Exception {
    java("usr/lib/jvm/jdk-26", "26");
    environment.put("JAVA_HOME", java("mine", "25.0.3").toString());
    assertThat(run("help").output()).startsWith("25.0.3: ").endsWith("approval-hub.jar help\n");
  }

  @Test
  void aJavaOnThePathIsFoundBehindItsLinks() throws Exception {
    var java = java("anywhere/jdk-25", "25").resolve("bin/java");
    Files.createSymbolicLink(machine.resolve("tools/java"), java);
    assertThat(run("help").output()).startsWith("25: ");
  }

  @Test
  void olderJavasAreLeftOut() throws Exception {
    environment.put("JAVA_HOME", java("old", "17.0.15").toString());
    java("usr/lib/jvm/jdk-21", "21");
    java("usr/lib/jvm/jdk-8", "1.8.0_392");
    java("opt/jdk 25", "25-ea");
    assertThat(run("help").output()).startsWith("25-ea: ");
  }

  @Test
  void theFoldersOfOneUserAreSearched() throws Exception {
    java("home/.jdks/temurin-25", "25.0.1");
    assertThat(run("help").output()).startsWith("25.0.1: ");
    java("home/.sdkman/candidates/java/25.0.2-tem", "25.0.2");
    assertThat(run("help").output()).startsWith("25.0.2: ");
  }

  @Test
  void aJavaThatDoesNotSayItsVersionInAFileIsAsked() throws Exception {
    var home = java("opt/jdk", "27");
    Files.delete(home.resolve("release"));
    assertThat(run("help").output()).startsWith("27: ");
  }

  @Test
  void withoutJavaItSaysWhatToInstall() throws Exception {
    java("usr/lib/jvm/jdk-21", "21");
    var ended = run("demo");
    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.errors())
        .isEqualTo(
            "approval-hub: Java 25 or newer is needed; install a JDK 25, for example from"
                + " https://adoptium.net\n");
  }

  @Test
  void servingTakesTheConfigurationBesideItUnlessToldOtherwise() throws Exception {
    java("opt/jdk", "25");
    assertThat(run("serve", "--port", "0").output())
        .endsWith("serve --port 0 --config " + project + "/config/hub.yml\n");
    assertThat(run("serve", "--config", "my hub.yml").output())
        .endsWith("serve --config my hub.yml\n");
  }

  @Test
  void itRunsThroughALinkFromAnyFolder() throws Exception {
    java("opt/jdk", "25");
    var link = machine.resolve("tools/ah");
    Files.createSymbolicLink(link, Path.of("../a project/hub/approval-hub"));
    assertThat(run(link, "help").output())
        .contains("-jar " + project.toRealPath() + "/hub/target/approval-hub.jar help");
  }

  @Test
  void optionsForJavaComeLast() throws Exception {
    java("opt/jdk", "25");
    environment.put("JAVA_OPTS", "-Xmx1g -Dx=y");
    assertThat(run("help").output()).contains(" -Xmx1g -Dx=y -jar ");
  }

  @Test
  void aHubWithoutMemoryEnds() throws Exception {
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Greedy.class.getName());
    var name = Greedy.class.getName().replace('.', '/') + ".class";
    var jar = Files.newOutputStream(project.resolve("hub/target/approval-hub.jar"));
    try (var out = new JarOutputStream(jar, manifest);
        var in = Greedy.class.getClassLoader().getResourceAsStream(name)) {
      out.putNextEntry(new ZipEntry(name));
      in.transferTo(out);
    }
    assertThat(run("serve").exit()).isEqualTo(3);
  }

  @Test
  void theImageHasTheSameOptionsForJava() throws IOException {
    var options =
        Pattern.compile("^flags=\"(.*)\"$", Pattern.MULTILINE)
            .matcher(Files.readString(Path.of("approval-hub")));
    assertThat(options.find()).isTrue();
    assertThat(Files.readString(Path.of("../config/Dockerfile")))
        .contains("\"java\", \"" + options.group(1).replace(" ", "\", \"") + "\", \"-jar\"");
  }

  @Test
  void anArchiveIsMadeOnceAndUsedFromThenOn() throws Exception {
    var home = java("opt/jdk", "25");
    executable(
        home.resolve("bin/java"),
        Files.readString(home.resolve("bin/java"))
            .replace("echo rehearsed", "echo x >\"${word#*=}\"; echo rehearsed"));
    var archive = project.resolve("hub/target/approval-hub-25.aot");
    assertThat(run("help").output()).contains("-XX:AOTCache=" + archive + " -jar ");
    assertThat(run("help").output()).contains("-XX:AOTCache=" + archive + " -jar ");
    assertThat(rehearsals()).isEqualTo(1);
    later(project.resolve("hub/target/approval-hub.jar"));
    run("help");
    assertThat(rehearsals()).isEqualTo(2);
  }

  @Test
  void anArchiveThatCannotBeMadeIsTriedOnceAndDoneWithout() throws Exception {
    java("opt/jdk", "25");
    assertThat(run("help").output()).doesNotContain("AOT");
    assertThat(run("help").exit()).isZero();
    assertThat(rehearsals()).isEqualTo(1);
  }

  @Test
  void itIsBuiltWhenItIsNotThereAndWhenASourceIsNewer() throws Exception {
    java("opt/jdk", "25");
    var source = sources();
    maven(": >\"${4%pom.xml}hub/target/approval-hub.jar\"");
    Files.delete(project.resolve("hub/target/approval-hub.jar"));
    assertThat(run("help").errors()).startsWith("Building Approval Hub");
    assertThat(run("help").errors()).isEmpty();
    later(source);
    assertThat(run("help").errors()).startsWith("Building Approval Hub");
    assertThat(Files.readAllLines(machine.resolve("builds"))).hasSize(2);
  }

  @Test
  void withoutMavenItSaysWhatToInstall() throws Exception {
    java("opt/jdk", "25");
    later(sources());
    var ended = run("help");
    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.errors().lines()).hasSize(1);
    assertThat(ended.errors()).contains("with Maven; install it");
  }

  @Test
  void aBuildThatFailsShowsWhatMavenSaid() throws Exception {
    java("opt/jdk", "25");
    later(sources());
    maven("echo '[ERROR] no room'; exit 1");
    var ended = run("help");
    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.errors())
        .endsWith("[ERROR] no room\napproval-hub: the build failed; what Maven said is above\n");
  }

  private Path java(String folder, String version) throws IOException {
    var home = machine.resolve(folder);
    executable(home.resolve("bin/java"), JAVA.formatted(version, machine));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  private void maven(String work) throws IOException {
    executable(
        machine.resolve("tools/mvn"),
        "#!/bin/sh\necho \"$*\" >>'%s'\n%s\n".formatted(machine.resolve("builds"), work));
  }

  private Path sources() throws IOException {
    var source = project.resolve("plugins/kit/src/main/java/Kit.java");
    Files.createDirectories(source.getParent());
    Files.createDirectories(project.resolve("plugin-api"));
    Files.writeString(project.resolve("pom.xml"), "");
    return Files.writeString(source, "");
  }

  /// As if the file had been written after everything that a launcher does before.
  private static void later(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(1)));
  }

  private long rehearsals() throws IOException {
    return Files.readAllLines(machine.resolve("rehearsals")).size();
  }

  private Ended run(String... arguments) throws Exception {
    return run(launcher, arguments);
  }

  private Ended run(Path script, String... arguments) throws Exception {
    var command = Stream.concat(Stream.of(script.toString()), Stream.of(arguments)).toList();
    var output = machine.resolve("output").toFile();
    var errors = machine.resolve("errors").toFile();
    var builder = new ProcessBuilder(command).redirectOutput(output).redirectError(errors);
    builder.redirectInput(Redirect.from(new File("/dev/null"))).directory(machine.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    var process = builder.start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return new Ended(
        process.exitValue(),
        Files.readString(output.toPath(), UTF_8),
        Files.readString(errors.toPath(), UTF_8));
  }

  private static void executable(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static Path real(String tool) {
    return Stream.of("/bin", "/usr/bin")
        .map(folder -> Path.of(folder, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }

  /// A program that would go on after an error for want of memory.
  static final class Greedy {

    private Greedy() {}

    static void main(String[] args) {
      try {
        var held = new ArrayList<byte[]>();
        while (true) {
          held.add(new byte[16 << 20]);
        }
      } catch (OutOfMemoryError _) {
        System.exit(0);
      }
    }
  }

  private record Ended(int exit, String output, String errors) {}
}
