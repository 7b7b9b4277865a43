package io.approvalhub.breaking;

import io.approvalhub.breaking.Evidence.Claim;
import io.approvalhub.breaking.Evidence.Clicked;
import io.approvalhub.breaking.Evidence.Copy;
import io.approvalhub.breaking.Evidence.Seen;
import io.approvalhub.breaking.Evidence.Told;
import io.approvalhub.breaking.Job.Source;
import io.approvalhub.breaking.Violation.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Judges what was seen of one job after everything was mended. It knows nothing of the hub but its
/// promises.
final class Checker {

  private static final Pattern ALREADY =
      Pattern.compile("(?s).*[Aa]lready (approved|denied) by (\\w+) via (\\w+).*");

  /// Where a message cannot be found again whose posting was interrupted: the platform takes no id
  /// that the hub could give it. People who press its buttons are told how it ended.
  private static final Set<String> FORGETFUL = Set.of("phone", "slack");

  private final Evidence evidence;
  private final List<Violation> violations = new ArrayList<>();

  private Checker(Evidence evidence) {
    this.evidence = evidence;
  }

  /// The promises that were not kept about this job.
  static List<Violation> check(Evidence evidence) {
    var checker = new Checker(evidence);
    checker.check();
    return List.copyOf(checker.violations);
  }

  /// How many messages about this job the hub has lost sight of, so that they do not show how it
  /// ended.
  static long lost(Evidence evidence) {
    return evidence.claims().stream()
        .flatMap(
            claim ->
                evidence.channels().values().stream()
                    .flatMap(seen -> seen.copies().stream())
                    .filter(copy -> !shows(copy, claim)))
        .count();
  }

  private void check() {
    require(
        evidence.told().stream().noneMatch(Told::approved)
            || evidence.clicks().stream().anyMatch(Clicked::approve),
        Promise.DECIDED,
        "the agent was told that it may, and nobody approved: " + evidence.told());
    if (evidence.claims().size() > 1) {
      complain(Promise.POSTED, "the hub knows it " + evidence.claims().size() + " times");
    } else if (evidence.claims().isEmpty()) {
      require(!evidence.raised(), Promise.POSTED, "the hub does not know it");
      require(evidence.told().isEmpty(), Promise.TOLD, "the hub does not know what it told");
    } else {
      check(evidence.claims().getFirst());
    }
  }

  private void check(Claim claim) {
    decided(claim);
    first(claim);
    evidence.channels().forEach((channel, seen) -> channel(claim, channel, seen));
    if (!claim.pending()) {
      told(claim);
    } else {
      require(evidence.told().isEmpty(), Promise.TOLD, "the agent was told while it waits");
    }
  }

  private void decided(Claim claim) {
    var expires = evidence.job().expiresIn().isPresent();
    switch (claim.status()) {
      case "pending" -> {
        require(!evidence.job().awaited(), Promise.DECIDED, "somebody decided, and it waits");
        require(!expires, Promise.DECIDED, "it waits longer than it may");
        require(evidence.read() || !isRelayed(), Promise.DECIDED, "it waits, and nobody reads");
      }
      case "approved", "denied" ->
          require(
              evidence.clicks().stream().anyMatch(click -> fits(click, claim)),
              Promise.DECIDED,
              "nobody did what the hub says: " + claim);
      case "expired" -> require(expires, Promise.DECIDED, "it expired");
      case "cancelled" -> {
        require(isRelayed(), Promise.DECIDED, "it was cancelled");
        require(
            !evidence.read() || evidence.hidden(),
            Promise.DECIDED,
            "it was cancelled, and somebody reads");
      }
      default -> complain(Promise.DECIDED, "it became " + claim.status());
    }
  }

  private void first(Claim claim) {
    var recorded = evidence.clicks().stream().filter(Clicked::recorded).toList();
    require(
        recorded.stream().allMatch(click -> fits(click, claim)),
        Promise.FIRST,
        recorded + " was recorded, and the hub says " + claim);
    require(recorded.size() <= 1, Promise.FIRST, "more than one was recorded: " + recorded);
    evidence.clicks().stream()
        .flatMap(click -> click.answer().stream())
        .flatMap(Checker::already)
        .filter(other -> !other.equals(decision(claim)))
        .forEach(other -> complain(Promise.FIRST, "somebody was told: already " + other));
  }

