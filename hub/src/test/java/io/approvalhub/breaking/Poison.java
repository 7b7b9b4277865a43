package io.approvalhub.breaking;

/// A tool call that a hub cannot show, store or read, and that must harm nobody but itself.
enum Poison {
  NOT_A_NUMBER("\"poison-nan\"", "{\"n\": NaN}"),
  KEY_TWICE("\"poison-twice\"", "{\"a\": 1, \"a\": 2}"),
  DEEP("\"poison-deep\"", "{\"a\":".repeat(1_200) + "1" + "}".repeat(1_200)),
  NEARLY_TOO_DEEP("\"poison-990\"", "{\"a\":".repeat(990) + "1" + "}".repeat(990)),
  WIDE(
      "\"poison-wide\"",
      "{\"a\":".repeat(900) + "[" + "1,".repeat(20_000) + "1]" + "}".repeat(900)),
  NUL("\"poison-\\u0000\"", "{\"a\": \"\\u0000\"}"),
  HALF_A_CHARACTER("\"poison-\\ud800\"", "{\"a\": \"\\udc00\"}"),
  LONG_ID("\"poison-" + "x".repeat(3_000) + "\"", "{}"),
  NOT_A_ROW("7", "[]");

  private final String id;
  private final String arguments;

  Poison(String id, String arguments) {
    this.id = id;
    this.arguments = arguments;
  }

  /// A row of HiveGate's list.
  String row() {
    return this == NOT_A_ROW
        ? id
        : """
        {"job_id": %s, "worker_name": "", "tool_name": %s, "tool_args": %s, "risk_level": "low",
         "reason": %2$s, "timestamp": "2026-07-05T10:30:00.123456"}\
        """
            .formatted(id, text(), arguments);
  }

  /// The body of a call that raises it.
  String body() {
    return """
    {"tool_name": %s, "tool_args": %s, "reason": %s, "idempotency_key": %s}\
    """
        .formatted(text(), arguments, id, id);
  }

  private String text() {
    return "\"" + name() + "\"";
  }
}
