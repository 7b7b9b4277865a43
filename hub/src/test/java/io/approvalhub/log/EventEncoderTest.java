package io.approvalhub.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.OutputStreamAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class EventEncoderTest {

  private final LoggerContext context = new LoggerContext();
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final Logger log = context.getLogger("io.approvalhub.approval.Desk");

  @BeforeEach
  void start() {
    context.setMDCAdapter(new LogbackMDCAdapter());
    var encoder = new EventEncoder();
    encoder.setContext(context);
    encoder.start();
    var appender = new OutputStreamAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.setOutputStream(written);
    appender.start();
    context.getLogger("ROOT").addAppender(appender);
  }

  @AfterEach
  void stop() {
    EventEncoder.form(LogForm.TEXT);
    context.stop();
  }

  @Test
  void factsAreQuotedWhereTheyNeedIt() {
    log.info("raised approval={} tool={} next=ask people", "01abc", "rm -rf \"/\"");

    assertThat(line())
        .endsWith(
            " INFO  Desk raised approval=01abc tool=\"rm -rf \\\"/\\\"\" next=\"ask people\"\n");
  }

  @Test
  void aValueForgesNeitherAFactNorALine() {
    log.info("raised tool={} agent={}", "rm agent=boss\n2026 INFO Desk raised", "=");

    assertThat(line())
        .endsWith(" tool=\"rm agent=boss\\n2026 INFO Desk raised\" agent=\"=\"\n")
        .hasLineCount(1);
  }

  @Test
  void aMessageOfALibraryForgesNothing() {
    context.getLogger("org.example.Lib").warn("odd {}", "x approval=01abc\nINFO");

    assertThat(line()).endsWith(" WARN  Lib \"odd x approval=01abc\\nINFO\"\n");
  }

  @Test
  void pairsAreFactsAndLengthsOfTimeAreWords() {
    log.atWarn().addKeyValue("pause", Duration.ofMinutes(5)).addKeyValue("attempt", 3).log("tried");

    assertThat(line()).endsWith(" WARN  Desk tried pause=5m attempt=3\n");
  }

  @Test
  void anExceptionIsNamedWithItsPlaceAndWithoutSecrets() {
    var cause = new IllegalStateException("password=hunter2hunter2");
    log.error("broken approval={}", "01abc", new IllegalArgumentException(cause));

    assertThat(line())
        .hasLineCount(1)
        .contains("approval=01abc exception=java.lang.IllegalArgumentException")
        .contains("exception=java.lang.IllegalStateException")
        .contains("EventEncoderTest.java:")
        .doesNotContain("hunter2");
  }

  @Test
  void jsonIsOneObjectALine() throws IOException {
    EventEncoder.form(LogForm.JSON);
    log.info("raised tool={} attempt={} level={}", "a\nb", 2, "x");
    log.error("broken", new IllegalStateException("no"));

    var lines = line().lines().toList();
    assertThat(lines).hasSize(2);
    JsonNode first = Json.parse(lines.getFirst());
    assertThat(first.path("event").asText()).isEqualTo("raised");
    assertThat(first.path("level").asText()).isEqualTo("info");
    assertThat(first.path("level_").asText()).isEqualTo("x");
    assertThat(first.path("tool").asText()).isEqualTo("a\nb");
    assertThat(first.path("attempt").asInt()).isEqualTo(2);
    var exception = Json.parse(lines.getLast()).path("exceptions").path(0);
    assertThat(exception.path("exception").asText()).isEqualTo("java.lang.IllegalStateException");
    assertThat(exception.path("at").path(0).asText()).contains("EventEncoderTest");
  }

  private String line() {
    return written.toString(StandardCharsets.UTF_8);
  }
}
