package io.approvalhub.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An event of the log, taken apart: its text, and its facts by name.
///
/// The hub's own calls say `posted channel={} took={}`. What stands for `{}` belongs to the name
/// before it, whatever it holds, so that no value can pass for another fact.
record Facts(String text, Map<String, Object> values) {

  private static final String OURS = "io.approvalhub";
  private static final Pattern NAME = Pattern.compile("(?:^| )([a-z][a-z_]*)=");
  private static final Pattern HOLE = Pattern.compile("\\{}");

  static Facts of(ILoggingEvent event) {
    var values = new LinkedHashMap<String, Object>();
    var text = event.getFormattedMessage();
    if (event.getLoggerName().startsWith(OURS) && event.getMessage() != null) {
      text = parts(event.getMessage(), new Arguments(event.getArgumentArray()), values);
    }
    var pairs = event.getKeyValuePairs();
    if (pairs != null) {
      pairs.forEach(pair -> values.put(pair.key, plain(pair.value)));
    }
    return new Facts(Objects.requireNonNullElse(text, ""), values);
  }

  private static String parts(String template, Arguments arguments, Map<String, Object> values) {
    var names = NAME.matcher(template).results().toList();
    var end = names.isEmpty() ? template.length() : names.getFirst().start();
    var text = String.valueOf(arguments.fill(template.substring(0, end)));
    for (var i = 0; i < names.size(); i++) {
      var last = i + 1 == names.size();
      var value =
          template.substring(
              names.get(i).end(), last ? template.length() : names.get(i + 1).start());
      values.put(names.get(i).group(1), arguments.fill(value));
    }
    return text;
  }

  private static Object plain(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case Duration length -> Lengths.text(length);
      case Number number -> number;
      case Boolean flag -> flag;
      default -> value.toString();
    };
  }

  private static final class Arguments {
    private final Object[] values;
    private int next;

    Arguments(Object @Nullable [] values) {
      this.values = values == null ? new Object[0] : values;
    }

    /// A number or a truth stays one where it stands alone.
    Object fill(String template) {
      return template.equals("{}")
          ? take()
          : HOLE.matcher(template)
              .replaceAll(_ -> Matcher.quoteReplacement(String.valueOf(take())));
    }

    private Object take() {
      return next < values.length ? plain(values[next++]) : "{}";
    }
  }
}
