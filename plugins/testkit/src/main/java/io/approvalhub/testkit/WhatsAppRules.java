package io.approvalhub.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// What the Cloud API says to the body of a message.
final class WhatsAppRules {

  private static final Set<String> BUTTON_HEADERS = Set.of("text", "document");
  private static final Pattern NO_PARAMETER = Pattern.compile("[\\n\\r\\t]| {4}");
  private static final Pattern VARIABLE = Pattern.compile("\\{\\{(\\d+)}}");

  private WhatsAppRules() {}

  /// Checks a message that needs no template.
  ///
  /// @param media the ids that were uploaded
  /// @throws GraphError when the platform refuses it
  static void check(JsonNode message, Set<String> media) {
    envelope(message);
    switch (text(message, "/type")) {
      case "text" -> length("text.body", text(message, "/text/body"), 1, 4096);
      case "document" -> document(message.path("document"), media);
      case "interactive" -> interactive(message.path("interactive"), media);
      default -> throw invalid("type", "is not one of text, document, interactive, template");
    }
  }

  /// Checks a message made from a template.
  ///
  /// @param template its components, as they were created
  /// @return the text that the person reads
  /// @throws GraphError when the platform refuses it
  static String hydrated(JsonNode message, JsonNode template) {
    envelope(message);
    var parts = each(message.at("/template/components")).toList();
    parts.stream().filter(part -> is(part, "button")).forEach(part -> quickReply(part, template));
    var body = parts.stream().filter(part -> is(part, "body")).findFirst();
    var parameters = body.map(part -> part.path("parameters")).orElseGet(Json::array);
    return hydrated(text(component(template, "BODY"), "/text"), parameters);
  }

  /// Checks a template that is to be created.
  static void checkTemplate(JsonNode template) {
    require(text(template, "/name").matches("[a-z0-9_]{1,512}"), "name");
    require(!text(template, "/language").isEmpty(), "language");
    require(
        Set.of("UTILITY", "MARKETING", "AUTHENTICATION").contains(text(template, "/category")),
        "category");
    var body = text(component(template, "BODY"), "/text");
    length("body", body, 1, 1024);
    require(
        Stream.of(VARIABLE.split(body, -1)).allMatch(WhatsAppRules::hasWord)
            && body.lines().filter(line -> !line.isBlank()).allMatch(WhatsAppRules::hasWord),
        "body with a variable at its beginning or end, alone on a line, or beside another");
    var examples = component(template, "BODY").at("/example/body_text/0");
    require(examples.size() == variables(body), "body needs an example of each variable");
    for (var button : component(template, "BUTTONS").path("buttons")) {
      require(is(button, "QUICK_REPLY"), "buttons");
      length("button", text(button, "/text"), 1, 25);
    }
    require(text(component(template, "FOOTER"), "/text").length() <= 60, "footer");
  }

  /// The part of a template that is of this type; missing when there is none.
  static JsonNode component(JsonNode template, String type) {
    return each(template.path("components"))
        .filter(part -> is(part, type))
        .findFirst()
        .orElseGet(Json::object);
  }

  private static void envelope(JsonNode message) {
    if (!text(message, "/messaging_product").equals("whatsapp")) {
      throw missing("messaging_product");
    }
    if (!text(message, "/recipient_type").equals("individual")) {
      throw invalid("recipient_type", "must be individual");
    }
    if (!text(message, "/to").matches("\\d+") && text(message, "/recipient").isEmpty()) {
      throw missing("to");
    }
    if (message.has("context") && text(message, "/context/message_id").isEmpty()) {
      throw missing("context.message_id");
    }
  }

  private static void document(JsonNode document, Set<String> media) {
    if (!media.contains(text(document, "/id"))) {
      throw invalid("document.id", "is not a media id of this number");
    }
    length("caption", text(document, "/caption"), 0, 1024);
    length("filename", text(document, "/filename"), 0, 240);
  }

  private static void interactive(JsonNode interactive, Set<String> media) {
    length("body.text", text(interactive, "/body/text"), 1, 1024);
    length("footer.text", text(interactive, "/footer/text"), 0, 60);
    length("header.text", text(interactive, "/header/text"), 0, 60);
    switch (text(interactive, "/type")) {
      case "button" -> {
        header(interactive, BUTTON_HEADERS, media);
        buttons(interactive.at("/action/buttons"));
      }
      case "list" -> {
        header(interactive, Set.of("text"), media);
        length("action.button", text(interactive, "/action/button"), 1, 20);
        sections(interactive.at("/action/sections"));
      }
      default -> throw invalid("interactive.type", "must be button or list");
    }
  }

  private static void header(JsonNode interactive, Set<String> types, Set<String> media) {
    if (!interactive.has("header")) {
      return;
    }
    var type = text(interactive, "/header/type");
    if (!types.contains(type)) {
      throw invalid("header.type", "must be one of " + types);
    }
    if (type.equals("document")) {
      document(interactive.at("/header/document"), media);
    }
  }

