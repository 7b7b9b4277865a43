package io.approvalhub.whatsapp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.Text;
import io.approvalhub.kit.Words;
import io.approvalhub.kit.Words.Fact;
import io.approvalhub.kit.parts.Fitting;
import io.approvalhub.kit.parts.Fitting.Attachment;
import io.approvalhub.kit.parts.Fitting.Line;
import io.approvalhub.kit.parts.Fitting.Room;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Part;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the person is sent.
final class WhatsAppMessages {

  /// What a button of the template carries when it may not decide, since not everything was shown.
  static final String SHOW = "ah:show";

  private static final int BODY = 1024;
  private static final int LINE = 60;
  private static final int TITLE = 160;

  /// What is said of the parts that do not fit.
  private static final int NOTE = 200;

  private static final int TEXT = 4000;
  private static final int CHANGES = 1500;
  private static final int BUTTONS = 3;
  private static final int ROW_TITLE = 24;
  private static final int ROW_DESCRIPTION = 72;

  // With the marks of code, they leave 212 of the 1,024 characters for the template's own words.
  private static final int TEMPLATE_TOOL = 100;
  private static final int TEMPLATE_DETAILS = 250;
  private static final int TEMPLATE_ARGUMENTS = 450;

  /// What the platform refuses in a template's parameters.
  private static final Pattern NO_PARAMETER = Pattern.compile("[\\t\\n\\r]| {4}");

  /// A marker that touches no letter on one side may begin or end markup.
  private static final Pattern MARKUP =
      Pattern.compile("(?<![\\p{L}\\p{N}])[*_~]|[*_~](?![\\p{L}\\p{N}])|`");

  private final WhatsAppSettings settings;

  private final Words words;
  private final Instant now;

  WhatsAppMessages(WhatsAppSettings settings, Words words, Instant now) {
    this.settings = settings;
    this.words = words;
    this.now = now;
  }

  /// The request with its buttons, or with a list where it has more actions than buttons.
  ///
  /// A list cannot carry a file. With one, a denial with a reason has no button of its own: the
  /// footer says how else to do it.
  ///
  /// @param media the id of [#file], where there is one
  ObjectNode prompt(Approval approval, Optional<String> media) {
    var fitting = fitting(approval);
    var actions = new ArrayList<>(fitting.actions(media.isPresent()));
    var interactive = Json.object();
    media.ifPresent(id -> interactive.set("header", header(file(approval).orElseThrow(), id)));
    interactive.putObject("body").put("text", text(fitting));
    interactive.putObject("footer").put("text", words.text("whatsapp.footer"));
    if (actions.size() > BUTTONS && media.isPresent()) {
      actions.remove(Action.DENY_WITH_REASON);
    }
    if (actions.size() <= BUTTONS) {
      interactive.put("type", "button").set("action", buttons(approval, actions));
    } else {
      interactive.put("type", "list").set("action", rows(approval, actions));
    }
    return message("interactive", interactive);
  }

  /// What goes with [#prompt] where it cannot show the request as it is.
  Optional<Attachment> file(Approval approval) {
    return fitting(approval).file(words);
  }

  /// What can be sent when the person has not written for a day. Its approve button approves only
  /// where everything is shown.
  ObjectNode template(Approval approval) {
    var template = Json.object().put("name", settings.template().name());
    template
        .putObject("language")
        .put("policy", "deterministic")
        .put("code", settings.template().language());
    template
        .putArray("components")
        .add(body(approval))
        // The first button carries nothing, which the platform returns as its label: any press that
        // is no decision shows the request.
        .add(quickReply("1", payload(approval, Action.APPROVE, fitsTemplate(approval))))
        .add(quickReply("2", payload(approval, Action.DENY, true)));
    return message("template", template);
  }

  /// Whether [#template] shows the request as it is.
  boolean fitsTemplate(Approval approval) {
    return parameters(approval).stream().allMatch(Parameter::whole);
  }

  /// What became of the request, and where; and what was changed of it, if a person did.
  String outcome(Approval approval) {
    var where = words.where(approval).map(at -> " (" + words.said(at, now) + ")").orElse("");
    var outcome = plain(Text.fit(line(words.status(approval) + where), TEXT - CHANGES));
    return approval
        .amendment()
        .map(edit -> outcome + "\n" + code(Text.fit(edit.changes().text(), CHANGES - 10)))
        .orElse(outcome);
  }

