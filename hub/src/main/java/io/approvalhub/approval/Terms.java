package io.approvalhub.approval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.approvalhub.access.Actor;
import io.approvalhub.kit.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What an approval was raised under. Worked out by [Policy] when it is raised, and stored with it.
///
/// @param shown where it is shown, and who may decide there
/// @param operators whose keys may decide it
/// @param quorum how many people must approve it; one who denies ends it
/// @param offers what people can say, where the agent can take it
/// @param timing when something happens by itself
/// @param rule the rule that they follow from, if one did
public record Terms(
    List<Showing> shown,
    Voters operators,
    int quorum,
    Set<Choice> offers,
    Timing timing,
    Optional<String> rule) {

  /// Of an approval that was raised before there were terms.
  static final Terms UNKNOWN =
      new Terms(
          List.of(),
          Voters.NOBODY,
          1,
          Set.of(),
          new Timing(Optional.empty(), List.of()),
          Optional.empty());

  public Terms {
    if (quorum < 1) {
      throw new IllegalArgumentException("a quorum is at least one");
    }
    shown = List.copyOf(shown);
    offers = Set.copyOf(offers);
  }

  /// Every key of an operator, one person is enough, everything that the agent can take.
  public static Terms open(List<Showing> shown, Optional<Instant> expiresAt) {
    return new Terms(
        shown,
        Voters.EVERYBODY,
        1,
        EnumSet.allOf(Choice.class),
        new Timing(expiresAt, List.of()),
        Optional.empty());
  }

  /// See [Timing#expiresAt].
  public Optional<Instant> expiresAt() {
    return timing.expiresAt();
  }

  /// The channels that show it.
  public List<String> channels() {
    return shown.stream().map(Showing::channel).toList();
  }

  /// Whether this person may decide by this way in.
  boolean allow(Actor actor, String person) {
    return switch (actor) {
      case Actor.KeyHolder _ -> operators.include(person);
      case Actor.Clicker(var channel, var _) -> approvers(channel).contains(person);
    };
  }

  /// Whether this person may decide by any way in.
  boolean allow(String person) {
    return operators.include(person)
        || shown.stream().anyMatch(showing -> showing.approvers().contains(person));
  }

  private Set<String> approvers(String channel) {
    return shown.stream()
        .filter(showing -> showing.channel().equals(channel))
        .findFirst()
        .map(Showing::approvers)
        .orElse(Set.of());
  }

  /// As it is stored, but for the expiry, which has a column of its own.
  String text() {
    var object = Json.object();
    var places = object.putArray("shown");
    for (var showing : shown) {
      var place = places.addObject().put("channel", showing.channel());
      addAll(place.putArray("approvers"), showing.approvers().stream().sorted());
    }
    if (operators.everybody()) {
      object.put("operators", true);
    } else {
      addAll(object.putArray("operators"), operators.names().stream().sorted());
    }
    object.put("quorum", quorum);
    addAll(object.putArray("offers"), offers.stream().sorted().map(Choice::name));
    var reminders = object.putArray("reminders");
    timing.reminders().forEach(after -> reminders.add(after.toString()));
    rule.ifPresent(name -> object.put("rule", name));
    return Json.text(object);
  }

  private static void addAll(ArrayNode array, Stream<String> texts) {
    texts.forEach(array::add);
  }

  /// Reads what [#text] wrote.
  static Terms of(String text, Optional<Instant> expiresAt) {
    try {
      var stored = Json.parse(text);
      return new Terms(
          showings(stored.path("shown")),
          stored.path("operators").isArray()
              ? new Voters(false, texts(stored.path("operators")))
              : Voters.EVERYBODY,
          stored.path("quorum").intValue(),
          choices(stored.path("offers")),
          new Timing(expiresAt, durations(stored.path("reminders"))),
          Optional.ofNullable(stored.path("rule").textValue()));
    } catch (IOException e) {
      throw new IllegalStateException("stored terms are JSON", e);
    }
  }

  private static List<Showing> showings(JsonNode nodes) {
    var showings = new ArrayList<Showing>();
    nodes.forEach(
        node ->
            showings.add(
                new Showing(node.path("channel").textValue(), texts(node.path("approvers")))));
    return showings;
  }

  private static Set<Choice> choices(JsonNode nodes) {
    var choices = EnumSet.noneOf(Choice.class);
    nodes.forEach(node -> choices.add(Choice.valueOf(node.textValue())));
    return choices;
  }

  private static List<Duration> durations(JsonNode nodes) {
    var durations = new ArrayList<Duration>();
    nodes.forEach(node -> durations.add(Duration.parse(node.textValue())));
    return durations;
  }

  private static Set<String> texts(JsonNode nodes) {
    var texts = new TreeSet<String>();
    nodes.forEach(node -> texts.add(node.textValue()));
    return texts;
  }

  /// A channel that shows it.
  ///
  /// @param approvers the people who may decide there; none is nobody
  public record Showing(String channel, Set<String> approvers) {

    public Showing {
      approvers = Set.copyOf(approvers);
    }
  }

  /// People who may decide.
  ///
  /// @param everybody whoever may decide at all
  /// @param names of those who may, unless everybody may
  public record Voters(boolean everybody, Set<String> names) {

    /// Whoever may decide at all.
    public static final Voters EVERYBODY = new Voters(true, Set.of());

    /// No one.
    public static final Voters NOBODY = new Voters(false, Set.of());

    public Voters {
      names = Set.copyOf(names);
    }

    boolean include(String person) {
      return everybody || names.contains(person);
    }
  }

  /// When something happens by itself.
  ///
  /// @param expiresAt when waiting ends and nothing is approved, if it ever does
  /// @param reminders how long after it was raised people are reminded
  public record Timing(Optional<Instant> expiresAt, List<Duration> reminders) {

    public Timing {
      reminders = List.copyOf(reminders);
    }
  }
}
