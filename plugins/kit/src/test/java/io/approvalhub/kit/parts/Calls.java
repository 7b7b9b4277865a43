package io.approvalhub.kit.parts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.approvalhub.kit.Json;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;

/// Arguments at random, of the kinds that agents send and of those that nobody should.
record Calls(Random random) {

  static final List<String> NAMES =
      List.of(
          "command",
          "cmd",
          "cwd",
          "timeout",
          "code",
          "language",
          "path",
          "file_path",
          "content",
          "old_string",
          "new_string",
          "before",
          "after",
          "search",
          "replace",
          "edits",
          "files",
          "url",
          "method",
          "headers",
          "body",
          "sql",
          "query",
          "to",
          "subject",
          "amount",
          "currency",
          "recipient",
          "text",
          "env",
          "patch",
          "manifest",
          "a.b",
          "x y",
          "",
          "[0]",
          "name",
          "value",
          "password",
          "token",
          "api_key",
          "n\nm",
          "tag\u202eged",
          "→",
          "a\"b");

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "ls -la",
          "12",
          "true",
          "null",
          "\"x\"",
          "{\"a\":1}",
          "[1,2]",
          "[]",
          "a\nb",
          "\n",
          "a\n",
          "#!/usr/bin/env python3\nprint(1)\n",
          "SELECT 1;\n-- x",
          "{\"a\":{\"b\":[1,2,3]},\"c\":\"d\"}",
          "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
          "https://example.com/a?b=c",
          "deploy.py",
          "ä\tö",
          " lead",
          "trail ",
          "it's",
          "'",
          "\\",
          "a → b",
          "x\u200by",
          "password=hunter2 ls",
          "tab\there");

  private static final List<String> NUMBERS =
      List.of("1", "-0.50", "1E+30", "12345678901234567890");

  JsonNode call() {
    return random.nextInt(8) == 0 ? value(2) : object(2);
  }

  private JsonNode value(int depth) {
    return switch (depth == 0 ? 2 : random.nextInt(8)) {
      case 0 -> object(depth - 1);
      case 1 -> array(depth - 1);
      default -> scalar();
    };
  }

  private JsonNode object(int depth) {
    var object = Json.object();
    for (var left = random.nextInt(8); left > 0; left--) {
      object.set(name(), value(depth));
    }
    return object;
  }

  private JsonNode array(int depth) {
    var array = Json.array();
    for (var left = random.nextInt(5); left > 0; left--) {
      array.add(value(depth));
    }
    return array;
  }

  private JsonNode scalar() {
    return switch (random.nextInt(8)) {
      case 0 -> DecimalNode.valueOf(new BigDecimal(any(NUMBERS)));
      case 1 -> BooleanNode.valueOf(random.nextBoolean());
      case 2 -> NullNode.getInstance();
      default -> TextNode.valueOf(text());
    };
  }

  private String text() {
    return switch (random.nextInt(4)) {
      case 0 -> any(TEXTS) + "\n" + any(TEXTS);
      case 1 -> any(TEXTS).repeat(40);
      case 2 -> characters(30);
      default -> any(TEXTS);
    };
  }

  private String name() {
    return random.nextInt(9) == 0 ? characters(70) : any(NAMES);
  }

  /// Any that can be stored.
  private String characters(int most) {
    return random
        .ints(random.nextInt(most), 1, Character.MAX_CODE_POINT)
        .map(point -> random.nextBoolean() ? ' ' + point % 95 : point)
        .filter(point -> Character.getType(point) != Character.SURROGATE)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private String any(List<String> texts) {
    return texts.get(random.nextInt(texts.size()));
  }
}
