package io.approvalhub.bench;

import io.approvalhub.testkit.FakePlatform.Call;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// When the copies of one approval came to its platforms, and when each was changed for the first
/// time after a click.
final class Sighting {

  private static final int PATIENCE = 20;

  private final int platforms;
  private final Set<String> marks = new HashSet<>();
  private final Map<String, Long> posted = new HashMap<>();
  private final Map<String, Long> changed = new HashMap<>();
  private final CompletableFuture<Long> allPosted = new CompletableFuture<>();
  private final CompletableFuture<Long> allChanged = new CompletableFuture<>();
  private boolean clicked;

  /// @param tool whose calls they are
  Sighting(String tool, int platforms) {
    this.platforms = platforms;
    marks.add(tool);
  }

  /// A platform took a call.
  synchronized void saw(String platform, Call call) {
    var now = System.nanoTime();
    if (call.status() / 100 == 2 && marks.stream().anyMatch(call.body()::contains)) {
      var seen = clicked ? changed : posted;
      seen.putIfAbsent(platform, now);
      if (seen.size() == platforms) {
        (clicked ? allChanged : allPosted).complete(now);
      }
    }
  }

  /// From now on calls are changes. Those that do not name the tool quote a message.
  synchronized void click(Set<String> messages) {
    marks.addAll(messages);
    clicked = true;
  }

  /// When the last platform had it.
  long posted() {
    return await(allPosted, posted);
  }

  /// When the last platform showed what was decided.
  long changed() {
    return await(allChanged, changed);
  }

  private static long await(CompletableFuture<Long> moment, Map<String, Long> seen) {
    try {
      return moment.get(PATIENCE, TimeUnit.SECONDS);
    } catch (TimeoutException _) {
      throw new IllegalStateException("came only to " + seen.keySet());
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
