package io.approvalhub.kit.parts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The words of a command that an agent hands over one by one.
final class CommandWords {

  private static final Pattern BARE = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private CommandWords() {}

  static boolean isList(JsonNode node) {
    return node.isArray() && !node.isEmpty() && node.valueStream().allMatch(JsonNode::isTextual);
  }

  /// The command as one types it: words that a shell would read otherwise stand in quotation marks.
  static String line(JsonNode words) {
    return words
        .valueStream()
        .map(word -> quoted(word.textValue()))
        .collect(Collectors.joining(" "));
  }

  private static String quoted(String word) {
    return BARE.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