  private void channel(Claim claim, String channel, Seen seen) {
    posted(claim, channel, seen);
    shown(claim, channel, seen);
    notPostedAgain(channel, seen);
  }

  private void posted(Claim claim, String channel, Seen seen) {
    require(
        !seen.copies().isEmpty() || !claim.pending() || seen.alarmed(),
        Promise.POSTED,
        channel + " does not show it");
    require(
        seen.doubtful() || seen.copies().size() <= 1,
        Promise.POSTED,
        channel + " shows it " + seen.copies().size() + " times for no reason");
  }

  private void shown(Claim claim, String channel, Seen seen) {
    var right = seen.copies().stream().filter(copy -> shows(copy, claim)).count();
    var lost = seen.doubtful() && FORGETFUL.contains(channel);
    require(
        right == seen.copies().size() || lost || seen.alarmed(),
        Promise.SHOWN,
        "%s shows %s, and the hub says %s".formatted(channel, lines(seen), claim));
  }

  private void notPostedAgain(String channel, Seen seen) {
    var ended = false;
    for (var writing : seen.writings()) {
      require(
          !writing.post() || (!ended && writing.pending()),
          Promise.NOT_POSTED_AGAIN,
          channel + " got it again after it had ended: " + seen.writings());
      ended = ended || !writing.pending();
    }
  }

  private void told(Claim claim) {
    var approved = claim.status().equals("approved");
    require(
        evidence.told().stream().allMatch(told -> told.approved() == approved),
        Promise.TOLD,
        "the agent was told " + evidence.told() + ", and the hub says " + claim);
    var counted = evidence.told().stream().filter(Told::counted).map(Told::id).distinct().count();
    require(counted <= 1, Promise.TOLD, "the agent was told more than once: " + evidence.told());
    switch (claim.delivered()) {
      case "delivered" -> require(counted == 1, Promise.TOLD, "the agent was not told");
      case "unknown" ->
          require(evidence.hidden(), Promise.TOLD, "its answer was not lost: " + claim);
      case "gone" -> require(counted == 0, Promise.TOLD, "the agent was told: " + claim);
      default ->
          require(
              evidence.job().source() == Source.UNHEARD,
              Promise.TOLD,
              "the agent is not told yet: " + claim);
    }
    var once = isRelayed() || (evidence.job().source() == Source.CODER && !evidence.hidden());
    require(
        !once || evidence.told().size() <= 1,
        Promise.TOLD,
        "the agent was called more than once: " + evidence.told());
    require(
        !evidence.read() || counted == 0, Promise.TOLD, "the agent was told and does not go on");
  }

  private boolean isRelayed() {
    return evidence.job().source() == Source.RELAYED;
  }

  private static boolean shows(Copy copy, Claim claim) {
    return copy.buttons() == claim.pending()
        && words(claim).stream().allMatch(copy.text()::contains);
  }

  /// What a copy has to say about an approval in this state.
  private static List<String> words(Claim claim) {
    return switch (claim.status()) {
      case "pending" -> List.of(" wants to ");
      case "approved", "denied" ->
          List.of(
              capital(claim.status()) + " by " + claim.by().orElse("?"),
              switch (claim.delivered()) {
                case "delivered" ->
                    claim.status().equals("approved") ? "agent resumed" : "agent told";
                case "gone" -> "the agent no longer waits";
                case "unknown" -> "the agent may have received it";
                default -> "";
              });
      default -> List.of(capital(claim.status()));
    };
  }

  private static boolean fits(Clicked click, Claim claim) {
    return claim.decided()
        && claim.by().equals(Optional.of(click.person()))
        && claim.status().equals(click.approve() ? "approved" : "denied");
  }

  private static Stream<String> already(String answer) {
    var already = ALREADY.matcher(answer);
    return already.matches()
        ? Stream.of(already.group(1) + " by " + already.group(2))
        : Stream.empty();
  }

  private static String decision(Claim claim) {
    return claim.status() + " by " + claim.by().orElse("nobody");
  }

  private static List<String> lines(Seen seen) {
    return seen.copies().stream().map(copy -> copy.text().replace('\n', '|')).toList();
  }

  private static String capital(String word) {
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }

  private void require(boolean kept, Promise promise, String what) {
    if (!kept) {
      complain(promise, what);
    }
  }

  private void complain(Promise promise, String what) {
    violations.add(new Violation(promise, evidence.job().name(), what));
  }
}
