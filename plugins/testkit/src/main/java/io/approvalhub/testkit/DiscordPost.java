package io.approvalhub.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Button;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.testkit.FakePlatform.Shown;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// A message on Discord and all that became of it.
final class DiscordPost {

  private static final List<String> FIELDS = List.of("content", "embeds", "components", "flags");

  private final String id = DiscordWorld.snowflake();
  private final String channel;
  private final String nonce;
  private final ObjectNode body = Json.object();
  private final Map<Action, String> everyButton = new EnumMap<>(Action.class);
  private Map<String, Upload> uploads = new LinkedHashMap<>();
  private JsonNode allowedMentions = Json.object().path("none");
  private int edits;

  DiscordPost(String channel, JsonNode payload, List<Upload> files) {
    this.channel = channel;
    this.nonce = payload.path("nonce").asText();
    write(payload, files);
  }

  String id() {
    return id;
  }

  String channel() {
    return channel;
  }

  String nonce() {
    return nonce;
  }

  int flags() {
    return body.path("flags").asInt();
  }

  /// Whether there is nothing to see.
  synchronized boolean blank() {
    return texts().findAny().isEmpty() && uploads.isEmpty();
  }

  synchronized void edit(JsonNode payload, List<Upload> files) {
    write(payload, files);
    edits++;
  }

  /// The names of the files that there would be after an edit.
  synchronized Set<String> names(JsonNode payload, List<Upload> files) {
    var names = new LinkedHashSet<String>();
    kept(payload, files).values().forEach(upload -> names.add(upload.name()));
    return names;
  }

  /// What the button of `action` carries, or carried while it was there.
  synchronized String button(Action action) {
    var data = everyButton.get(action);
    if (data == null) {
      throw new IllegalArgumentException("There never was a button " + action);
    }
    return data;
  }

  synchronized Shown shown() {
    return new Shown(
        new MessageRef(channel, id),
        String.join("\n", texts().map(DiscordMarkup::plain).toList()),
        buttons(),
        attachments(),
        texts().flatMap(text -> DiscordMarkup.pings(text, allowedMentions).stream()).toList(),
        edits);
  }

  /// The message as the API shows it.
  synchronized ObjectNode json() {
    var json = Json.object().put("id", id).put("channel_id", channel).put("type", 0);
    json.set("author", DiscordWorld.bot());
    json.put("application_id", DiscordWorld.APPLICATION).put("content", "");
    json.put("timestamp", DiscordWorld.now()).put("tts", false).put("pinned", false);
    json.put("edited_timestamp", edits == 0 ? null : DiscordWorld.now());
    json.put("mention_everyone", false).put("nonce", nonce.isEmpty() ? null : nonce);
    List.of("mentions", "mention_roles", "embeds", "components").forEach(json::putArray);
    json.setAll(body.deepCopy());
    uploads.forEach((key, upload) -> json.withArray("/attachments").add(upload.json(key)));
    json.findParents("file").forEach(file -> resolve((ObjectNode) file.path("file")));
    return json;
  }

  private void write(JsonNode payload, List<Upload> files) {
    uploads = kept(payload, files);
    for (var field : FIELDS) {
      if (payload.has(field)) {
        body.set(field, payload.path(field).deepCopy());
      }
    }
    allowedMentions = payload.path("allowed_mentions");
    everyButton.putAll(buttons());
  }

  /// Files stay unless an edit brings files or a list of those that are to stay.
  private Map<String, Upload> kept(JsonNode payload, List<Upload> files) {
    var kept = new LinkedHashMap<>(uploads);
    if (!files.isEmpty() || payload.has("attachments")) {
      var listed = payload.path("attachments").findValuesAsText("id");
      kept.keySet().retainAll(listed);
    }
    files.forEach(file -> kept.put(DiscordWorld.snowflake(), file));
    return kept;
  }

  private Stream<String> texts() {
    var texts = new ArrayList<String>();
    texts.add(body.path("content").asText());
    for (var embed : body.path("embeds")) {
      texts.add(embed.path("title").asText());
      texts.add(embed.path("description").asText());
      embed
          .path("fields")
          .forEach(field -> texts.add(text(field, "name") + "\n" + text(field, "value")));
      texts.add(embed.path("footer").path("text").asText());
    }
    texts.addAll(body.path("components").findValuesAsText("content"));
    return texts.stream().filter(text -> !text.isEmpty());
  }

  private Map<Action, String> buttons() {
    var buttons = new EnumMap<Action, String>(Action.class);
    body.path("components").findValuesAsText("custom_id").stream()
        .flatMap(data -> Button.parse(data).stream())
        .forEach(button -> buttons.put(button.action(), button.data()));
    return buttons;
  }

  /// With components, a file is seen only where a component shows it.
  private List<String> attachments() {
    var shown = body.path("components").findValuesAsText("url");
    return uploads.values().stream()
        .filter(upload -> !v2() || shown.contains("attachment://" + upload.name()))
        .map(Upload::text)
        .toList();
  }

  private boolean v2() {
    return (flags() & DiscordLimits.COMPONENTS_V2) != 0;
  }

  private void resolve(ObjectNode media) {
    var name = media.path("url").asText().replace("attachment://", "");
    uploads.forEach(
        (key, upload) -> {
          if (upload.name().equals(name)) {
            media.put("attachment_id", key).setAll(upload.json(key));
          }
        });
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText();
  }

  /// A file that came with a message.
  record Upload(String name, String text) {

    private ObjectNode json(String id) {
      var url = "https://cdn.discordapp.com/attachments/1/" + id + "/" + name;
      return Json.object()
          .put("id", id)
          .put("filename", name)
          .put("size", text.length())
          .put("content_type", "text/plain; charset=utf-8")
          .put("url", url)
          .put("proxy_url", url);
    }
  }
}
