package io.approvalhub.telegram;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import org.telegram.telegrambots.meta.api.methods.botapimethods.BotApiMethod;
import org.telegram.telegrambots.meta.exceptions.TelegramApiRequestException;

/// `getUpdates`, with the updates as they came: the library's own gives all of them up for one that
/// it cannot read.
final class TelegramPoll extends BotApiMethod<ArrayNode> {

  /// The kinds of update that the channel understands.
  static final List<String> KINDS =
      List.of("message", "edited_message", "channel_post", "callback_query");

  private final int offset;
  private final long timeout;

  /// @param offset the first update that is wanted; 0 for whatever there is
  TelegramPoll(int offset, long timeout) {
    this.offset = offset;
    this.timeout = timeout;
  }

  @Override
  public String getMethod() {
    return "getUpdates";
  }

  @JsonProperty("offset")
  int offset() {
    return offset;
  }

  @JsonProperty("timeout")
  long timeout() {
    return timeout;
  }

  @JsonProperty("allowed_updates")
  List<String> kinds() {
    return KINDS;
  }

  @Override
  public ArrayNode deserializeResponse(String answer) throws TelegramApiRequestException {
    return deserializeResponse(answer, ArrayNode.class);
  }
}
