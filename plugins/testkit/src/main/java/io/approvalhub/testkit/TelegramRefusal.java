package io.approvalhub.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Json;

/// A call that Telegram does not take, with its error code and what it says of it.
final class TelegramRefusal extends Exception {

  private static final long serialVersionUID = 1;

  private final int code;
  private final transient ObjectNode parameters;

  TelegramRefusal(int code, String description) {
    this(code, description, Json.object());
  }

  TelegramRefusal(int code, String description, ObjectNode parameters) {
    super(description);
    this.code = code;
    this.parameters = parameters;
  }

  static TelegramRefusal badRequest(String problem) {
    return new TelegramRefusal(400, "Bad Request: " + problem);
  }

  int code() {
    return code;
  }

  /// As Telegram answers it.
  ObjectNode json() {
    var json =
        Json.object().put("ok", false).put("error_code", code).put("description", getMessage());
    if (!parameters.isEmpty()) {
      json.set("parameters", parameters);
    }
    return json;
  }
}
