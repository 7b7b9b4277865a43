package io.approvalhub.breaking;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The hub as this harness starts it: the class path of this process in jars, and what a first
/// start taught the JVM, so that the next ones take a third of the time.
final class Installation {

  private static final List<String> JAVA =
      List.of(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xmx128m",
          "--enable-native-access=ALL-UNNAMED",
          "-Dio.netty.leakDetection.level=disabled");

  private static final int MANY = 5;
  private static final String CACHE = "-XX:AOTCache=";

  private final Path cache;
  private final Optional<Integer> uvicorn;
  private final String classPath;

  private Installation(Path folder, Optional<Integer> uvicorn) {
    this.uvicorn = uvicorn;
    cache = folder.resolve("hub.aot");
    classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .map(entry -> Files.isDirectory(entry) ? jar(entry, folder) : entry)
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
  }

  /// Packs the hub.
  ///
  /// @param starts how many starts there will be; where they are many, one more teaches the JVM
  ///
  /// @param uvicorn the port of the uvicorn before the agents, if there is one
  static Installation in(Path folder, int starts, Optional<Integer> uvicorn) {
    try {
      Files.createDirectories(folder);
      var installation = new Installation(folder, uvicorn);
      if (starts > MANY) {
        installation.learn(folder.resolve("first"));
      }
      return installation;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The port of the uvicorn that stands before the agents, if one does.
  Optional<Integer> uvicorn() {
    return uvicorn;
  }

  /// What starts a hub.
  ///
  /// @param folder with the configuration, the clock and all that the hub writes
  List<String> command(Path folder, int port) {
    var command = new ArrayList<>(JAVA);
    command.addAll(
        List.of(
            CACHE + cache,
            "-Dbreaking.clock=" + folder.resolve("clock"),
            "-Djava.io.tmpdir=" + folder.resolve("tmp"),
            "-cp",
            classPath,
            "io.approvalhub.Application",
            "serve",
            "--config",
            folder.resolve("hub.yml").toString(),
            "--port",
            String.valueOf(port)));
    return command;
  }

  private void learn(Path folder) {
    try (var world = World.quiet(this, folder)) {
      world.node(0).learn(command -> option(command, "-XX:AOTCacheOutput=" + cache));
    }
  }

  private static List<String> option(List<String> command, String option) {
    return command.stream().map(word -> word.startsWith(CACHE) ? option : word).toList();
  }

  private static Path jar(Path classes, Path to) {
    try (var files = Files.walk(classes)) {
      var jar = Files.createTempFile(to, "classes", ".jar");
      try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
        for (var file : files.filter(file -> !file.equals(classes)).toList()) {
          // Beans are found by their folders, which need entries of their own.
          var folder = Files.isDirectory(file);
          out.putNextEntry(new JarEntry(classes.relativize(file) + (folder ? "/" : "")));
          if (!folder) {
            Files.copy(file, out);
          }
        }
      }
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
