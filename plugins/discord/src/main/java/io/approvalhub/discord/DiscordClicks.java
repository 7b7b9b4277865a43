package io.approvalhub.discord;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Hmac;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Button;
import io.approvalhub.plugin.Decision;
import io.approvalhub.plugin.HttpCall;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.Person;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads what people did. An interaction is the same JSON by gateway and by HTTP.
final class DiscordClicks {

  static final String REASON = "reason";

  private static final String OURS = "ah:";
  private static final int PRESSED = 3;
  private static final int SUBMITTED = 5;
  private static final Duration SKEW = Duration.ofMinutes(5);

  private DiscordClicks() {}

  /// Whether Discord signed this call, not long ago.
  static boolean genuine(HttpCall call, PublicKey key, Instant now) {
    var time = call.header("X-Signature-Timestamp").filter(text -> recent(text, now));
    var signature = call.header("X-Signature-Ed25519").flatMap(Hmac::fromHex);
    return time.isPresent()
        && signature.isPresent()
        && signed(time.get(), call.body(), signature.get(), key);
  }

  /// The click that an interaction tells of. Empty for anything but a button of ours.
  static Optional<Click> parse(JsonNode interaction) {
    var type = interaction.path("type").asInt();
    return (type == PRESSED || type == SUBMITTED) && data(interaction).startsWith(OURS)
        ? Optional.of(click(interaction, type == SUBMITTED))
        : Optional.empty();
  }

  private static Click click(JsonNode interaction, boolean submitted) {
    var channel = interaction.path("channel_id").asText();
    return new Click(
        new Address(
            interaction.path("application_id").asText(),
            interaction.path("id").asText(),
            interaction.path("token").asText()),
        new MessageRef(channel, interaction.path("message").path("id").asText()),
        data(interaction),
        person(interaction),
        submitted ? Optional.of(reason(interaction.path("data"))) : Optional.empty());
  }

  private static String data(JsonNode interaction) {
    return interaction.path("data").path("custom_id").asText();
  }

  /// In a server the user is inside the member, who may have another name there.
  private static Person person(JsonNode interaction) {
    var member = interaction.path("member");
    var user = member.has("user") ? member.path("user") : interaction.path("user");
    var name =
        Stream.of(member.path("nick"), user.path("global_name"), user.path("username"))
            .map(node -> node.asText(""))
            .filter(text -> !text.isEmpty());
    return new Person(user.path("id").asText(), name.findFirst().orElse("somebody"));
  }

  private static String reason(JsonNode data) {
    return data.path("components").findParents("custom_id").stream()
        .filter(input -> input.path("custom_id").asText().equals(REASON))
        .findFirst()
        .map(input -> input.path("value").asText())
        .orElse("");
  }

  private static boolean recent(String timestamp, Instant now) {
    return timestamp.matches("\\d{1,11}")
        && Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), now)
                .abs()
                .compareTo(SKEW)
            <= 0;
  }

  private static boolean signed(String time, byte[] body, byte[] signature, PublicKey key) {
    try {
      var verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(key);
      verifier.update(time.getBytes(StandardCharsets.US_ASCII));
      verifier.update(body);
      return verifier.verify(signature);
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  /// Where the answer to a click goes.
  ///
  /// @param application the one that it is for
  record Address(String application, String id, String token) {}

  /// A press of one of our buttons, or the dialog it opened, sent off.
  ///
  /// @param data of the button; not one of this version's when there is no [#button]
  /// @param reason what the dialog holds; empty for a press
  record Click(
      Address address, MessageRef message, String data, Person person, Optional<String> reason) {

    Optional<Button> button() {
      return Button.parse(data);
    }

    /// Whether the person is to be asked for a reason before anything is decided.
    boolean asksForReason() {
      return reason.isEmpty()
          && button().filter(button -> button.action() == Action.DENY_WITH_REASON).isPresent();
    }

    Optional<Decision> decision() {
      var decision = button().map(button -> Decision.of(button, person).on(message));
      return reason.isEmpty() ? decision : decision.map(deny -> deny.because(reason.get()));
    }
  }
}
