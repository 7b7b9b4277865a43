package io.approvalhub.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.micronaut.core.type.Argument;
import io.micronaut.serde.Encoder;
import io.micronaut.serde.Serializer;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.inject.Singleton;
import java.io.IOException;

/// Any JSON within an answer.
@Serdeable.Serializable(using = RawJson.Writer.class)
record RawJson(JsonNode node) {

  @Singleton
  static final class Writer implements Serializer<RawJson> {

    @Override
    public void serialize(
        Encoder encoder, EncoderContext context, Argument<? extends RawJson> type, RawJson value)
        throws IOException {
      write(encoder, value.node());
    }

    private static void write(Encoder encoder, JsonNode node) throws IOException {
      switch (node.getNodeType()) {
        case OBJECT -> writeObject(encoder, node);
        case ARRAY -> writeArray(encoder, node);
        case STRING -> encoder.encodeString(node.textValue());
        case BOOLEAN -> encoder.encodeBoolean(node.booleanValue());
        case NUMBER -> writeNumber(encoder, node);
        case NULL, MISSING, BINARY, POJO -> encoder.encodeNull();
      }
    }

    private static void writeObject(Encoder encoder, JsonNode node) throws IOException {
      try (var object = encoder.encodeObject(Argument.of(RawJson.class))) {
        for (var field : node.properties()) {
          object.encodeKey(field.getKey());
          write(object, field.getValue());
        }
      }
    }

    private static void writeArray(Encoder encoder, JsonNode node) throws IOException {
      try (var array = encoder.encodeArray(Argument.of(RawJson.class))) {
        for (var item : node) {
          write(array, item);
        }
      }
    }

    private static void writeNumber(Encoder encoder, JsonNode node) throws IOException {
      if (node.isIntegralNumber()) {
        encoder.encodeBigInteger(node.bigIntegerValue());
      } else {
        encoder.encodeBigDecimal(node.decimalValue());
      }
    }
  }
}