  private static void buttons(JsonNode buttons) {
    count("action.buttons", buttons.size(), 1, 3);
    each(buttons)
        .filter(button -> !is(button, "reply"))
        .forEach(
            _ -> {
              throw invalid("button.type", "must be reply");
            });
    replies(each(buttons).map(button -> button.path("reply")).toList(), 256, 20);
  }

  private static void sections(JsonNode sections) {
    count("action.sections", sections.size(), 1, 10);
    for (var section : sections) {
      length("section.title", text(section, "/title"), sections.size() > 1 ? 1 : 0, 24);
    }
    var rows = each(sections).flatMap(section -> each(section.path("rows"))).toList();
    count("rows", rows.size(), 1, 10);
    rows.forEach(row -> length("row.description", text(row, "/description"), 0, 72));
    replies(rows, 200, 24);
  }

  private static void replies(List<JsonNode> replies, int longestId, int longestTitle) {
    var ids = new HashSet<String>();
    var titles = new HashSet<String>();
    for (var reply : replies) {
      var id = text(reply, "/id");
      length("id", id, 1, longestId);
      length("title", text(reply, "/title"), 1, longestTitle);
      if (!id.equals(id.strip())) {
        throw invalid("id", "may not begin or end with a space");
      }
      if (!ids.add(id) || !titles.add(text(reply, "/title"))) {
        throw invalid("buttons", "are there twice");
      }
    }
  }

  private static void quickReply(JsonNode part, JsonNode template) {
    var buttons = component(template, "BUTTONS").path("buttons");
    var index = part.path("index").asInt(-1);
    var payload = part.at("/parameters/0");
    if (!text(part, "/sub_type").equals("quick_reply") || !buttons.has(index)) {
      throw mismatch("button at index " + index + " is not a quick reply of the template");
    }
    if (!is(payload, "payload")) {
      throw mismatch("button at index " + index + " needs one payload");
    }
    length("payload", text(payload, "/payload"), 1, 256);
  }

  private static String hydrated(String body, JsonNode parameters) {
    if (parameters.size() != variables(body)) {
      throw mismatch(
          "body: number of localizable_params ("
              + parameters.size()
              + ") does not match the expected number of params ("
              + variables(body)
              + ")");
    }
    var texts = new ArrayList<String>();
    each(parameters).forEach(parameter -> texts.add(parameter(parameter)));
    var text =
        VARIABLE
            .matcher(body)
            .replaceAll(
                match -> Matcher.quoteReplacement(texts.get(Integer.parseInt(match.group(1)) - 1)));
    if (text.length() > 1024) {
      throw new GraphError(400, 132005, "Translated text too long");
    }
    return text;
  }

  private static String parameter(JsonNode parameter) {
    var text = text(parameter, "/text");
    if (!is(parameter, "text") || text.isEmpty()) {
      throw missing("text of a template parameter");
    }
    if (NO_PARAMETER.matcher(text).find()) {
      throw new GraphError(
          400,
          100,
          "Param text cannot have new-line/tab characters or more than 4 consecutive spaces");
    }
    return text;
  }

  private static boolean hasWord(String text) {
    return VARIABLE.matcher(text).replaceAll("").chars().anyMatch(Character::isLetter);
  }

  private static int variables(String body) {
    return (int) VARIABLE.matcher(body).results().map(match -> match.group(1)).distinct().count();
  }

  private static void length(String name, String text, int least, int most) {
    count(name, text.length(), least, most);
  }

  private static void count(String name, int size, int least, int most) {
    if (size < least || size > most) {
      throw invalid(name, "must have from " + least + " to " + most + ", not " + size);
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw invalid(what, "is not valid");
    }
  }

  private static GraphError invalid(String name, String problem) {
    return new GraphError(400, 131009, name + " " + problem);
  }

  private static GraphError missing(String name) {
    return new GraphError(400, 131008, "Required parameter is missing: " + name);
  }

  private static GraphError mismatch(String details) {
    return new GraphError(400, 132000, details);
  }

  private static boolean is(JsonNode node, String type) {
    return text(node, "/type").equals(type);
  }

  private static Stream<JsonNode> each(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static String text(JsonNode node, String pointer) {
    return node.at(pointer).asText("");
  }

  /// A call that the platform refuses.
  static final class GraphError extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;
    private final int code;
    private final int subcode;

    GraphError(int status, int code, String details) {
      this(status, code, 0, details);
    }

    GraphError(int status, int code, int subcode, String details) {
      super(details, null, false, false);
      this.status = status;
      this.code = code;
      this.subcode = subcode;
    }

    int status() {
      return status;
    }

    JsonNode body() {
      var body = Json.object();
      var error = body.putObject("error").put("message", "(#" + code + ") " + getMessage());
      error.put("type", "OAuthException").put("code", code).put("fbtrace_id", "AbCdEfGhIjK");
      if (subcode != 0) {
        error.put("error_subcode", subcode);
      }
      error
          .putObject("error_data")
          .put("messaging_product", "whatsapp")
          .put("details", getMessage());
      return body;
    }
  }
}