  /// An answer to what a person did.
  ObjectNode reply(String person, String quoted, String text) {
    return tell(person, quoted, plain(Text.fit(line(text), TEXT)));
  }

  /// A text that quotes a message.
  ///
  /// @param text with its markup
  ObjectNode tell(String person, String quoted, String text) {
    var content = Json.object().put("body", text);
    var message = message("text", content.put("preview_url", false), person);
    message.putObject("context").put("message_id", quoted);
    return message;
  }

  private ObjectNode message(String type, JsonNode content) {
    return message(type, content, settings.to());
  }

  private static ObjectNode message(String type, JsonNode content, String person) {
    // A user id in `to` is taken for a number, and what is sent so gets lost in silence.
    var message =
        Json.object()
            .put("messaging_product", "whatsapp")
            .put("recipient_type", "individual")
            .put(WhatsAppSettings.isUserId(person) ? "recipient" : "to", person)
            .put("type", type);
    message.set(type, content);
    return message;
  }

  private static ObjectNode header(Attachment file, String media) {
    var header = Json.object().put("type", "document");
    header.putObject("document").put("id", media).put("filename", file.name());
    return header;
  }

  private ObjectNode buttons(Approval approval, List<Action> actions) {
    var action = Json.object();
    var buttons = action.putArray("buttons");
    for (var each : actions) {
      var button = buttons.addObject().put("type", "reply");
      button.putObject("reply").put("id", approval.button(each)).put("title", label(each));
    }
    return action;
  }

  private ObjectNode rows(Approval approval, List<Action> actions) {
    var action = Json.object().put("button", words.text("button.decide"));
    var rows = action.putArray("sections").addObject().putArray("rows");
    for (var each : actions) {
      var row = rows.addObject().put("id", approval.button(each)).put("title", label(each));
      if (each == Action.APPROVE_AND_REMEMBER) {
        approval
            .remembers()
            .ifPresent(scope -> row.put("description", Text.fit(scope, ROW_DESCRIPTION)));
      }
    }
    return action;
  }

  /// [Words#button] in the 20 characters that fit.
  private String label(Action action) {
    return switch (action) {
      case APPROVE -> words.text("button.approve");
      case APPROVE_AND_REMEMBER -> words.text("button.remember");
      case DENY -> words.text("button.deny");
      case DENY_WITH_REASON -> words.text("button.reason.short");
    };
  }

  /// The request as it is, if the body has room for it; otherwise what a glance needs.
  private Fitting fitting(Approval approval) {
    var whole = fitting(approval, Integer.MAX_VALUE, BODY);
    return whole.whole() ? whole : fitting(approval, LINE, BODY - NOTE);
  }

  private Fitting fitting(Approval approval, int fact, int most) {
    var room =
        Room.of(fact, 0)
            .parts(facts -> most - head(approval, facts).length() - tail(approval, facts).length())
            .size(part -> part(part).length() + 1)
            .faithful(WhatsAppMessages::isFaithful);
    return Fitting.of(approval, words, room);
  }

  private String text(Fitting fitting) {
    var approval = fitting.approval();
    var parts = fitting.pieces().stream().map(piece -> part(piece.shown()) + "\n");
    var note =
        fitting
            .file(words)
            .map(file -> words.text("place.named", file.name()))
            .flatMap(place -> fitting.note(words, true, place))
            .map(words -> words + "\n");
    return head(approval, fitting.facts())
        + parts.collect(Collectors.joining())
        + note.orElse("")
        + tail(approval, fitting.facts());
  }

  /// What the agent wants, how risky it is, and why.
  private String head(Approval approval, List<Line> facts) {
    var head = new StringBuilder();
    head.append(bold(Text.fit(line(words.heading(approval)), TITLE))).append('\n');
    facts.stream()
        .filter(line -> !line.fact().isQuiet())
        .forEach(line -> head.append(fact(line.label(), line.shown())).append('\n'));
    return head.toString();
  }

