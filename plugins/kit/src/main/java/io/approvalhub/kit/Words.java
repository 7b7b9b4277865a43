package io.approvalhub.kit;

import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Approval.Ending;
import io.approvalhub.plugin.Outcome;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;

/// What every platform says alike. Nothing here is escaped: that is the platform's business.
public final class Words {

  private static final DateTimeFormatter MINUTE = utc("HH:mm 'UTC'");
  private static final DateTimeFormatter DAY = utc("yyyy-MM-dd HH:mm 'UTC'");

  private Words() {}

  /// The first line of a message.
  public static String title(Approval approval) {
    var what = approval.pending() ? "Approval needed" : verb(approval);
    return what + ": " + approval.tool();
  }

  /// What is known about the call besides its arguments, in the order in which it is shown.
  public static SequencedMap<String, String> facts(Approval approval) {
    var facts = new LinkedHashMap<String, String>();
    facts.put("Agent", approval.agent());
    facts.put("Worker", approval.worker().orElse(""));
    facts.put("Tool", approval.tool());
    facts.put("Risk", approval.risk());
    facts.put("Reason", approval.reason());
    facts.put("Session", approval.session().orElse(""));
    facts.put("Expires", approval.expiresAt().map(DAY::format).orElse(""));
    facts.put("Decided", where(approval).orElse(""));
    facts.values().removeIf(String::isBlank);
    return facts;
  }

  /// Where the approval stands and what the agent made of it.
  public static String status(Approval approval) {
    return switch (approval.status()) {
      case PENDING -> "Waiting for a decision";
      case APPROVED -> decided(approval) + delivered(approval, "agent resumed");
      case DENIED -> decided(approval) + delivered(approval, "agent told");
      case EXPIRED -> "Expired: nobody decided in time";
      case CANCELLED -> "Cancelled" + cause(approval);
    };
  }

  /// Where and when a person decided it, such as `via phone at 12:04 UTC`; empty when nobody did.
  public static Optional<String> where(Approval approval) {
    return switch (approval.status()) {
      case APPROVED, DENIED -> approval.ending().map(Words::where);
      case PENDING, CANCELLED, EXPIRED -> Optional.empty();
    };
  }

  /// What to tell the person who acted; empty when the message itself will show it.
  public static String answer(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Recorded _ -> "";
      case Outcome.TooLate(var approval) -> tooLate(approval);
      case Outcome.NotAllowed(var why) -> why;
      case Outcome.Unknown _ -> "That request is gone";
    };
  }

  /// The label of a button.
  public static String button(Action action, Approval approval) {
    return switch (action) {
      case APPROVE -> "Approve";
      case APPROVE_AND_REMEMBER ->
          "Approve & remember" + approval.remembers().map(scope -> " (" + scope + ")").orElse("");
      case DENY -> "Deny";
      case DENY_WITH_REASON -> "Deny with reason…";
    };
  }

  private static String decided(Approval approval) {
    var edited = approval.ending().flatMap(Ending::edited).isPresent();
    return verb(approval)
        + approval.ending().map(decided -> " by " + decided.by()).orElse("")
        + (edited ? " with edited arguments" : "")
        + reason(approval).map(reason -> ": " + reason).orElse("");
  }

  private static String delivered(Approval approval, String taken) {
    return switch (approval.delivered()) {
      case WAITING ->
          approval.trouble().map(why -> ", but the agent is not told yet: " + why).orElse("");
      case DELIVERED -> " · " + taken;
      case GONE -> ", but the agent no longer waits";
      case UNKNOWN -> " · the agent may have received it";
    };
  }

  private static String tooLate(Approval approval) {
    var already = "Already " + verb(approval).toLowerCase(Locale.ROOT);
    return switch (approval.status()) {
      case APPROVED, DENIED -> already + approval.ending().map(Words::byWhomHowAndWhen).orElse("");
      case CANCELLED -> already + cause(approval);
      case EXPIRED -> already + at(approval.expiresAt());
      case PENDING -> "Still waiting for a decision";
    };
  }

  private static String byWhomHowAndWhen(Ending decided) {
    return " by " + decided.by() + " " + where(decided);
  }

  private static String where(Ending decided) {
    return "via " + decided.via() + at(Optional.of(decided.at()));
  }

  private static String at(Optional<Instant> time) {
    return time.map(instant -> " at " + MINUTE.format(instant)).orElse("");
  }

  private static String cause(Approval approval) {
    return reason(approval)
        .or(() -> approval.ending().map(decided -> "by " + decided.by()))
        .map(cause -> ": " + cause)
        .orElse("");
  }

  private static Optional<String> reason(Approval approval) {
    return approval.ending().flatMap(Ending::reason);
  }

  private static String verb(Approval approval) {
    var name = approval.status().name();
    return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
  }

  private static DateTimeFormatter utc(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }
}
