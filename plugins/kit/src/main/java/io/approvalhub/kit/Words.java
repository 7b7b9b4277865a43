package io.approvalhub.kit;

import io.approvalhub.kit.parts.Headline;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Approval.Ending;
import io.approvalhub.plugin.Outcome;
import io.approvalhub.plugin.Part;
import io.approvalhub.plugin.Reader;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;

/// What every platform says alike, in the language and the time zone of who reads it. Nothing here
/// is escaped: that is the platform's business.
public final class Words {

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

  /// What is known about the call besides its arguments, in the order in which it is shown.
  public SequencedMap<String, String> details(Approval approval) {
    var details = new LinkedHashMap<String, String>();
    details.put(text("label.agent"), approval.agent());
    details.put(text("label.worker"), approval.worker().orElse(""));
    details.put(text("label.tool"), approval.tool());
    details.put(text("label.risk"), approval.risk());
    details.put(text("label.reason"), approval.reason());
    details.put(text("label.session"), approval.session().orElse(""));
    details.put(text("label.expires"), approval.expiresAt().map(day::format).orElse(""));
    details.put(text("label.decided"), where(approval).orElse(""));
    details.values().removeIf(String::isBlank);
    return details;
  }

  /// What an agent wants, in a line.
  public String headline(String agent, Headline headline) {
    var values = new ArrayList<Object>();
    values.add(agent);
    values.addAll(headline.values());
    return text("headline." + headline.kind().name(), values.toArray());
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

  /// Where and when a person decided it, such as `via phone at 12:04 UTC`; empty when nobody did.
  public Optional<String> where(Approval approval) {
    return switch (approval.status()) {
      case APPROVED, DENIED -> approval.ending().map(this::where);
      case PENDING, CANCELLED, EXPIRED -> Optional.empty();
    };
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
        .map(decided -> text("late.by", already, decided.by()) + " " + where(decided))
        .orElse(already);
  }

  private String where(Ending decided) {
    return text("where.via", decided.via(), hour.format(decided.at()));
  }

  private String because(String status, Optional<String> reason) {
    return reason
        .map(why -> text("status.because", status, messages.translated(why)))
        .orElse(status);
  }

  private static DateTimeFormatter times(Reader reader, String pattern) {
    return DateTimeFormatter.ofPattern(pattern, reader.language()).withZone(reader.zone());
  }
}
