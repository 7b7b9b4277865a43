package io.approvalhub.slack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.approvalhub.kit.Hmac;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Button;
import io.approvalhub.plugin.Decision;
import io.approvalhub.plugin.HttpCall;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.Person;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// What Slack says that people did.
final class SlackClicks {

  private static final String FIELD = "payload=";
  private static final String OURS = "ah:";
  private static final String SSL_CHECK = "ssl_check=1";
  private static final Duration TOLERANCE = Duration.ofMinutes(5);

  private SlackClicks() {}

  /// A button pressed, or the dialog after it filled in.
  ///
  /// @param key the same whenever Slack tells of this click again
  /// @param message the one with the button
  /// @param person by the id that Slack gives in the [Source#workspace]
  /// @param data of the button; not one of this version's when there is no [#button]
  record Click(
      String key, Source source, MessageRef message, String data, Person person, Step step) {

    Optional<Button> button() {
      return Button.parse(data);
    }

    /// What opens a dialog, when the person is to be asked why before anything is decided.
    Optional<String> trigger() {
      var asks = button().filter(button -> button.action() == Action.DENY_WITH_REASON).isPresent();
      return asks && step instanceof Press(var trigger) ? Optional.of(trigger) : Optional.empty();
    }

    /// @param homes the workspaces, and the organisation, that the app is installed in
    Optional<Decision> decision(Set<String> homes) {
      var decision = button().map(button -> Decision.of(button, account(homes)));
      return step instanceof Dialog(var reason)
          ? decision.map(deny -> deny.because(reason))
          : decision;
    }

    // Slack promises that an id means one person within one workspace or organisation.
    private Person account(Set<String> homes) {
      return source.atHome(homes)
          ? person
          : new Person(source.workspace + "/" + person.id(), person.name());
    }

    /// What the dialog carries, for [#parse] to find the approval again.
    String memory() {
      return Json.text(Json.array().add(message.place()).add(message.id()).add(data));
    }
  }

  /// Whether the person has pressed a button or filled in the dialog.
  sealed interface Step {}

  /// @param trigger opens a dialog, within three seconds and once
  record Press(String trigger) implements Step {}

  /// @param reason what was written
  record Dialog(String reason) implements Step {}

  /// Where a click comes from. What Slack leaves out is an empty text.
  ///
  /// @param app the Slack app that it is for
  /// @param team the workspace that the app is installed in; empty for an installation in a whole
  ///     organisation
  /// @param teamOrganisation the organisation that this workspace belongs to
  /// @param organisation the one that the app is installed in
  /// @param workspace the one that the person belongs to; in a channel that is shared with another
  ///     company it may be theirs
  record Source(
      String app, String team, String teamOrganisation, String organisation, String workspace) {

    /// Whether it is for an app in one of these places. When people of another company click,
    /// their own workspace may stand in the place of the app's.
    boolean installedIn(Set<String> homes) {
      var theirs = !workspace.isEmpty() && team.equals(workspace);
      return !homes.isEmpty()
          && (theirs || Stream.of(team, teamOrganisation, organisation).anyMatch(homes::contains));
    }

    private boolean atHome(Set<String> homes) {
      return homes.contains(workspace)
          || (workspace.equals(team) && homes.contains(teamOrganisation));
    }
  }

  /// Whether Slack only tries out the address, which it does unsigned, too.
  static boolean triesOut(HttpCall call) {
    var body = new String(call.body(), StandardCharsets.UTF_8);
    return !body.startsWith(FIELD) && Stream.of(body.split("&", -1)).anyMatch(SSL_CHECK::equals);
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
        .filter(action -> text(action, "/value").startsWith(OURS))
        .map(action -> pressed(payload, action))
        .findFirst();
  }

  private static Click pressed(JsonNode payload, JsonNode action) {
    var person = person(payload);
    var source = source(payload);
    var message = text(payload, "/container/message_ts");
    return new Click(
        key(source, person, text(action, "/action_ts") + " " + message),
        source,
        new MessageRef(text(payload, "/container/channel_id"), message),
        text(action, "/value"),
        person,
        new Press(text(payload, "/trigger_id")));
  }

  private static Optional<Click> submitted(JsonNode payload) {
    var ours = text(payload, "/view/callback_id").equals(SlackMessages.REASON);
    return Optional.of(text(payload, "/view/private_metadata"))
        .filter(_ -> ours)
        .flatMap(SlackClicks::memory)
        .map(memory -> submitted(payload, memory));
  }

  private static Click submitted(JsonNode payload, ArrayNode memory) {
    var person = person(payload);
    var source = source(payload);
    var field = "/view/state/values/" + SlackMessages.REASON + "/" + SlackMessages.REASON;
    return new Click(
        key(source, person, text(payload, "/view/id")),
        source,
        new MessageRef(text(memory, "/0"), text(memory, "/1")),
        text(memory, "/2"),
        person,
        new Dialog(text(payload, field + "/value")));
  }

  private static String key(Source source, Person person, String what) {
    return String.join(" ", source.workspace, person.id(), what);
  }

  private static Optional<ArrayNode> memory(String text) {
    try {
      return Json.parse(text) instanceof ArrayNode array ? Optional.of(array) : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static Source source(JsonNode payload) {
    return new Source(
        text(payload, "/api_app_id"),
        text(payload, "/team/id"),
        text(payload, "/team/enterprise_id"),
        text(payload, "/enterprise/id"),
        text(payload, "/user/team_id"));
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
