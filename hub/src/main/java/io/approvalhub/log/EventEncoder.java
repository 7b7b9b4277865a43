package io.approvalhub.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Disclosure;
import io.approvalhub.kit.Json;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Writes each event on one line: with its facts as key=value, quoted where they need it, or as a
/// JSON object. An exception is named with its class, its masked message and its first frames.
///
/// Logback makes it, from `logback.xml`; what `hub.log` says is told to all of them by [#form].
public final class EventEncoder extends EncoderBase<ILoggingEvent> {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT);
  private static final Pattern BARE = Pattern.compile("[!#-<>-\\[\\]-~]+");
  private static final int FRAMES = 12;
  private static final int CAUSES = 4;

  private static volatile LogForm form = LogForm.TEXT;

  /// Makes every event that follows look like this.
  static void form(LogForm wanted) {
    form = wanted;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    var line = form == LogForm.JSON ? json(event) : text(event);
    return (line + "\n").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }

  private static String text(ILoggingEvent event) {
    var facts = Facts.of(event);
    var line = new StringBuilder();
    line.append("%s %-5s %s ".formatted(time(event), event.getLevel(), logger(event)));
    line.append(isPlain(facts.text()) ? facts.text() : quoted(facts.text()));
    facts.values().forEach((name, value) -> append(line, name, value));
    exceptions(event)
        .forEach(exception -> exception.forEach((name, value) -> append(line, name, value)));
    return line.toString();
  }

  private static void append(StringBuilder line, String name, Object value) {
    var text =
        value instanceof List<?> frames
            ? String.join(" < ", frames.stream().map(String::valueOf).toList())
            : value.toString();
    line.append(' ')
        .append(name)
        .append('=')
        .append(BARE.matcher(text).matches() ? text : quoted(text));
  }

  private static String json(ILoggingEvent event) {
    var facts = Facts.of(event);
    var line = Json.object();
    line.put("time", time(event));
    line.put("level", event.getLevel().toString().toLowerCase(Locale.ROOT));
    line.put("logger", logger(event));
    line.put("event", facts.text());
    facts.values().forEach((name, value) -> put(line, name, value));
    var exceptions = exceptions(event);
    if (!exceptions.isEmpty()) {
      var list = line.putArray("exceptions");
      exceptions.forEach(
          exception -> {
            var object = list.addObject();
            exception.forEach((name, value) -> put(object, name, value));
          });
    }
    return Json.text(line);
  }

  private static void put(ObjectNode line, String name, Object value) {
    var free = line.has(name) ? name + "_" : name;
    switch (value) {
      case Boolean flag -> line.put(free, flag);
      case Integer number -> line.put(free, number);
      case Long number -> line.put(free, number);
      case Double number -> line.put(free, number);
      case List<?> frames -> {
        var list = line.putArray(free);
        frames.forEach(frame -> list.add(frame.toString()));
      }
      default -> line.put(free, value.toString());
    }
  }

  /// The exception and what caused it.
  private static List<Map<String, Object>> exceptions(ILoggingEvent event) {
    var exceptions = new ArrayList<Map<String, Object>>();
    var thrown = event.getThrowableProxy();
    while (thrown != null && exceptions.size() < CAUSES) {
      var exception = new LinkedHashMap<String, Object>();
      exception.put("exception", thrown.getClassName());
      exception.put(
          "message", Disclosure.text(Optional.ofNullable(thrown.getMessage()).orElse("")));
      exception.put("at", frames(thrown));
      exceptions.add(exception);
      thrown = thrown.getCause();
    }
    return exceptions;
  }

  private static List<String> frames(IThrowableProxy thrown) {
    return Stream.of(thrown.getStackTraceElementProxyArray())
        .limit(FRAMES)
        .map(frame -> frame.getStackTraceElement().toString())
        .toList();
  }

  private static String time(ILoggingEvent event) {
    return OffsetDateTime.ofInstant(event.getInstant(), ZoneId.systemDefault()).format(TIME);
  }

  private static String logger(ILoggingEvent event) {
    return event.getLoggerName().substring(event.getLoggerName().lastIndexOf('.') + 1);
  }

  /// A text of several words that holds nothing which could pass for a fact.
  private static boolean isPlain(String text) {
    return text.chars().allMatch(unit -> unit >= ' ' && unit <= '~' && unit != '=' && unit != '"');
  }

  private static String quoted(String text) {
    return Json.text(Json.array().add(Disclosure.visible(text)).get(0));
  }
}
