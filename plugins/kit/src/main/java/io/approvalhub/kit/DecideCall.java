package io.approvalhub.kit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.plugin.HttpCall;
import io.approvalhub.plugin.Person;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The call by which the receiver of a webhook decides: what it posts to `decide_url`.
public final class DecideCall {

  private DecideCall() {}

  /// A body that presses a button; `reason` and `modified_args` may be put into its `data`.
  ///
  /// @param button from `actions` of the event
  public static ObjectNode body(String button, Person person) {
    var body = Json.object().put("type", "approval.decide");
    var data = body.putObject("data").put("button", button);
    data.putObject("person").put("id", person.id()).put("name", person.name());
    return body;
  }

  /// The body, signed.
  ///
  /// @param key the channel's, from [StandardWebhook#key]
  /// @param id new for each decision, the same when the call is repeated
  public static HttpCall signed(byte[] key, String id, Instant at, JsonNode body) {
    var bytes = Json.text(body).getBytes(UTF_8);
    var headers = new TreeMap<String, List<String>>();
    headers.put("Content-Type", List.of("application/json"));
    StandardWebhook.headers(key, id, at, bytes)
        .forEach((name, value) -> headers.put(name, List.of(value)));
    return new HttpCall("POST", Map.of(), headers, bytes);
  }
}
