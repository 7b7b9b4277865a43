package io.approvalhub.whatsapp;

import io.approvalhub.plugin.Settings;
import java.net.URI;
import java.util.regex.Pattern;

/// One conversation between a business phone number and a person.
///
/// @param to the person, as WhatsApp names them in its own calls
/// @param template what is sent when the person has not written for a day
record WhatsAppSettings(Account account, Webhook webhook, String to, Template template) {

  /// What a person's id looks like.
  static final String PERSON_FORM =
      "the digits of a number with its country, such as 4915112345678, or a user id such as"
          + " DE.13491208655302741918";

  private static final Pattern PERSON =
      Pattern.compile("[1-9]\\d{5,14}|[A-Z]{2}\\.(?:ENT\\.)?[A-Za-z0-9]{1,128}");

  private static final URI GRAPH = URI.create("https://graph.facebook.com/v23.0");

  static WhatsAppSettings from(Settings settings) {
    return new WhatsAppSettings(
        new Account(
            settings.optionalAddress("api").orElse(GRAPH),
            matching(settings, "access-token", "[!-~]+", "must be one word of ASCII characters"),
            matching(
                settings, "phone-number-id", "\\d+", "must be digits: the id, not the number")),
        new Webhook(settings.text("app-secret"), settings.text("verify-token")),
        person(settings),
        new Template(
            matching(settings, "template", "[a-z0-9_]+", "must be of a-z, 0-9 and _"),
            settings.text("template-language", "en")));
  }

  /// Whether WhatsApp could know somebody by this: a number, or a user id of its own making.
  static boolean isPerson(String id) {
    return PERSON.matcher(id).matches();
  }

  /// Whether it is such a user id, and no number.
  static boolean isUserId(String id) {
    return isPerson(id) && !Character.isDigit(id.charAt(0));
  }

  private static String person(Settings settings) {
    var to = settings.text("to");
    if (!isPerson(to)) {
      throw settings.invalid("to", "must be " + PERSON_FORM + ", not '" + to + "'");
    }
    return to;
  }

  private static String matching(Settings settings, String key, String form, String problem) {
    var text = settings.text(key);
    if (!text.matches(form)) {
      throw settings.invalid(key, problem);
    }
    return text;
  }

  @Override
  public String toString() {
    return "WhatsAppSettings[" + account.phoneNumberId + " to " + to + "]";
  }

  /// The business phone number, and where and how it is called.
  record Account(URI api, String accessToken, String phoneNumberId) {
    @Override
    public String toString() {
      return "Account[" + phoneNumberId + "]";
    }
  }

  /// What proves that a call comes from WhatsApp.
  record Webhook(String appSecret, String verifyToken) {
    @Override
    public String toString() {
      return "Webhook[]";
    }
  }

  /// What Meta has approved.
  record Template(String name, String language) {}
}
