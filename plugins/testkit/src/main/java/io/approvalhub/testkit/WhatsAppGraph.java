package io.approvalhub.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Json;
import io.approvalhub.testkit.WhatsAppRules.GraphError;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// What the Cloud API keeps of one business number: messages, files, templates, and when who wrote.
final class WhatsAppGraph {

  static final String NUMBER = "106540352242922";
  static final String ACCOUNT = "102290129340398";

  private static final Duration WINDOW = Duration.ofHours(24);
  private static final Duration PAIR_INTERVAL = Duration.ofSeconds(6);

  private final Map<String, JsonNode> templates = new HashMap<>();
  private final Map<String, String> media = new HashMap<>();
  private final Map<String, Instant> heard = new HashMap<>();
  private final Map<String, String> names = new HashMap<>();
  private final Map<String, Instant> free = new HashMap<>();
  private final List<Sent> sent = new ArrayList<>();
  private Duration turned = Duration.ZERO;
  private int burst = 45;
  private boolean careless;
  private long ids;

  /// @param person somebody whom the number may write to first
  WhatsAppGraph(String person) {
    heard.put(person, Instant.EPOCH);
    create(standardTemplate());
  }

  synchronized JsonNode send(JsonNode body) {
    var message = checked(body);
    var to = message.to();
    if (!heard.containsKey(to)) {
      throw new GraphError(400, 131026, "Message undeliverable");
    }
    keepPace(to);
    var open = body.has("template") || now().isBefore(heard.get(to).plus(WINDOW));
    if (!open && !careless) {
      throw new GraphError(400, 131047, "More than 24 hours have passed since the last reply");
    }
    sent.add(open ? message : message.undelivered());
    CapturedBodies.add("whatsapp", "messages", "post", body);
    notifyAll();
    return accepted(message);
  }

  synchronized JsonNode upload(JsonNode form) {
    if (!text(form, "/messaging_product").equals("whatsapp")
        || !text(form, "/type").equals("text/plain")
        || text(form, "/file/filename").isEmpty()) {
      throw new GraphError(400, 100, "messaging_product, type and file are required");
    }
    var id = String.valueOf(4490709327384000L + ++ids);
    media.put(id, text(form, "/file/text"));
    return Json.object().put("id", id);
  }

  synchronized JsonNode create(JsonNode template) {
    WhatsAppRules.checkTemplate(template);
    templates.put(key(text(template, "/name"), text(template, "/language")), template);
    return Json.object().put("id", String.valueOf(++ids)).put("status", "APPROVED");
  }

  /// Somebody wrote, which opens the window.
  ///
  /// @return the id of what was written
  synchronized String hear(String person) {
    heard.put(person, now());
    return id();
  }

  /// From now on this number is named otherwise in calls.
  synchronized void call(String number, String name) {
    names.put(number, name);
  }

  synchronized List<Sent> sent() {
    return List.copyOf(sent);
  }

  synchronized Sent sent(String id) {
    return sent.stream().filter(message -> message.id.equals(id)).findFirst().orElseThrow();
  }

  synchronized String file(String id) {
    return Optional.ofNullable(media.get(id)).orElseThrow();
  }

  synchronized Instant now() {
    return Instant.now().plus(turned);
  }

  synchronized void turn(Duration by) {
    turned = turned.plus(by);
  }

  synchronized void beCareless() {
    careless = true;
  }

  synchronized void burst(int messages) {
    burst = messages;
  }

