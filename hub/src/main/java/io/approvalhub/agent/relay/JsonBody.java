package io.approvalhub.agent.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.approvalhub.kit.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.SequenceInputStream;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The JSON object that a client sent, of which members can be taken out or replaced. All other
/// bytes stay as they came.
///
/// It is read strictly, since what two readers could understand differently cannot be guarded, and
/// it is never in memory twice.
public final class JsonBody {

  /// Values that are looked at are no larger than this.
  private static final int LARGEST_VALUE = 64 << 10;

  /// A text may be as long as the body.
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  private final Blocks bytes;
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final Map<String, JsonNode> changed = new LinkedHashMap<>();
  private long end;

  private JsonBody(Blocks bytes) {
    this.bytes = bytes;
  }

  /// @throws MalformedException when it is no JSON object
  static JsonBody of(Blocks bytes) throws IOException {
    requireUtf8(bytes);
    var body = new JsonBody(bytes);
    try (var parser = JSON.createParser(bytes.stream(0, bytes.size()))) {
      body.read(parser);
    } catch (JsonProcessingException _) {
      throw new MalformedException();
    }
    return body;
  }

  /// Jackson reads characters that are written in more bytes than they need, and others refuse them
  /// or read something else.
  private static void requireUtf8(Blocks bytes) throws IOException {
    var decoder = UTF_8.newDecoder(); // which reports what is malformed
    try (var text = new InputStreamReader(bytes.stream(0, bytes.size()), decoder)) {
      text.transferTo(Writer.nullWriter());
    } catch (CharacterCodingException _) {
      throw new MalformedException();
    }
  }

  /// A value; missing where the object does not have it, or where it is too large to be looked at.
  public JsonNode value(String name) throws IOException {
    var member = members.get(name);
    if (member == null || member.to - member.from > LARGEST_VALUE) {
      return MissingNode.getInstance();
    }
    var text = new String(bytes.stream(member.from, member.to).readAllBytes(), UTF_8).strip();
    var alone = text.endsWith(",") ? text.substring(0, text.length() - 1) : text;
    return Json.parse("{" + alone + "}").path(name);
  }

  /// Whether the object has a member that is not null, false or an empty list.
  public boolean says(String name) {
    var member = members.get(name);
    return member != null && member.says;
  }

  /// Takes a member out.
  public JsonBody without(String name) {
    members.remove(name);
    changed.remove(name);
    return this;
  }

  /// Puts a value in the place of what there is.
  public JsonBody with(String name, JsonNode value) {
    without(name);
    changed.put(name, value);
    return this;
  }

  /// The object as it is now.
  InputStream stream() {
    return new SequenceInputStream(Collections.enumeration(parts()));
  }

  long length() {
    return parts().stream().mapToLong(JsonBody::available).sum();
  }

  /// Gives back the room of the bytes.
  void forget() {
    bytes.giveBack();
  }

  private void read(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new MalformedException();
    }
    offset(parser, '{');
    var starts = new ArrayList<Start>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      starts.add(new Start(parser.currentName(), offset(parser, '"'), says(parser)));
    }
    end = offset(parser, '}');
    if (parser.nextToken() != null) {
      throw new MalformedException();
    }
    for (var number = 0; number < starts.size(); number++) {
      var to = number + 1 < starts.size() ? starts.get(number + 1).from : end;
      var member = starts.get(number);
      members.put(member.name, new Member(member.from, to, member.says));
    }
  }

  /// Reads a value to its end.
  private static boolean says(JsonParser parser) throws IOException {
    var token = parser.nextToken();
    if (token == JsonToken.START_ARRAY) {
      var first = parser.nextToken();
      if (first == JsonToken.END_ARRAY) {
        return false;
      }
      skip(parser);
      return true;
    }
    parser.skipChildren();
    return token != JsonToken.VALUE_NULL && token != JsonToken.VALUE_FALSE;
  }

  /// Reads on to the end of the list whose first element has begun.
  private static void skip(JsonParser parser) throws IOException {
    parser.skipChildren();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      parser.skipChildren();
    }
  }

  /// Where a token is; only in UTF-8 does the parser know.
  private long offset(JsonParser parser, char first) throws IOException {
    var offset = parser.currentTokenLocation().getByteOffset();
    if (offset < 0 || offset >= bytes.size() || bytes.at(offset) != first) {
      throw new MalformedException();
    }
    return offset;
  }

  private List<InputStream> parts() {
    var parts = new ArrayList<InputStream>();
    parts.add(text("{" + added()));
    if (!changed.isEmpty() && !members.isEmpty()) {
      parts.add(text(","));
    }
    for (var left = members.values().iterator(); left.hasNext(); ) {
      var member = left.next();
      var to = left.hasNext() ? member.to : withoutComma(member);
      parts.add(bytes.stream(member.from, to));
    }
    parts.add(text("}"));
    return parts;
  }

  private String added() {
    var text = Json.text(Json.object().setAll(changed));
    return text.substring(1, text.length() - 1);
  }

  /// What follows the last member, such as a comma before one that was taken out, is left away.
  private long withoutComma(Member member) {
    if (member.to == end) {
      return end;
    }
    var at = member.to - 1;
    while (bytes.at(at) != ',') {
      at--;
    }
    return at;
  }

  private static InputStream text(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  private static int available(InputStream stream) {
    try {
      return stream.available();
    } catch (IOException e) {
      throw new IllegalStateException("it is in memory", e);
    }
  }

  /// @param from where its name begins
  /// @param to where the next begins, or the object ends
  /// @param says whether it is not null, false or an empty list
  private record Member(long from, long to, boolean says) {}

  /// Where a member begins.
  private record Start(String name, long from, boolean says) {}

  /// The body is no JSON object.
  static final class MalformedException extends IOException {

    private static final long serialVersionUID = 1;

    MalformedException() {
      super("the body must be a JSON object");
    }
  }
}
