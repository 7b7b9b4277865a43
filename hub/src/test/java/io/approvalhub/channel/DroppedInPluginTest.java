package io.approvalhub.channel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.approvalhub.TestHub;
import io.approvalhub.delivery.ManualRounds;
import io.approvalhub.plugin.NotificationPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A plugin that somebody else built against plugin-api alone, as a jar in `plugins.dir`.
final class DroppedInPluginTest {

  /// It posts to a file, decides what the file `click` names, and tries to see the hub.
  private static final String SOURCE =
      """
      package org.example;

      import io.approvalhub.plugin.*;
      import java.io.IOException;
      import java.nio.file.*;

      public final class FilePlugin implements NotificationPlugin {
        public String name() { return "file"; }

        public Channel open(Settings settings, Hub hub) {
          Path folder = Path.of(settings.text("folder"));
          return new Channel() {
            public MessageRef post(Approval approval) throws IOException {
              Files.writeString(folder.resolve("posted"), approval.button(Action.APPROVE) + " " + seen());
              return new MessageRef(folder.toString(), approval.id());
            }

            public void update(MessageRef message, Approval approval) throws IOException {
              Files.writeString(folder.resolve("updated"), message.id() + " " + approval.status());
            }

            public HttpReply receive(HttpCall call) {
              Button button = Button.parse(new String(call.body())).orElseThrow();
              Outcome outcome = hub.decide(Decision.of(button, new Person("7", "Alice")));
              return HttpReply.text(200, outcome.getClass().getSimpleName());
            }
          };
        }

        private static String seen() {
          String seen = "";
          for (String name : new String[] {"io.approvalhub.approval.Desk", "io.approvalhub.kit.Json",
              "com.fasterxml.jackson.databind.JsonNode", "org.slf4j.Logger"}) {
            try {
              Class.forName(name);
              seen += name;
            } catch (ClassNotFoundException expected) {
              seen += "-";
            }
          }
          return seen;
        }
      }
      """;

  @TempDir private Path folder;
  private Path plugins;

  @BeforeEach
  void buildThePlugin() throws IOException {
    plugins = Files.createDirectory(folder.resolve("plugins"));
    build("FilePlugin", SOURCE, "file-plugin.jar");
  }

  private void build(String name, String text, String jar) throws IOException {
    var source = Files.createDirectories(folder.resolve("src/org/example")).resolve(name + ".java");
    Files.writeString(source, text);
    var classes = Files.createDirectories(folder.resolve("classes").resolve(name));
    var compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-cp", api(), "-d", classes.toString(), source.toString());
    assertThat(compiled).isZero();
    jar(classes, "org.example." + name, plugins.resolve(jar));
  }

  @Test
  void itPostsAndDecidesAndIsListedLast() throws IOException {
    try (var hub = TestHub.start(folder, configuration(), true)) {
      var id = hub.raise("rm", "{}");
      hub.bean(ManualRounds.class).turn();
      var posted = Files.readString(folder.resolve("posted")).split(" ", -1);

      var answer = hub.post("", "/channels/files", posted[0]).response().body();
      hub.bean(ManualRounds.class).turn();

      assertThat(answer).isEqualTo("Recorded");
      assertThat(hub.status(id)).isEqualTo("approved");
      assertThat(Files.readString(folder.resolve("updated"))).isEqualTo(id + " APPROVED");
      var list = hub.get("eve", "/v2/approvals/plugins/list").response().body();
      assertThat(list)
          .isEqualTo("[\"webhook\",\"telegram\",\"slack\",\"discord\",\"whatsapp\",\"file\"]");
    }
  }

  @Test
  void itSeesNoClassOfTheHubNorOfItsLibraries() throws IOException {
    try (var hub = TestHub.start(folder, configuration(), true)) {
      hub.raise("rm", "{}");
      hub.bean(ManualRounds.class).turn();

      assertThat(Files.readString(folder.resolve("posted"))).endsWith(" ----");
    }
  }

  @Test
  void theExampleOfTheReadmeWorks() throws IOException {
    var readme = Files.readString(Path.of("..", "README.md"));
    var source = readme.substring(readme.indexOf("```java") + "```java".length());
    build("FolderPlugin", source.substring(0, source.indexOf("```")), "folder-plugin.jar");
    var channels =
        "  folder: {plugin: folder, approvers: [bob], settings: {folder: %s, secret: s}}"
            .formatted(folder);
    var configuration = configuration().replace("file: \"8\"", "folder: \"8\"") + channels;
    try (var hub = TestHub.start(folder, configuration, true)) {
      var id = hub.raise("rm", "{}");
      hub.bean(ManualRounds.class).turn();
      assertThat(hub.post("", "/channels/folder", "forged").status()).isEqualTo(401);
      assertThat(Files.readString(folder.resolve(id))).contains("approve with ah:a:");
      hub.post("alice", "/v2/approvals/" + id + "/deny", "");
      hub.bean(ManualRounds.class).turn();

      assertThat(Files.readString(folder.resolve(id))).isEqualTo("rm\nDENIED");
    }
  }

  private String configuration() {
    return "hub:\n"
        + TestHub.KEYS
        + """
        people:
          alice: {file: "7"}
          bob: {file: "8"}
        agents:
          local: {type: push}
          second: {type: push}
        plugins:
          dir: %s
        channels:
          files: {plugin: file, approvers: [alice], settings: {folder: %s}}
        """
            .formatted(plugins, folder);
  }

  private static String api() {
    return Path.of(
            NotificationPlugin.class.getProtectionDomain().getCodeSource().getLocation().getPath())
        .toString();
  }

  private static void jar(Path classes, String plugin, Path target) throws IOException {
    try (var jar = new JarOutputStream(Files.newOutputStream(target));
        var files = Files.walk(classes)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        add(jar, classes.relativize(file).toString(), Files.readAllBytes(file));
      }
      add(jar, "META-INF/services/" + NotificationPlugin.class.getName(), plugin.getBytes(UTF_8));
    }
  }

  private static void add(JarOutputStream jar, String name, byte[] content) throws IOException {
    jar.putNextEntry(new JarEntry(name));
    jar.write(content);
    jar.closeEntry();
  }
}
