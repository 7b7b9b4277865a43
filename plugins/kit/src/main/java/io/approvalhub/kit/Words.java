package io.approvalhub.kit;

import io.approvalhub.kit.parts.Headline;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Approval.Ballot;
import io.approvalhub.plugin.Approval.Ending;
import io.approvalhub.plugin.Outcome;
import io.approvalhub.plugin.Part;
import io.approvalhub.plugin.Reader;
import io.approvalhub.plugin.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What every platform says alike, in the language and the time zone of who reads it. Nothing here
/// is escaped: that is the platform's business.
public final class Words {

  /// The first line of a notification: about what a lock screen shows.
  public static final int LONGEST_NOTICE = 150;

  /// Stands where a time will be; no text has it.
  private static final String TIME = "\0";

  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration SOON = Duration.ofMinutes(5);

  /// Whoever says that little is left may have a clock that is ahead of this one.
  private static final Duration SKEW = Duration.ofSeconds(5);

  private final Messages messages;
  private final DateTimeFormatter hour;
  private final DateTimeFormatter day;

  private Words(Reader reader) {
    messages = Messages.in(reader.language());
    hour = times(reader, "HH:mm z");
    day = times(reader, "yyyy-MM-dd HH:mm z");
  }

  /// The words for a reader.
  public static Words of(Reader reader) {
    return new Words(reader);
  }

  /// Other words of the bundle.
  ///
  /// @param key as in `messages.properties`
  public String text(String key, Object... values) {
    return messages.text(key, values);
  }

  /// The first line of a message.
  public String title(Approval approval) {
    return text("title." + approval.status().name().toLowerCase(Locale.ROOT), approval.tool());
  }

  /// What an agent wants, in a line.
  public String headline(String agent, Headline headline) {
    var values = new ArrayList<Object>();
    values.add(agent);
    values.addAll(headline.values());
    return text("headline." + headline.kind().name(), values.toArray());
  }

  /// What the lock screen says: how risky it is, what the agent wants, and the beginning of the
  /// call; or how it ended.
  public String notice(Approval approval) {
    var gist = gist(approval).map(line -> ": " + line).orElse("");
    var risk = approval.risk().isBlank() ? "" : sign(approval) + " " + risk(approval) + " · ";
    var notice =
        approval.pending()
            ? risk + approval.headline() + gist
            : status(approval) + " · " + approval.headline();
    return Text.fit(notice, LONGEST_NOTICE);
  }

  /// The first line of a card that waits: what the agent wants, behind the sign of the risk.
  public String heading(Approval approval) {
    var sign = sign(approval);
    return sign.isEmpty() ? approval.headline() : sign + " " + approval.headline();
  }

  /// A sign for how risky the agent says it is, which screen readers read out; empty when it says
  /// nothing.
  public static String sign(Approval approval) {
    return switch (approval.risk().toLowerCase(Locale.ROOT)) {
      case "" -> "";
      case "low" -> "🟢";
      case "medium" -> "🟡";
      case "high" -> "🟠";
      case "critical" -> "🔴";
      default -> "⚪";
    };
  }

  /// What is known about the call besides its parts.
  public Map<Fact, String> facts(Approval approval) {
    var facts = new EnumMap<Fact, String>(Fact.class);
    facts.put(Fact.RISK, approval.risk().isBlank() ? "" : text("risk.claim", risk(approval)));
    facts.put(Fact.REASON, approval.reason());
    facts.put(Fact.HINTS, hints(approval));
    facts.put(
        Fact.REMEMBERS,
        approval
            .remembers()
            .filter(_ -> approval.actions().contains(Action.APPROVE_AND_REMEMBER))
            .orElse(""));
    facts.put(Fact.AGENT, approval.agent());
    facts.put(Fact.WORKER, approval.worker().orElse(""));
    facts.put(Fact.TOOL, approval.tool());
    facts.put(Fact.SESSION, approval.session().orElse(""));
    facts.values().removeIf(String::isBlank);
    return facts;
  }

  /// What a fact is called; empty where it says so itself.
  public String label(Fact fact) {
    return fact == Fact.RISK ? "" : text("label." + fact.name().toLowerCase(Locale.ROOT));
  }

