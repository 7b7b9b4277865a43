package io.approvalhub.whatsapp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Fitting;
import io.approvalhub.kit.Fitting.Part;
import io.approvalhub.kit.Fitting.Room;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.Text;
import io.approvalhub.kit.Words;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What the person is sent.
final class WhatsAppMessages {

  /// What a button of the template carries when it may not decide, since not everything was shown.
  static final String SHOW = "ah:show";

  private static final int BODY = 1024;
  private static final int LINE = 60;
  private static final int TITLE = 100;
  private static final int TEXT = 4000;
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

  WhatsAppMessages(WhatsAppSettings settings, Words words) {
    this.settings = settings;
    this.words = words;
  }

  /// The request with its buttons, or with a list where it has more actions than buttons.
  ///
  /// A list cannot carry a file. With one, a denial with a reason has no button of its own: the
  /// footer says how else to do it.
  ///
  /// @param file the media id of [#whole], where the request does not fit
  ObjectNode prompt(Approval approval, Optional<String> file) {
    var whole = card(approval);
    var actions = new ArrayList<>(whole.actions(file.isPresent()));
    var interactive = Json.object();
    file.ifPresent(id -> interactive.set("header", header(approval, id)));
    interactive.putObject("body").put("text", whole.whole() ? text(whole) : brief(approval));
    interactive.putObject("footer").put("text", words.text("whatsapp.footer"));
    if (actions.size() > BUTTONS && file.isPresent()) {
      actions.remove(Action.DENY_WITH_REASON);
    }
    if (actions.size() <= BUTTONS) {
      interactive.put("type", "button").set("action", buttons(approval, actions));
    } else {
      interactive.put("type", "list").set("action", rows(approval, actions));
    }
    return message("interactive", interactive);
  }

  /// Whether [#prompt] shows the request as it is.
  boolean fits(Approval approval) {
    return card(approval).whole();
  }

  /// All of the request, for a file.
  String whole(Approval approval) {
    return card(approval).request();
  }

  static String fileName(Approval approval) {
    return "request-" + approval.id() + ".txt";
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
    return parameters(approval).whole();
  }

  /// What became of the request, and where.
  String outcome(Approval approval) {
    return words.status(approval)
        + words.where(approval).map(where -> " (" + where + ")").orElse("");
  }

  /// What became of the request, or an answer to what a person did.
  ObjectNode reply(String person, String quoted, String text) {
    var content = Json.object().put("body", plain(Text.fit(line(text), TEXT)));
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

  private static ObjectNode header(Approval approval, String file) {
    var header = Json.object().put("type", "document");
    header.putObject("document").put("id", file).put("filename", fileName(approval));
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

  /// The request as it is, if the body has room for it.
  private Fitting card(Approval approval) {
    return fitting(approval, Integer.MAX_VALUE, "");
  }

  private String brief(Approval approval) {
    var tail = "\n" + words.text("whatsapp.file", fileName(approval));
    return text(fitting(approval, LINE, tail)) + tail;
  }

  private Fitting fitting(Approval approval, int line, String tail) {
    var room =
        Room.of(line, 0)
            .arguments(facts -> BODY - head(approval, facts).length() - tail.length())
            .argumentLength(text -> code(text).length())
            .faithful(WhatsAppMessages::isCode);
    return Fitting.of(approval, words, facts(approval), room);
  }

  private String text(Fitting fitting) {
    return head(fitting.approval(), fitting.facts()) + code(fitting.arguments().shown());
  }

  /// The tool is among the facts, so that the title may be cut.
  private String head(Approval approval, List<Part> facts) {
    var lines =
        facts.stream()
            .map(fact -> fact.label() + ": " + plain(line(fact.shown())) + "\n")
            .collect(Collectors.joining());
    return bold(Text.fit(line(words.title(approval)), TITLE)) + "\n" + lines;
  }

  private SequencedMap<String, String> facts(Approval approval) {
    var facts = words.details(approval);
    approval.remembers().ifPresent(scope -> facts.put(words.text("label.remembers"), scope));
    return facts;
  }

  private ObjectNode body(Approval approval) {
    var fitting = parameters(approval);
    var body = Json.object().put("type", "body");
    var texts = body.putArray("parameters");
    fitting.facts().forEach(fact -> texts.add(parameter(plain(line(fact.shown())))));
    return body.set("parameters", texts.add(parameter(arguments(fitting))));
  }

  /// What goes into a template: three texts of one line each.
  private Fitting parameters(Approval approval) {
    var facts = new LinkedHashMap<String, String>();
    var tool = words.text("label.tool");
    facts.put(tool, approval.tool());
    facts.put(words.text("whatsapp.details"), details(approval));
    var room =
        Room.of(TEMPLATE_DETAILS, TEMPLATE_ARGUMENTS)
            .facts(label -> label.equals(tool) ? TEMPLATE_TOOL : TEMPLATE_DETAILS)
            .argumentLength(text -> code(text).length())
            .faithful(text -> isCode(text) && !NO_PARAMETER.matcher(text).find());
    return Fitting.of(approval, words, facts, joined(approval.arguments()), room);
  }

  private static ObjectNode parameter(String text) {
    return Json.object().put("type", "text").put("text", text);
  }

  private String arguments(Fitting fitting) {
    var arguments = fitting.arguments();
    if (fitting.whole()) {
      return code(arguments.shown());
    }
    var part = words.text("whatsapp.part");
    var room = TEMPLATE_ARGUMENTS - code("").length() - 1 - part.length();
    return code(Text.fit(line(arguments.text()), room)) + " " + part;
  }

  private String details(Approval approval) {
    return words.details(approval).entrySet().stream()
        .filter(fact -> !fact.getKey().equals(words.text("label.tool")))
        .map(fact -> fact.getKey() + ": " + line(fact.getValue()))
        .collect(Collectors.joining(" · "));
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
