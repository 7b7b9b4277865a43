package io.approvalhub.database;

import io.approvalhub.configuration.Configuration;
import io.approvalhub.plugin.InvalidSettingException;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/// The folder that `hub.data` names: readable by its owner only, used by one hub at a time.
@Singleton
public final class DataFolder implements AutoCloseable {

  private static final Set<PosixFilePermission> OWNERS =
      PosixFilePermissions.fromString("rwx------");

  private final Path path;
  private final FileChannel lock;

  @Inject
  DataFolder(Configuration configuration) {
    this(Path.of(configuration.hub().text("data", "./data")));
  }

  /// The folder as it is used without a hub.
  public DataFolder(Path path) {
    this.path = path;
    try {
      create();
      lock = FileChannel.open(file("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      lock();
    } catch (IOException e) {
      throw new InvalidSettingException(
          "hub.data is '%s', which cannot be used: %s".formatted(path, e.getMessage()));
    }
  }

  /// A file in the folder.
  public Path file(String name) {
    return path.resolve(name);
  }

  /// What was written under this name before.
  public Optional<String> read(String name) {
    try {
      return Files.exists(file(name))
          ? Optional.of(Files.readString(file(name)))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void write(String name, String text) {
    try {
      Files.writeString(file(name), text, StandardOpenOption.CREATE, StandardOpenOption.SYNC);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A folder in it for what a process needs while it runs, without what an earlier one left.
  Path emptied(String name) {
    var folder = file(name);
    try {
      createOwned(folder);
      try (var left = Files.newDirectoryStream(folder)) {
        for (var file : left) {
          Files.deleteIfExists(file);
        }
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void create() throws IOException {
    createOwned(path);
  }

  /// What lies in a folder that others cannot enter is out of their reach, whatever its own rights.
  private static void createOwned(Path folder) throws IOException {
    Files.createDirectories(folder);
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")
        && !Files.getPosixFilePermissions(folder).equals(OWNERS)) {
      Files.setPosixFilePermissions(folder, OWNERS);
    }
  }

  private void lock() throws IOException {
    try {
      if (lock.tryLock() != null) {
        return;
      }
    } catch (OverlappingFileLockException _) {
      // held within this process
    }
    lock.close();
    throw new IOException("another hub uses it");
  }

  @Override
  @PreDestroy
  public void close() throws IOException {
    lock.close();
  }
}
