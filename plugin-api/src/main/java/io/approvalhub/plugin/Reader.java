package io.approvalhub.plugin;

import java.time.ZoneId;
import java.util.Locale;

/// Who reads a channel: in which language, and in which time zone where the platform does not show
/// times by itself in everybody's own.
///
/// @param language of the words, as configured for the person of a private chat or for the hub
/// @param zone of the times, by the same rule
public record Reader(Locale language, ZoneId zone) {

  /// English, and the time of nowhere in particular.
  public static final Reader DEFAULT = new Reader(Locale.ENGLISH, ZoneId.of("UTC"));
}
