package io.approvalhub.kit.parts;

import io.approvalhub.kit.Text;
import io.approvalhub.kit.Words;
import io.approvalhub.kit.Words.Fact;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Part;
import io.approvalhub.plugin.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/// How an approval fits into a message: what is shown, what must be attached in full, and whether
/// it may be approved there. What is approved is what was shown: where something is cut, approving
/// is offered only once all of it is attached.
///
/// @param facts what is known besides the call, in the order in which it is shown
/// @param pieces the call, in the order in which it is read; those of which nothing fits are left
///     out
/// @param missing how many were left out
/// @param attachments what is not shown in full while it waits; empty when everything is
/// @param attachable whether they can be attached
public record Fitting(
    Approval approval,
    List<Line> facts,
    List<Piece> pieces,
    int missing,
    List<Attachment> attachments,
    boolean attachable) {

  /// Of less than this of a part, nothing can be made out.
  private static final int LEAST = 60;

  public Fitting {
    facts = List.copyOf(facts);
    pieces = List.copyOf(pieces);
    attachments = List.copyOf(attachments);
  }

  /// Fits an approval into the room of a platform. Where a person edited the arguments, what was
  /// changed stands in the place of the call.
  public static Fitting of(Approval approval, Words words, Room room) {
    var facts =
        words.facts(approval).entrySet().stream()
            .map(fact -> room.line(fact.getKey(), words.label(fact.getKey()), fact.getValue()))
            .toList();
    var pieces = pieces(parts(approval), words, room, room.parts.applyAsInt(facts));
    var attachments = attachments(approval, words, facts, pieces);
    return new Fitting(
        approval,
        facts,
        shown(pieces),
        missing(pieces),
        attachments,
        attachable(room, attachments));
  }

  /// The same with less of the call, now that nothing waits. What was attached stays so.
  public Fitting folded(Words words, Room room) {
    var less = pieces(parts(approval), words, room, room.parts.applyAsInt(facts));
    return new Fitting(approval, facts, shown(less), missing(less), attachments, attachable);
  }

  private static List<Part> parts(Approval approval) {
    return approval
        .amendment()
        .map(amendment -> List.<Part>of(amendment.changes()))
        .orElse(approval.parts());
  }

  private static boolean attachable(Room room, List<Attachment> attachments) {
    return attachments.isEmpty() || room.attachable.test(attachments);
  }

  private static List<Piece> shown(List<Piece> pieces) {
    return pieces.stream().filter(piece -> !piece.isMissing).toList();
  }

  private static int missing(List<Piece> pieces) {
    return (int) pieces.stream().filter(Piece::isMissing).count();
  }

  /// The facts that belong before the call: how risky it is, and why it is asked.
  public List<Line> loud() {
    return facts.stream().filter(line -> !line.fact.isQuiet()).toList();
  }

  /// The facts that belong into the last line.
  public List<Line> quiet() {
    return facts.stream().filter(line -> line.fact.isQuiet()).toList();
  }

  /// Whether a person put other arguments in the place of the agent's. Then nothing that was
  /// attached to the request holds them.
  public boolean isEdited() {
    return approval.amendment().isPresent();
  }

  /// Whether everything is shown while it waits.
  public boolean whole() {
    return attachments.isEmpty();
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
  /// @param place where it was or will be attached, such as `place.thread` of the bundle
  public Optional<String> note(Words words, boolean attached, String place) {
    if (whole() && missing == 0 && pieces.stream().allMatch(Piece::whole)) {
      return Optional.empty();
    }
    var more = missing == 0 ? "" : "… " + words.text("cut.parts", missing) + ". ";
    return Optional.of(more + about(words, attached, place));
  }

  private String about(Words words, boolean attached, String place) {
    if (attachable && !whole() && attached) {
      return words.text("cut.attached", place);
    }
    if (!approval.pending()) {
      return words.text("cut.over");
    }
    return attachable ? words.text("cut.later", place) : words.text("cut.never");
  }

  /// What is attached, for a platform that takes one file: the only part that is cut, or the whole
  /// request. Empty when nothing has to be.
  public Optional<Attachment> file(Words words) {
    if (whole()) {
      return Optional.empty();
    }
    return Optional.of(attachments.size() == 1 ? attachments.getFirst() : request(words));
  }

  /// The whole request as a text.
  public Attachment request(Words words) {
    var text = new StringBuilder(approval.headline()).append("\n\n");
    text.append(details(approval, words));
    for (var part : parts(approval)) {
      text.append('\n').append(heading(words.label(part))).append(part.text()).append('\n');
    }
    return new Attachment("request-" + approval.id() + ".txt", "", text.toString());
  }

  private static String details(Approval approval, Words words) {
    return words.facts(approval).entrySet().stream()
        .map(fact -> detail(words.label(fact.getKey()), fact.getValue()))
        .collect(Collectors.joining());
  }

  private static String detail(String label, String value) {
    return (label.isEmpty() ? value : label + ": " + value) + "\n";
  }

  private static String heading(String label) {
    return label.isEmpty() ? "" : label + ":\n";
  }

  /// Those that fit stand in full, and the others share what is left.
  private static List<Piece> pieces(List<Part> parts, Words words, Room room, int most) {
    var shares = new int[parts.size()];
    var left = most;
    var sharing = new ArrayList<Integer>();
    for (var index = 0; index < parts.size(); index++) {
      shares[index] = room.size(parts.get(index));
      sharing.add(index);
    }
    if (Arrays.stream(shares).asLongStream().sum() > most) {
      sharing.sort(Comparator.comparingInt(index -> shares[index]));
      while (!sharing.isEmpty() && shares[sharing.getFirst()] <= left / sharing.size()) {
        left -= shares[sharing.removeFirst()];
      }
      sharing.sort(null);
      while (sharing.size() > 1 && left / sharing.size() < LEAST) {
        shares[sharing.removeLast()] = 0;
      }
      for (var index : sharing) {
        shares[index] = left / sharing.size();
      }
    }
    var pieces = new ArrayList<Piece>();
    for (var index = 0; index < parts.size(); index++) {
      pieces.add(room.piece(parts.get(index), shares[index], words));
    }
    return pieces;
  }

  private static List<Attachment> attachments(
      Approval approval, Words words, List<Line> facts, List<Piece> pieces) {
    var attachments = new ArrayList<Attachment>();
    if (!facts.stream().allMatch(Line::whole)) {
      attachments.add(new Attachment("details.txt", "", details(approval, words)));
    }
    var names = new HashSet<String>();
    for (var piece : pieces) {
      if (!piece.whole) {
        var name = piece.part.fileName();
        for (var copy = 2; !names.add(name); copy++) {
          name = piece.part.fileName().replaceFirst("(\\.[^.]*)?$", "-" + copy + "$1");
        }
        attachments.add(new Attachment(name, words.label(piece.part), piece.part.text()));
      }
    }
    return attachments;
  }

  /// A fact.
  ///
  /// @param label what it is called; empty where it says so itself
  /// @param shown as much as fits, with how much is missing
  /// @param whole whether `shown` shows all of it
  public record Line(Fact fact, String label, String shown, boolean whole) {}

  /// A part as it is shown.
  ///
  /// @param part all of it
  /// @param shown of the same kind, with as much as fits and how much is missing
  /// @param whole whether `shown` shows all of it
  /// @param isMissing whether nothing of it fits
  public record Piece(Part part, Part shown, boolean whole, boolean isMissing) {}

  /// What is attached.
  ///
  /// @param name of the file
  /// @param label what the part is called; may be empty
  public record Attachment(String name, String label, String text) {}

  /// What a platform has room for.
  ///
  /// @param facts how long a fact may be
  /// @param length of a fact as the platform counts it, escapes included; never less than its
  ///     UTF-16 units
  /// @param parts how long the parts may be together beside these facts
  /// @param size of a part as the platform counts it, with its heading and all markup; never less
  ///     than its UTF-16 units
  /// @param faithful whether the platform can show a part as it is; if not, it counts as cut
  /// @param attachable whether these can be attached: their number and size, mostly
  public record Room(
      ToIntFunction<Fact> facts,
      ToIntFunction<String> length,
      ToIntFunction<List<Line>> parts,
      ToIntFunction<Part> size,
      Predicate<Part> faithful,
      Predicate<List<Attachment>> attachable) {

    /// Room for so many UTF-16 units in each fact and in the parts, label and text; anything can be
    /// attached.
    public static Room of(int fact, int parts) {
      return new Room(
          _ -> fact,
          String::length,
          _ -> parts,
          part -> part.label().length() + part.text().length(),
          _ -> true,
          _ -> true);
    }

    /// The same with other limits of the facts.
    public Room facts(ToIntFunction<Fact> most) {
      return new Room(most, length, parts, size, faithful, attachable);
    }

    /// The same, counted otherwise.
    public Room length(ToIntFunction<String> measure) {
      return new Room(facts, measure, parts, size, faithful, attachable);
    }

    /// The same with a limit of the parts that depends on what the facts leave.
    public Room parts(ToIntFunction<List<Line>> most) {
      return new Room(facts, length, most, size, faithful, attachable);
    }

    /// The same where parts are counted otherwise.
    public Room size(ToIntFunction<Part> measure) {
      return new Room(facts, length, parts, measure, faithful, attachable);
    }

    /// The same where some parts cannot be shown as they are.
    public Room faithful(Predicate<Part> test) {
      return new Room(facts, length, parts, size, test, attachable);
    }

    /// The same where not everything can be attached.
    public Room attachable(Predicate<List<Attachment>> test) {
      return new Room(facts, length, parts, size, faithful, test);
    }

    private int size(Part part) {
      return size.applyAsInt(part);
    }

    private Line line(Fact fact, String label, String text) {
      var shown = Text.fit(text, facts.applyAsInt(fact), length);
      return new Line(fact, label, shown, shown.equals(text));
    }

    private Piece piece(Part part, int most, Words words) {
      if (size(part) <= most) {
        return new Piece(part, part, faithful.test(part), false);
      }
      return Cut.part(part, words, most, shown -> size(shown) <= most)
          .map(shown -> new Piece(part, shown, false, false))
          .orElseGet(() -> new Piece(part, part, false, true));
    }
  }
}
