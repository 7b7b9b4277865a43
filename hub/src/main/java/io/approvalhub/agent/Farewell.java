package io.approvalhub.agent;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.Set;

/// An answer by which, as an agent's contract has it, the agent says that it no longer waits for a
/// decision. Whatever else refuses a decision says nothing of the kind: a proxy answers 404 too.
///
/// @param status of the answer
/// @param field a JSON pointer into the body
/// @param words what that field begins with
/// @param unlike what another field must not be, as pointer and text, where the same words have
///     another meaning
public record Farewell(int status, String field, String words, Set<Field> unlike) {

  public Farewell(int status, String field, String words) {
    this(status, field, words, Set.of());
  }

  /// Whether an answer is one of these.
  public static boolean isOneOf(Collection<Farewell> farewells, int status, JsonNode body) {
    return farewells.stream().anyMatch(farewell -> farewell.is(status, body));
  }

  private boolean is(int answered, JsonNode body) {
    var text = body.at(field);
    return answered == status
        && text.isTextual()
        && text.textValue().startsWith(words)
        && unlike.stream().noneMatch(field -> body.at(field.pointer).asText().equals(field.text));
  }

  /// A field of a body.
  public record Field(String pointer, String text) {}
}
