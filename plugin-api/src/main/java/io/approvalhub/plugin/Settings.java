package io.approvalhub.plugin;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The operator's settings of one channel, read by type.
///
/// Each reader throws [InvalidSettingException] with the full key, such as
/// `channels.ops.settings.token is required`. A setting that no reader asked for is unknown: the
/// hub calls [#refuseUnknown] after [NotificationPlugin#open], so ask for every setting you know,
/// whatever the others say. Not safe for several threads; read them all in `open`.
public final class Settings {

  private final String prefix;
  private final Map<String, Object> values;
  private final TreeSet<String> known = new TreeSet<>();

  /// @param prefix what the keys are below, such as `channels.ops.settings`; for error messages
  /// @param values as the configuration file holds them: text, numbers, booleans, lists of these
  public Settings(String prefix, Map<String, ?> values) {
    this.prefix = prefix;
    this.values = new TreeMap<>(values);
  }

  /// A text that must be there and not be blank.
  public String text(String key) {
    return optional(key).orElseThrow(() -> invalid(key, "is required"));
  }

  /// A text, or `otherwise` when the key is absent.
  public String text(String key, String otherwise) {
    return optional(key).orElse(otherwise);
  }

  /// A text that may be absent. One that is there and blank is an error: it is most often a secret
  /// that was not filled in.
  public Optional<String> optional(String key) {
    known.add(key);
    var value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof List<?> || value instanceof Map<?, ?>) {
      throw invalid(key, "must be a single value");
    }
    var text = value.toString().strip();
    if (text.isEmpty()) {
      throw invalid(key, "must not be blank");
    }
    return Optional.of(text);
  }

  /// A list of texts, empty when the key is absent. A single text is a list of one.
  public List<String> list(String key) {
    known.add(key);
    return switch (values.get(key)) {
      case null -> List.of();
      case List<?> items -> items.stream().map(item -> String.valueOf(item).strip()).toList();
      case Object item -> List.of(item.toString().strip());
    };
  }

  /// An absolute `http` or `https` address that must be there.
  public URI address(String key) {
    return address(key, text(key));
  }

  /// An absolute `http` or `https` address that may be absent.
  public Optional<URI> optionalAddress(String key) {
    return optional(key).map(text -> address(key, text));
  }

  /// A length of time such as `500ms`, `30s`, `5m`, `2h` or `30d`, or `otherwise` when the key is
  /// absent.
  public Duration duration(String key, Duration otherwise) {
    return optionalDuration(key).orElse(otherwise);
  }

  /// A length of time that may be absent.
  public Optional<Duration> optionalDuration(String key) {
    return parsed(key, "a length of time such as 30s, 5m or 2h", Settings::duration);
  }

  /// A whole number from `least` to `most`, or `otherwise` when the key is absent.
  public int number(String key, int otherwise, int least, int most) {
    var form = "a whole number from " + least + " to " + most;
    var number = parsed(key, form, Integer::valueOf).orElse(otherwise);
    if (number < least || number > most) {
      throw invalid(key, "must be " + form + ", not '" + number + "'");
    }
    return number;
  }

  /// `true` or `false`, or `otherwise` when the key is absent.
  public boolean flag(String key, boolean otherwise) {
    return parsed(key, "true or false", Settings::flag).orElse(otherwise);
  }

  /// One of the constants of an enum, written in lower case, with dashes for underscores; or
  /// `otherwise` when the key is absent.
  public <E extends Enum<E>> E choice(String key, E otherwise) {
    var constants = otherwise.getDeclaringClass().getEnumConstants();
    var words = Stream.of(constants).map(Settings::word).toList();
    return parsed(key, "one of " + words, text -> constants[indexOf(words, text)])
        .orElse(otherwise);
  }

  /// One of the constants of an enum, which must be there.
  public <E extends Enum<E>> E choice(String key, Class<E> type) {
    text(key);
    return choice(key, type.getEnumConstants()[0]);
  }

  /// Every setting as text, for a map whose keys are the operator's own.
  public Map<String, String> texts() {
    var texts = new TreeMap<String, String>();
    values.keySet().forEach(key -> texts.put(key, text(key)));
    return texts;
  }

  /// An error about one of these settings, for what a reader cannot see: two that exclude each
  /// other, a text that does not have the right form.
  ///
  /// @param problem the rest of the sentence after the key, such as `must start with xapp-`
  public InvalidSettingException invalid(String key, String problem) {
    return new InvalidSettingException(prefix + "." + key + " " + problem);
  }

  /// Throws when there is a setting that no reader asked for. Called by the hub after `open`.
  public void refuseUnknown() {
    for (var key : values.keySet()) {
      if (!known.contains(key)) {
        throw invalid(key, "is not a setting; there are " + known);
      }
    }
  }

  private URI address(String key, String text) {
    try {
      var uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      if (List.of("http", "https").contains(String.valueOf(uri.getScheme()))
          && uri.getHost() != null) {
        return uri;
      }
      if (uri.getHost() == null && hasUnderscore(uri.getRawAuthority())) {
        throw invalid(
            key,
            "names a host with an underscore, which cannot be called: '"
                + text
                + "'; give the host another name, in Docker a network alias");
      }
    } catch (URISyntaxException _) {
      // falls through to the same complaint
    }
    throw invalid(key, "must be an http or https address, not '" + text + "'");
  }

  private static boolean hasUnderscore(@Nullable String authority) {
    return authority != null && authority.contains("_");
  }

  private <T> Optional<T> parsed(String key, String form, Function<String, T> parser) {
    return optional(key)
        .map(
            text -> {
              try {
                return parser.apply(text);
              } catch (IllegalArgumentException | DateTimeParseException _) {
                throw invalid(key, "must be " + form + ", not '" + text + "'");
              }
            });
  }

  private static Duration duration(String text) {
    var lower = text.toLowerCase(Locale.ROOT);
    if (lower.matches("\\d+ms")) {
      return Duration.ofMillis(Long.parseLong(lower.substring(0, lower.length() - 2)));
    }
    if (!lower.matches("\\d+[smhd]")) {
      throw new IllegalArgumentException();
    }
    return Duration.parse(lower.endsWith("d") ? "P" + lower : "PT" + lower);
  }

  private static boolean flag(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException();
    };
  }

  private static int indexOf(List<String> words, String text) {
    if (!words.contains(text)) {
      throw new IllegalArgumentException();
    }
    return words.indexOf(text);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
