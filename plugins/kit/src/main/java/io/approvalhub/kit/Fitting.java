package io.approvalhub.kit;

import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Approval.Ending;
import io.approvalhub.plugin.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How an approval fits into a message: what is shown, what must be attached in full, and whether
/// it may be approved there. What is approved is what was shown: where a part is cut, approving is
/// offered only once all of it is attached.
///
/// @param words of who reads it
/// @param facts what [Words#details] or the platform says about the call, in that order
/// @param arguments those that count: what the agent sent, or what was approved in its place
/// @param attachable whether [#cut] is small enough to be attached
public record Fitting(
    Approval approval, Words words, List<Part> facts, Part arguments, boolean attachable) {

  public Fitting {
    facts = List.copyOf(facts);
  }

  /// Fits an approval with its [Words#details].
  public static Fitting of(Approval approval, Words words, Room room) {
    return of(approval, words, words.details(approval), room);
  }

  /// The same with what a platform says beside its arguments.
  public static Fitting of(Approval approval, Words words, Map<String, String> facts, Room room) {
    var arguments = approval.ending().flatMap(Ending::edited).orElse(approval.arguments());
    return of(approval, words, facts, arguments, room);
  }

  /// The same with the arguments as a platform writes them.
  public static Fitting of(
      Approval approval, Words words, Map<String, String> facts, String arguments, Room room) {
    var parts =
        facts.entrySet().stream().map(fact -> room.fact(fact.getKey(), fact.getValue())).toList();
    var most = room.arguments.applyAsInt(parts);
    var part = room.part(words.text("label.arguments"), arguments, most, room.argumentLength);
    var whole = new Fitting(approval, words, parts, part, true);
    return new Fitting(approval, words, parts, part, room.attachable.test(whole.cut()));
  }

  /// The text if it has at most `most` by this measure; otherwise its beginning and how much is
  /// missing.
  ///
  /// @param length of a text; never less than its UTF-16 units
  public static String cut(String text, int most, ToIntFunction<String> length) {
    if (text.length() <= most && length.applyAsInt(text) <= most) {
      return text;
    }
    var least = 0;
    var room = Math.max(0, Math.min(text.length() - 1, most));
    while (least < room) {
      var middle = (least + room + 1) / 2;
      if (length.applyAsInt(Text.fit(text, middle)) <= most) {
        least = middle;
      } else {
        room = middle - 1;
      }
    }
    return Text.fit(text, least);
  }

  /// Whether a person put other arguments in the place of the agent's. Then nothing that was
  /// attached to the request holds them.
  public boolean edited() {
    return approval.ending().flatMap(Ending::edited).isPresent();
  }

  /// Whether everything is shown.
  public boolean whole() {
    return parts().allMatch(Part::whole);
  }

  /// All that the message does not show in full; empty when it shows everything.
  public String cut() {
    return parts()
        .filter(part -> !part.whole)
        .map(part -> part.label + ":\n" + part.text + "\n")
        .collect(Collectors.joining("\n"));
  }

  /// All that there is to know, for a file of its own.
  public String request() {
    var lines = facts.stream().map(fact -> fact.label + ": " + fact.text + "\n");
    return lines.collect(
        Collectors.joining(
            "",
            words.title(approval) + "\n\n",
            "\n" + arguments.label + ":\n" + arguments.text + "\n"));
  }

  /// Whether a person has before them what they would approve.
  ///
  /// @param attached whether what is cut was attached
  public boolean approvable(boolean attached) {
    return whole() || (attachable && attached);
  }

  /// What a person can do here. Denying is always among it.
  ///
  /// @param attached whether what is cut was attached
  public List<Action> actions(boolean attached) {
    return approval.actions().stream()
        .filter(action -> action.verdict() == Verdict.DENY || approvable(attached))
        .toList();
  }

  /// What to say about what is cut; empty when nothing is.
  ///
  /// @param attached whether what is cut was attached
  /// @param place where it was or will be attached, such as `in the thread`
  public Optional<String> note(boolean attached, String place) {
    if (whole()) {
      return Optional.empty();
    }
    if (attachable && attached) {
      return Optional.of(words.text("cut.attached", place));
    }
    if (attachable && approval.pending()) {
      return Optional.of(words.text("cut.later", place));
    }
    return Optional.of(words.text(approval.pending() ? "cut.never" : "cut.over"));
  }

  private Stream<Part> parts() {
    return Stream.concat(facts.stream(), Stream.of(arguments));
  }

  /// One thing to read.
  ///
  /// @param text all of it
  /// @param shown as much as fits, with how much is missing
  /// @param whole whether `shown` shows all of it
  public record Part(String label, String text, String shown, boolean whole) {}

  /// What a platform has room for.
  ///
  /// @param facts how long the fact of a label may be
  /// @param arguments how long the arguments may be beside these facts
  /// @param length of a fact as the platform counts it, escapes included; never less than its
  ///     UTF-16 units
  /// @param argumentLength the same of the arguments, which may stand in a block of code
  /// @param faithful whether the platform can show a text as it is; if not, it counts as cut
  /// @param attachable whether a text can be attached: its size, mostly
  public record Room(
      ToIntFunction<String> facts,
      ToIntFunction<List<Part>> arguments,
      ToIntFunction<String> length,
      ToIntFunction<String> argumentLength,
      Predicate<String> faithful,
      Predicate<String> attachable) {

    /// Room for so many UTF-16 units in each fact and in the arguments; anything can be attached.
    public static Room of(int fact, int arguments) {
      return new Room(
          _ -> fact, _ -> arguments, String::length, String::length, _ -> true, _ -> true);
    }

    /// The same with other limits of the facts.
    public Room facts(ToIntFunction<String> most) {
      return new Room(most, arguments, length, argumentLength, faithful, attachable);
    }

    /// The same with a limit of the arguments that depends on what the facts leave.
    public Room arguments(ToIntFunction<List<Part>> most) {
      return new Room(facts, most, length, argumentLength, faithful, attachable);
    }

    /// The same, counted otherwise.
    public Room length(ToIntFunction<String> measure) {
      return new Room(facts, arguments, measure, measure, faithful, attachable);
    }

    /// The same where the arguments are counted in another way than the facts.
    public Room argumentLength(ToIntFunction<String> measure) {
      return new Room(facts, arguments, length, measure, faithful, attachable);
    }

    /// The same where some texts cannot be shown as they are.
    public Room faithful(Predicate<String> test) {
      return new Room(facts, arguments, length, argumentLength, test, attachable);
    }

    /// The same where not everything can be attached.
    public Room attachable(Predicate<String> test) {
      return new Room(facts, arguments, length, argumentLength, faithful, test);
    }

    private Part fact(String label, String text) {
      return part(label, text, facts.applyAsInt(label), length);
    }

    private Part part(String label, String text, int most, ToIntFunction<String> measure) {
      var shown = cut(text, most, measure);
      return new Part(label, text, shown, shown.equals(text) && faithful.test(text));
    }
  }
}
