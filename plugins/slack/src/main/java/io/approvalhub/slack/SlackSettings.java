package io.approvalhub.slack;

import io.approvalhub.plugin.Settings;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/// What an operator configures for a channel on Slack.
///
/// @param api where the Web API is, with a slash at the end
/// @param conversation the id of the Slack channel or direct message
/// @param appToken present for Socket Mode
/// @param signingSecret present for interactions over HTTP
/// @param installation where clicks may come from
record SlackSettings(
    URI api,
    String botToken,
    String conversation,
    Optional<String> appToken,
    Optional<String> signingSecret,
    Installation installation) {

  private static final String API = "https://slack.com/api/";

  static SlackSettings from(Settings settings) {
    var read =
        new SlackSettings(
            api(settings),
            token(settings, "bot-token", settings.text("bot-token"), "xoxb-"),
            id(settings, "channel", settings.text("channel"), "CGD"),
            settings.optional("app-token").map(text -> token(settings, "app-token", text, "xapp-")),
            settings.optional("signing-secret"),
            installation(settings));
    if (read.appToken.isPresent() && read.signingSecret.isPresent()) {
      throw settings.invalid(
          "signing-secret",
          "does not go with app-token: set app-token for Socket Mode, or signing-secret for HTTP");
    }
    if (read.appToken.isEmpty() && read.signingSecret.isEmpty()) {
      throw settings.invalid(
          "app-token", "is required for Socket Mode; or set signing-secret for HTTP");
    }
    return read;
  }

  private static Installation installation(Settings settings) {
    return new Installation(
        settings.list("team").stream().map(text -> id(settings, "team", text, "TE")).toList(),
        settings.optional("app").map(text -> id(settings, "app", text, "A")));
  }

  private static URI api(Settings settings) {
    var address = settings.optionalAddress("api").map(URI::toString).orElse(API);
    return URI.create(address.endsWith("/") ? address : address + "/");
  }

  private static String token(Settings settings, String key, String text, String prefix) {
    if (!text.startsWith(prefix)) {
      throw settings.invalid(key, "must start with " + prefix);
    }
    return text;
  }

  private static String id(Settings settings, String key, String text, String initials) {
    if (!text.matches("[" + initials + "][A-Z0-9]{2,}")) {
      var form = "must be an id such as " + initials.charAt(0) + "0123ABCD";
      throw settings.invalid(key, form + ", not the name '" + text + "'");
    }
    return text;
  }

  /// Whether another channel goes through the same Slack app, and so gets its clicks by the same
  /// way.
  boolean sharesAppWith(SlackSettings other) {
    return api.equals(other.api) && botToken.equals(other.botToken);
  }

  /// A Slack app and where it is installed.
  ///
  /// @param teams the workspaces, and the organisation; learnt from Slack when there are none
  /// @param app learnt from Slack when absent
  record Installation(List<String> teams, Optional<String> app) {}

  @Override
  public String toString() {
    return "SlackSettings[" + conversation + "]";
  }
}
