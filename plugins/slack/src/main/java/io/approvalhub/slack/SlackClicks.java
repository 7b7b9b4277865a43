package io.approvalhub.slack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.approvalhub.kit.Hmac;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Button;
import io.approvalhub.plugin.Decision;
import io.approvalhub.plugin.HttpCall;
import io.approvalhub.plugin.Person;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// What Slack says that people did.
final class SlackClicks {

  private static final String FIELD = "payload=";
  private static final Duration TOLERANCE = Duration.ofMinutes(5);

  private SlackClicks() {}

  /// A button pressed, or the dialog after it filled in.
  ///
  /// @param key the same whenever Slack tells of this click again
  /// @param team the workspace it comes from
  /// @param app the Slack app it is for
  /// @param conversation the Slack channel that holds the message
  /// @param trigger what opens a dialog, within three seconds and once; empty after a dialog
  /// @param reason what was written in the dialog; empty before
  record Click(
      String key,
      String team,
      String app,
      String conversation,
      Button button,
      Person person,
      Optional<String> trigger,
      Optional<String> reason) {

    /// Whether the person is to be asked why before anything is decided.
    boolean asksWhy() {
      return button.action() == Action.DENY_WITH_REASON && trigger.isPresent();
    }

    Decision decision() {
      var decision = Decision.of(button, person);
      return reason.map(decision::because).orElse(decision);
    }

    /// What the dialog carries, for [#parse] to find the approval again.
    String memory() {
      return Json.text(Json.array().add(conversation).add(button.data()));
    }
  }

  /// Whether Slack signed this call with `secret`, within five minutes of `now`.
  static boolean signed(HttpCall call, String secret, Instant now) {
    var time = call.header("X-Slack-Request-Timestamp").filter(text -> text.matches("\\d{1,12}"));
    var signature = call.header("X-Slack-Signature");
    return time.isPresent()
        && signature.isPresent()
        && recent(Instant.ofEpochSecond(Long.parseLong(time.get())), now)
        && Hmac.same(signature(call, secret, time.get()), ascii(signature.get()));
  }

  /// The payload of an interaction over HTTP, if the call is one.
  static Optional<JsonNode> payload(HttpCall call) {
    var body = new String(call.body(), StandardCharsets.UTF_8);
    if (!body.startsWith(FIELD)) {
      return Optional.empty();
    }
    try {
      var text = URLDecoder.decode(body.substring(FIELD.length()), StandardCharsets.UTF_8);
      return Optional.of(Json.parse(text));
    } catch (IllegalArgumentException | IOException _) {
      return Optional.empty();
    }
  }

  /// Reads an interaction; empty for any that no button or dialog of ours brings about.
  static Optional<Click> parse(JsonNode payload) {
    return switch (text(payload, "/type")) {
      case "block_actions" -> pressed(payload);
      case "view_submission" -> submitted(payload);
      default -> Optional.empty();
    };
  }

  private static Optional<Click> pressed(JsonNode payload) {
    return StreamSupport.stream(payload.path("actions").spliterator(), false)
        .flatMap(
            action ->
                Button.parse(text(action, "/value")).stream()
                    .map(button -> pressed(payload, button, text(action, "/action_ts"))))
        .findFirst();
  }

  private static Click pressed(JsonNode payload, Button button, String time) {
    var person = person(payload);
    var message = text(payload, "/container/message_ts");
    return new Click(
        person.id() + " " + time + " " + message,
        team(payload),
        text(payload, "/api_app_id"),
        text(payload, "/container/channel_id"),
        button,
        person,
        Optional.of(text(payload, "/trigger_id")),
        Optional.empty());
  }

  private static Optional<Click> submitted(JsonNode payload) {
    var ours = text(payload, "/view/callback_id").equals(SlackMessages.REASON);
    return Optional.of(text(payload, "/view/private_metadata"))
        .filter(_ -> ours)
        .flatMap(SlackClicks::remembered)
        .flatMap(
            memory ->
                Button.parse(text(memory, "/1"))
                    .map(button -> submitted(payload, text(memory, "/0"), button)));
  }

  private static Click submitted(JsonNode payload, String conversation, Button button) {
    var person = person(payload);
    var field = "/view/state/values/" + SlackMessages.REASON + "/" + SlackMessages.REASON;
    return new Click(
        person.id() + " " + text(payload, "/view/id"),
        team(payload),
        text(payload, "/api_app_id"),
        conversation,
        button,
        person,
        Optional.empty(),
        Optional.of(text(payload, field + "/value")));
  }

  private static Optional<ArrayNode> remembered(String memory) {
    try {
      return Json.parse(memory) instanceof ArrayNode array ? Optional.of(array) : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  // An app installed for a whole organisation is told that instead of the workspace.
  private static String team(JsonNode payload) {
    var team = text(payload, "/team/id");
    return team.isEmpty() ? text(payload, "/enterprise/id") : team;
  }

  private static Person person(JsonNode payload) {
    var id = text(payload, "/user/id");
    var names = Stream.of("/user/name", "/user/username").map(path -> text(payload, path));
    return new Person(id, names.filter(name -> !name.isEmpty()).findFirst().orElse(id));
  }

  private static boolean recent(Instant time, Instant now) {
    return Duration.between(time, now).abs().compareTo(TOLERANCE) <= 0;
  }

  private static byte[] signature(HttpCall call, String secret, String time) {
    var key = secret.getBytes(StandardCharsets.UTF_8);
    var hash = Hmac.sha256(key, ascii("v0:" + time + ":"), call.body());
    return ascii("v0=" + HexFormat.of().formatHex(hash));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(JsonNode node, String path) {
    return node.at(path).asText("");
  }
}