  /// Until when it waits, and what nobody has to read.
  private String tail(Approval approval, List<Line> facts) {
    var expiry = words.expiry(approval, now).map(at -> words.said(at, now) + "\n").orElse("");
    return expiry
        + facts.stream()
            .filter(line -> line.fact().isQuiet())
            .map(line -> fact(line.label(), line.shown()))
            .collect(Collectors.joining(" · "));
  }

  private static String fact(String label, String text) {
    var shown = plain(line(text));
    return label.isEmpty() ? shown : label + ": " + shown;
  }

  private String part(Part part) {
    var label = words.label(part);
    var heading = label.isEmpty() ? "" : bold(label) + "\n";
    return part instanceof Part.Table table
        ? table.rows().stream().map(WhatsAppMessages::row).collect(Collectors.joining("\n"))
        : heading + code(part.text());
  }

  private static String row(Part.Row row) {
    return row.name().isEmpty()
        ? code(row.value())
        : bold(row.name() + ":") + " " + plain(row.value());
  }

  /// Nothing shows three backticks as they are.
  private static boolean isFaithful(Part part) {
    return isCode(part.text()) && isCode(part.label());
  }

  private ObjectNode body(Approval approval) {
    var body = Json.object().put("type", "body");
    var texts = body.putArray("parameters");
    parameters(approval).forEach(parameter -> texts.add(parameter(parameter.shown)));
    return body;
  }

  /// What goes into a template: three texts of one line each.
  private List<Parameter> parameters(Approval approval) {
    var tool = line(approval.tool());
    var details = details(approval);
    return List.of(
        new Parameter(plain(Text.fit(tool, TEMPLATE_TOOL)), tool.length() <= TEMPLATE_TOOL),
        new Parameter(
            plain(Text.fit(details, TEMPLATE_DETAILS)), details.length() <= TEMPLATE_DETAILS),
        arguments(approval));
  }

  /// @param whole whether it shows all that there is to say
  private record Parameter(String shown, boolean whole) {}

  private static ObjectNode parameter(String text) {
    return Json.object().put("type", "text").put("text", text);
  }

  private Parameter arguments(Approval approval) {
    var arguments = joined(approval.arguments());
    var code = code(arguments);
    var fits = code.length() <= TEMPLATE_ARGUMENTS;
    if (fits && isCode(arguments) && !NO_PARAMETER.matcher(arguments).find()) {
      return new Parameter(code, true);
    }
    var part = words.text("whatsapp.part");
    var room = TEMPLATE_ARGUMENTS - code("").length() - 1 - part.length();
    return new Parameter(code(Text.fit(line(arguments), room)) + " " + part, false);
  }

  private String details(Approval approval) {
    var facts =
        words.facts(approval).entrySet().stream()
            .filter(fact -> fact.getKey() != Fact.TOOL)
            .map(fact -> fact(words.label(fact.getKey()), fact.getValue()));
    var expiry = words.expiry(approval, now).map(at -> words.said(at, now)).stream();
    return Stream.concat(facts, expiry).collect(Collectors.joining(" · "));
  }

  private String payload(Approval approval, Action action, boolean decides) {
    return decides && approval.actions().contains(action) ? approval.button(action) : SHOW;
  }

  private static ObjectNode quickReply(String index, String payload) {
    var button = Json.object().put("type", "button").put("sub_type", "quick_reply");
    button.put("index", index);
    button.putArray("parameters").addObject().put("type", "payload").put("payload", payload);
    return button;
  }

  /// Indented JSON on one line: line breaks in it are never part of a value.
  private static String joined(String json) {
    return json.lines().map(String::strip).collect(Collectors.joining(" "));
  }

  /// On one line, where no list or quotation can begin.
  private static String line(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }

  /// As code where some of it would be markup: WhatsApp knows no escape, and nothing in code is
  /// markup but its end.
  private static String plain(String text) {
    return MARKUP.matcher(text).find() ? code(text) : text;
  }

  private static String bold(String text) {
    var plain = plain(text);
    return plain.equals(text) ? "*" + text + "*" : plain;
  }

  private static boolean isCode(String text) {
    return !text.contains("```");
  }

  private static String code(String text) {
    return "```" + text.replace("```", "'''") + "```";
  }
}