  /// Waits for a message such as this, leaving out the first ones.
  synchronized Optional<Sent> await(int first, Predicate<Sent> which, Duration most) {
    var end = System.nanoTime() + most.toNanos();
    while (true) {
      var found = sent.stream().skip(first).filter(which).findFirst();
      var left = Duration.ofNanos(end - System.nanoTime()).toMillis();
      if (found.isPresent() || left <= 0) {
        return found;
      }
      try {
        wait(left);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
    }
  }

  private Sent checked(JsonNode body) {
    if (text(body, "/type").equals("template")) {
      var template = template(body);
      return new Sent(id(), body, WhatsAppRules.hydrated(body, template), quick(body, template));
    }
    WhatsAppRules.check(body, media.keySet());
    var text = text(body, "/interactive/body/text") + text(body, "/text/body");
    return new Sent(id(), body, text, buttons(body));
  }

  private JsonNode template(JsonNode body) {
    var key = key(text(body, "/template/name"), text(body, "/template/language/code"));
    return Optional.ofNullable(templates.get(key))
        .orElseThrow(() -> new GraphError(404, 132001, "Template does not exist: " + key));
  }

  /// Every message takes six seconds of a budget that may be overdrawn up to the burst.
  private void keepPace(String to) {
    var from = free.getOrDefault(to, Instant.EPOCH);
    var next = (from.isAfter(now()) ? from : now()).plus(PAIR_INTERVAL);
    if (next.isAfter(now().plus(PAIR_INTERVAL.multipliedBy(burst)))) {
      throw new GraphError(400, 131056, "Too many messages to this recipient in a short time");
    }
    free.put(to, next);
  }

  private JsonNode accepted(Sent message) {
    var answer = Json.object().put("messaging_product", "whatsapp");
    var contact = answer.putArray("contacts").addObject().put("input", message.to());
    if (message.body.has("to")) {
      contact.put("wa_id", names.getOrDefault(message.to(), message.to()));
    } else {
      contact.put("user_id", message.to());
    }
    answer.putArray("messages").addObject().put("id", message.id).put("message_status", "accepted");
    return answer;
  }

  private static Map<String, String> buttons(JsonNode body) {
    var buttons = new LinkedHashMap<String, String>();
    Stream.concat(
            each(body.at("/interactive/action/buttons")).map(button -> button.path("reply")),
            each(body.at("/interactive/action/sections"))
                .flatMap(section -> each(section.path("rows"))))
        .forEach(reply -> buttons.put(text(reply, "/title"), text(reply, "/id")));
    return buttons;
  }

  /// A button that was given no payload carries its label.
  private static Map<String, String> quick(JsonNode body, JsonNode template) {
    var payloads = new TreeMap<Integer, String>();
    each(body.at("/template/components"))
        .filter(part -> part.has("index"))
        .forEach(
            part -> payloads.put(part.path("index").asInt(), text(part, "/parameters/0/payload")));
    var buttons = new LinkedHashMap<String, String>();
    for (var button : WhatsAppRules.component(template, "BUTTONS").path("buttons")) {
      var label = text(button, "/text");
      buttons.put(label, payloads.getOrDefault(buttons.size(), label));
    }
    return buttons;
  }

  private String id() {
    return "wamid.HBgNNDkxNTExMjM0NTY3OBUCABEYEjlDREYzMDZBODc1RkY0"
        + "%06d".formatted(++ids)
        + "==";
  }

  private static String key(String name, String language) {
    return name + " in " + language;
  }

  private static JsonNode standardTemplate() {
    var template =
        Json.object()
            .put("name", "approval_request")
            .put("language", "en")
            .put("category", "UTILITY");
    var components = template.putArray("components");
    var body = components.addObject().put("type", "BODY");
    body.put("text", "An agent asks to run {{1}}\nDetails: {{2}}\nArguments: {{3}}\nIt waits.");
    body.putObject("example").putArray("body_text").addArray().add("tool").add("why").add("{}");
    var buttons = components.addObject().put("type", "BUTTONS").putArray("buttons");
    for (var label : List.of("Show in full", "Approve", "Deny")) {
      buttons.addObject().put("type", "QUICK_REPLY").put("text", label);
    }
    return template;
  }

  private static Stream<JsonNode> each(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static String text(JsonNode node, String pointer) {
    return node.at(pointer).asText("");
  }

  /// A message that was taken.
  ///
  /// @param text before its markup is resolved
  /// @param buttons what each carries, by label
  record Sent(
      String id, JsonNode body, String text, Map<String, String> buttons, boolean delivered) {

    Sent(String id, JsonNode body, String text, Map<String, String> buttons) {
      this(id, body, text, buttons, true);
    }

    String to() {
      return body.path("to").asText() + body.path("recipient").asText();
    }

    String type() {
      return body.path("type").asText();
    }

    /// Whether it is a text in answer to that message.
    boolean answers(String message) {
      return type().equals("text") && body.at("/context/message_id").asText("").equals(message);
    }

    Sent undelivered() {
      return new Sent(id, body, text, buttons, false);
    }
  }
}
