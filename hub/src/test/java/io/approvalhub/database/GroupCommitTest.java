package io.approvalhub.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class GroupCommitTest {

  @TempDir private Path folder;
  private GroupCommit commits;

  @BeforeEach
  void open() {
    commits = new GroupCommit(Jdbi.create("jdbc:sqlite:" + folder.resolve("test.db")));
    commits.write(handle -> handle.execute("CREATE TABLE numbers (number INTEGER)"));
  }

  @AfterEach
  void close() {
    commits.close();
  }

  @Test
  void anErrorInOneTransactionIsItsCallersAlone() {
    var writes = new ArrayList<Future<Integer>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var number = 0; number < 100; number++) {
        var value = number;
        Callable<Integer> write =
            () ->
                commits.write(
                    handle -> {
                      if (value == 50) {
                        throw new StackOverflowError();
                      }
                      return handle.execute("INSERT INTO numbers VALUES (?)", value);
                    });
        writes.add(threads.submit(write));
      }
    }

    assertThat(writes).filteredOn(write -> write.state() == Future.State.SUCCESS).hasSize(99);
    assertThat(writes.get(50).exceptionNow()).isInstanceOf(StoreException.class);
    assertThat(count()).isEqualTo(99);
  }

  @Test
  void whoWritesWhenNobodyDoesAnyMoreIsToldSo() {
    commits.close();

    assertThatThrownBy(() -> commits.write(handle -> handle.execute("SELECT 1")))
        .isInstanceOf(StoreException.class);
  }

  private int count() {
    return commits.write(
        handle -> handle.createQuery("SELECT COUNT(*) FROM numbers").mapTo(Integer.class).one());
  }
}
