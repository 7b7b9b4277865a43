package io.approvalhub.kit.parts;

import com.fasterxml.jackson.databind.node.TextNode;
import io.approvalhub.kit.Json;
import java.util.regex.Pattern;

/// How the place of a value is written: `files[0].content`, `headers["X Y"]`.
final class Step {

  private static final Pattern PLAIN = Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$-]*");
  private static final int LONGEST = 60;

  private Step() {}

  /// Whether a name can stand in a path. One that cannot stays within the JSON of its object.
  static boolean canBeNamed(String name) {
    return name.length() <= LONGEST;
  }

  static String into(String path, String name) {
    if (!PLAIN.matcher(name).matches()) {
      return path + "[" + Json.text(TextNode.valueOf(name)) + "]";
    }
    return path.isEmpty() ? name : path + "." + name;
  }

  static String into(String path, int index) {
    return path + "[" + index + "]";
  }
}
