package io.approvalhub.kit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/// JSON read strictly and written the same way everywhere.
///
/// Numbers keep every digit. A property that is there twice, or anything after the value, is an
/// error: two readers could understand such a text differently.
public final class Json {

  /// How deep anything that is read may be nested. What walks over it, here and elsewhere, does so
  /// level by level on its stack.
  static final int DEPTH = 100;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEPTH).build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final ObjectWriter PRETTY = MAPPER.writer(printer());

  private Json() {}

  /// Reads one JSON value.
  ///
  /// @throws IOException when it is none; the message says where and never quotes the text
  public static JsonNode parse(String text) throws IOException {
    return read(MAPPER.createParser(text));
  }

  /// Reads one JSON value in UTF-8, UTF-16 or UTF-32.
  ///
  /// @throws IOException when it is none; the message says where and never quotes the text
  public static JsonNode parse(byte[] text) throws IOException {
    return read(MAPPER.createParser(text));
  }

  /// An empty object to fill.
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /// An empty array to fill.
  public static ArrayNode array() {
    return MAPPER.createArrayNode();
  }

  /// The shortest text.
  public static String text(JsonNode node) {
    return write(MAPPER.writer(), node);
  }

  /// The text that people read: indented by two spaces.
  public static String pretty(JsonNode node) {
    return write(PRETTY, node);
  }

  private static JsonNode read(JsonParser text) throws IOException {
    try (text) {
      JsonNode node = MAPPER.readTree(text);
      if (node == null) {
        throw new MalformedJsonException("", "is empty");
      }
      return node;
    } catch (StreamConstraintsException _) {
      throw new MalformedJsonException(
          path(text.getParsingContext()),
          "is nested more than %d levels deep, or holds a name or a number that is too long"
              .formatted(DEPTH));
    } catch (JsonProcessingException e) {
      throw new MalformedJsonException(path(text.getParsingContext()), where(e));
    }
  }

  private static String path(JsonStreamContext context) {
    var path = new StringBuilder();
    for (var place = context; place != null; place = place.getParent()) {
      if (place.inArray()) {
        path.insert(0, Bounds.step(Math.max(0, place.getCurrentIndex())));
      } else if (place.hasCurrentName()) {
        path.insert(0, Bounds.step(place.getCurrentName()));
      }
    }
    return path.toString();
  }

  private static String where(JsonProcessingException e) {
    var at = e.getLocation();
    return at == null
        ? "is malformed"
        : "is malformed at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
  }

  private static String write(ObjectWriter writer, JsonNode node) {
    try {
      return writer.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DefaultPrettyPrinter printer() {
    var indenter = new DefaultIndenter("  ", "\n");
    var separators =
        Separators.createDefaultInstance()
            .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
            .withObjectEmptySeparator("")
            .withArrayEmptySeparator("");
    return new DefaultPrettyPrinter(separators)
        .withObjectIndenter(indenter)
        .withArrayIndenter(indenter);
  }
}
