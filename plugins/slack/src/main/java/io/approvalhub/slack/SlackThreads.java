package io.approvalhub.slack;

import io.approvalhub.plugin.Hub;
import io.approvalhub.plugin.MessageRef;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How far the last few messages with a thread got, so that a post that failed half-way goes on
/// where it stopped instead of starting a second message.
final class SlackThreads {

  private static final String KEY = "threads";
  private static final int MOST = 50;

  private final Hub hub;

  SlackThreads(Hub hub) {
    this.hub = hub;
  }

  /// A message posted for an approval, and how many parts of its thread stand.
  record Progress(String token, MessageRef message, int parts) {

    Progress next() {
      return new Progress(token, message, parts + 1);
    }

    private String line() {
      return String.join(" ", token, message.place(), message.id(), String.valueOf(parts));
    }

    private static Progress parse(String line) {
      var words = line.split(" ", -1);
      return new Progress(words[0], new MessageRef(words[1], words[2]), Integer.parseInt(words[3]));
    }
  }

  Optional<Progress> find(String token) {
    return all().filter(progress -> progress.token.equals(token)).findFirst();
  }

  Progress save(Progress progress) {
    var others = all().filter(other -> !other.token.equals(progress.token));
    hub.save(
        KEY,
        Stream.concat(Stream.of(progress), others)
            .limit(MOST)
            .map(Progress::line)
            .collect(Collectors.joining("\n")));
    return progress;
  }

  private Stream<Progress> all() {
    return hub.saved(KEY).stream().flatMap(String::lines).map(Progress::parse);
  }
}
