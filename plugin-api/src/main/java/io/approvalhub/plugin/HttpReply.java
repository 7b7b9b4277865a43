package io.approvalhub.plugin;

import java.nio.charset.StandardCharsets;

/// What a channel answers to a call of its platform.
///
/// @param status the HTTP status
/// @param contentType of the body; ignored when the body is empty
/// @param body the bytes as they go out; not copied
@SuppressWarnings("ArrayRecordComponent")
public record HttpReply(int status, String contentType, byte[] body) {

  /// A reply without a body.
  public static HttpReply of(int status) {
    return new HttpReply(status, "text/plain", new byte[0]);
  }

  /// A reply in plain text, UTF-8.
  public static HttpReply text(int status, String text) {
    return new HttpReply(
        status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /// A reply in JSON.
  public static HttpReply json(int status, String json) {
    return new HttpReply(status, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }
}
