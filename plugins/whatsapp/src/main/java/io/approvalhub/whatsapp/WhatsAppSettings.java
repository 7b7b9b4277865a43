package io.approvalhub.whatsapp;

import io.approvalhub.plugin.Settings;
import java.net.URI;

/// One conversation between a business phone number and a person.
///
/// @param to the person, as WhatsApp names them in its own calls
/// @param template what is sent when the person has not written for a day
record WhatsAppSettings(
    URI api,
    String accessToken,
    String phoneNumberId,
    String to,
    String appSecret,
    String verifyToken,
    String template,
    String templateLanguage) {

  private static final URI GRAPH = URI.create("https://graph.facebook.com/v23.0");

  static WhatsAppSettings from(Settings settings) {
    return new WhatsAppSettings(
        settings.optionalAddress("api").orElse(GRAPH),
        matching(settings, "access-token", "[!-~]+", "must be one word of ASCII characters"),
        matching(settings, "phone-number-id", "\\d+", "must be digits: the id, not the number"),
        matching(settings, "to", "\\d{6,20}", "must be the digits of a wa_id: 4915112345678"),
        settings.text("app-secret"),
        settings.text("verify-token"),
        matching(settings, "template", "[a-z0-9_]+", "must be of a-z, 0-9 and _"),
        settings.text("template-language", "en"));
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
    return "WhatsAppSettings[" + phoneNumberId + " to " + to + "]";
  }
}