  /// What a part is called; empty for a table, whose rows say so themselves.
  public String label(Part part) {
    return part instanceof Part.Json json && json.quoted()
        ? text("label.quoted", part.label())
        : part.label();
  }

  /// Where the approval stands and what the agent made of it.
  public String status(Approval approval) {
    return switch (approval.status()) {
      case PENDING ->
          approval.tally().quorum() == 1
              ? text("status.pending")
              : text("status.tally", approval.tally().approvals(), approval.tally().quorum());
      case APPROVED -> delivered(approval, decided(approval), "agent.resumed");
      case DENIED -> delivered(approval, decided(approval), "agent.told");
      case EXPIRED -> text("status.expired");
      case CANCELLED -> cancelled(approval, text("status.cancelled"));
    };
  }

  /// What each person has said while more must approve.
  public List<String> votes(Approval approval) {
    return approval.tally().ballots().stream().map(this::vote).toList();
  }

  /// Where and when a person decided it, such as `via phone at 12:04 UTC`; empty when nobody did.
  public Optional<Timed> where(Approval approval) {
    return switch (approval.status()) {
      case APPROVED, DENIED ->
          approval.ending().map(decided -> timed("where.via", decided.at(), decided.via()));
      case PENDING, CANCELLED, EXPIRED -> Optional.empty();
    };
  }

  /// When it expires, and how long after it was asked; empty when it does not, or no longer waits.
  /// For messages that stay as they are while time passes.
  public Optional<Timed> expiry(Approval approval, Instant now) {
    return expires(approval)
        .map(
            at ->
                isSoon(approval, now)
                    ? timed("expires.soon", at, "")
                    : timed(
                        "expires.after", at, length(Duration.between(approval.raisedAt(), at))));
  }

  /// The same for platforms that show how long it is until then.
  public Optional<Timed> liveExpiry(Approval approval, Instant now) {
    var key = isSoon(approval, now) ? "expires.live.soon" : "expires.live";
    return expires(approval).map(at -> timed(key, at, ""));
  }

  /// A text with a time in it, for people, with the date where it is not clear.
  public String said(Timed timed, Instant now) {
    return timed.before + time(timed.at, now) + timed.after;
  }

  /// Whether little time is left: five minutes, or a quarter of what there was.
  public static boolean isSoon(Approval approval, Instant now) {
    return expires(approval).filter(at -> !now.isBefore(soon(approval.raisedAt(), at))).isPresent();
  }

  /// From when on little time is left.
  public static Instant soon(Instant raisedAt, Instant expiresAt) {
    var quarter = Duration.between(raisedAt, expiresAt).dividedBy(4);
    return expiresAt.minus(quarter.compareTo(SOON) < 0 ? quarter : SOON);
  }

  /// A time for people, with its date where that is not clear.
  public String time(Instant at, Instant now) {
    var isNear = Duration.between(now, at).abs().compareTo(DAY.dividedBy(2)) < 0;
    return (isNear ? hour : day).format(at);
  }

  /// A length of time in words, to the minute.
  public String length(Duration length) {
    var minutes = length.toMinutes();
    if (minutes < 60) {
      return text("time.minutes", minutes);
    }
    var hours = length.toHours();
    if (hours < 24) {
      return two(text("time.hours", hours), "time.minutes", minutes % 60);
    }
    return two(text("time.days", hours / 24), "time.hours", hours % 24);
  }

