package io.approvalhub.breaking;

import io.approvalhub.breaking.Evidence.Copy;
import io.approvalhub.plugin.NotificationPlugin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/// The place to which [ThrowingPlugin] posts, and the jar from which hubs load it.
final class Folder {

  private final Path messages;
  private final Path plugins;

  Folder(Path folder) {
    messages = folder.resolve("messages");
    plugins = folder.resolve("plugins");
    try {
      Files.createDirectories(messages);
      Files.createDirectories(plugins);
      pack(plugins.resolve("throwing.jar"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path messages() {
    return messages;
  }

  Path plugins() {
    return plugins;
  }

  /// The messages about a job.
  List<Copy> copies(Job job) {
    try (var files = Files.list(messages)) {
      return files
          .flatMap(file -> text(file).stream())
          .filter(text -> text.contains(job.name()))
          .map(text -> new Copy(text, text.contains(ThrowingPlugin.BUTTONS)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> text(Path file) {
    try {
      return file.getFileName().toString().endsWith(".tmp")
          ? Optional.empty()
          : Optional.of(Files.readString(file));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void pack(Path jar) throws IOException {
    var name = ThrowingPlugin.class.getName();
    var classes = Path.of(name.replace('.', '/')).getParent();
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("META-INF/services/" + NotificationPlugin.class.getName()));
      out.write(name.getBytes(StandardCharsets.UTF_8));
      for (var suffix : List.of("", "$1")) {
        var entry = classes + "/" + ThrowingPlugin.class.getSimpleName() + suffix + ".class";
        out.putNextEntry(new JarEntry(entry));
        try (var in = ThrowingPlugin.class.getClassLoader().getResourceAsStream(entry)) {
          if (in == null) {
            throw new NoSuchFileException(entry);
          }
          in.transferTo(out);
        }
      }
    }
  }
}