  /// What to tell the person who acted; empty when the message itself will show it.
  public String answer(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Recorded _ -> "";
      case Outcome.TooLate(var approval) -> late(approval);
      case Outcome.NotAllowed(var why) -> messages.translated(why);
      case Outcome.Unknown _ -> text("unknown");
    };
  }

  /// The label of a button.
  public String button(Action action, Approval approval) {
    return switch (action) {
      case APPROVE -> text("button.approve");
      case APPROVE_AND_REMEMBER ->
          approval
              .remembers()
              .map(scope -> text("button.remember.scope", scope))
              .orElseGet(() -> text("button.remember"));
      case DENY -> text("button.deny");
      case DENY_WITH_REASON -> text("button.reason");
    };
  }

  private String hints(Approval approval) {
    return approval.hints().stream()
        .map(hint -> text("hint." + hint.name()))
        .collect(Collectors.joining(", "));
  }

  private String risk(Approval approval) {
    var key = "risk." + approval.risk().toLowerCase(Locale.ROOT);
    return messages.has(key) ? text(key) : text("risk.other", approval.risk());
  }

  private static Optional<Instant> expires(Approval approval) {
    return approval.expiresAt().filter(_ -> approval.pending());
  }

  /// @param value beside the time
  private Timed timed(String key, Instant at, String value) {
    var around = text(key, TIME, value).split(TIME, 2);
    return new Timed(around[0], at, around[1]);
  }

  private String two(String first, String key, long second) {
    return second == 0 ? first : text("time.two", first, text(key, second));
  }

  private static Optional<String> gist(Approval approval) {
    return approval.parts().stream()
        .findFirst()
        .flatMap(part -> part.text().lines().filter(line -> !line.isBlank()).findFirst())
        .map(String::strip);
  }

  private String vote(Ballot ballot) {
    var key = ballot.verdict() == Verdict.APPROVE ? "vote.approve" : "vote.deny";
    var vote = text("vote.where", text(key, ballot.by()), hour.format(ballot.at()), ballot.via());
    return because(vote, ballot.reason());
  }

  private String decided(Approval approval) {
    var key = "status." + approval.status().name().toLowerCase(Locale.ROOT);
    var edited = approval.amendment().isPresent() ? ".edited" : "";
    return because(
        approval
            .ending()
            .map(decided -> text(key + ".by" + edited, decided.by()))
            .orElseGet(() -> text(key)),
        approval.ending().flatMap(Ending::reason));
  }

  private String delivered(Approval approval, String status, String taken) {
    return switch (approval.delivered()) {
      case WAITING ->
          approval.trouble().map(why -> text("agent.untold", status, why)).orElse(status);
      case DELIVERED -> text(taken, status);
      case GONE -> text("agent.gone", status);
      case UNKNOWN -> text("agent.unknown", status);
    };
  }

  /// @param how it is said that it was cancelled
  private String cancelled(Approval approval, String how) {
    var reason = approval.ending().flatMap(Ending::reason);
    return reason.isPresent()
        ? because(how, reason)
        : approval.ending().map(ended -> text("cancelled.by", how, ended.by())).orElse(how);
  }

  private String late(Approval approval) {
    return switch (approval.status()) {
      case APPROVED -> lateBy(text("late.approved"), approval);
      case DENIED -> lateBy(text("late.denied"), approval);
      case CANCELLED -> cancelled(approval, text("late.cancelled"));
      case EXPIRED ->
          approval
              .expiresAt()
              .map(at -> text("late.at", text("late.expired"), hour.format(at)))
              .orElseGet(() -> text("late.expired"));
      case PENDING -> text("late.pending");
    };
  }

  private String lateBy(String already, Approval approval) {
    return approval
        .ending()
        .map(
            decided ->
                text(
                    "late.by",
                    already,
                    decided.by(),
                    text("where.via", hour.format(decided.at()), decided.via())))
        .orElse(already);
  }

  private String because(String status, Optional<String> reason) {
    return reason
        .map(why -> text("status.because", status, messages.translated(why)))
        .orElse(status);
  }

  private static DateTimeFormatter times(Reader reader, String pattern) {
    return DateTimeFormatter.ofPattern(pattern, reader.language()).withZone(reader.zone());
  }

  /// A text with a time in it, which some platforms show as the reader lives it.
  public record Timed(String before, Instant at, String after) {}

  /// What is known about a call besides its parts.
  public enum Fact {
    /// How risky it is by the agent's word.
    RISK,
    /// Why the agent asks.
    REASON,
    /// What the tool says of itself.
    HINTS,
    /// What approving and remembering would cover.
    REMEMBERS,
    /// Which agent.
    AGENT,
    /// Who within it.
    WORKER,
    /// Which tool.
    TOOL,
    /// Which conversation of the agent.
    SESSION;

    /// Whether it belongs into the last line, which nobody has to read.
    public boolean isQuiet() {
      return compareTo(AGENT) >= 0;
    }
  }
}
