package io.approvalhub.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Button;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.testkit.TelegramText.MalformedTextException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// A group as Telegram keeps it: its messages, and what a bot may not put there.
final class TelegramGroup {

  private static final String NAME = "@approvals";
  private static final int START = 1_760_000_000;
  private static final int MOST_TEXT = 4096;
  private static final int MOST_CAPTION = 1024;
  private static final int MOST_DATA = 64;
  private static final int MOST_BYTES = 1 << 15;

  private final ObjectNode bot;
  private final List<Post> posts = new ArrayList<>();
  private long id;
  private long former;
  private int last = 100;
  private boolean blocked;
  private boolean unparsable;

  TelegramGroup(long id, ObjectNode bot) {
    this.id = id;
    this.bot = bot;
  }

  /// A message in the group. Only the group changes it.
  static final class Post {

    private final ObjectNode json;
    private final Map<Action, String> buttons = new EnumMap<>(Action.class);
    private String file = "";
    private List<String> pings = List.of();
    private int edits;

    private Post(ObjectNode json) {
      this.json = json;
    }

    MessageRef ref() {
      return new MessageRef(
          json.path("chat").path("id").asText(), json.path("message_id").asText());
    }

    int id() {
      return json.path("message_id").asInt();
    }

    ObjectNode json() {
      return json.deepCopy();
    }

    String text() {
      return json.path("text").asText();
    }

    String file() {
      return file;
    }

    List<String> pings() {
      return pings;
    }

    int edits() {
      return edits;
    }

    boolean byBot() {
      return json.path("from").path("is_bot").asBoolean();
    }

    boolean asksForReply() {
      return json.has("force_reply");
    }

    boolean repliesTo(int message) {
      return json.path("reply_to_message").path("message_id").asInt() == message;
    }

    boolean repliesToPerson() {
      var replied = json.path("reply_to_message");
      return replied.isObject() && !replied.path("from").path("is_bot").asBoolean();
    }

    /// What its buttons carry now.
    Map<Action, String> buttons() {
      var now = new EnumMap<Action, String>(Action.class);
      for (var row : json.path("reply_markup").path("inline_keyboard")) {
        for (var button : row) {
          var data = button.path("callback_data").asText();
          Button.parse(data).ifPresent(parsed -> now.put(parsed.action(), data));
        }
      }
      return now;
    }

    /// What the button of `action` carries or carried.
    Optional<String> button(Action action) {
      return Optional.ofNullable(buttons.get(action));
    }

    private void show(TelegramText text, JsonNode markup) {
      json.put(file.isEmpty() ? "text" : "caption", text.text());
      json.set(file.isEmpty() ? "entities" : "caption_entities", text.json());
      json.remove("reply_markup");
      if (markup.has("inline_keyboard")) {
        json.set("reply_markup", markup);
      }
      pings = text.pings();
      buttons.putAll(buttons());
    }
  }

  synchronized List<Post> posts() {
    return List.copyOf(posts);
  }

  synchronized Optional<Post> find(MessageRef ref) {
    return posts.stream().filter(post -> post.ref().equals(ref)).findFirst();
  }

  /// The group becomes a supergroup with another id; its messages stay behind.
  synchronized void migrate(long to) {
    former = id;
    id = to;
    last = 0;
  }

  synchronized void delete(MessageRef ref) {
    posts.removeIf(post -> post.ref().equals(ref));
  }

  synchronized void block() {
    blocked = true;
  }

  /// Takes no markup from now on, whatever it says.
  synchronized void refuseMarkup() {
    unparsable = true;
  }

  /// A person writes.
  synchronized Post say(ObjectNode from, String text, Optional<Post> quoted) {
    var post = post(from);
    quoted.ifPresent(other -> post.json.set("reply_to_message", quoted(other)));
    post.show(TelegramText.plain(text, Json.array()), Json.object());
    return post;
  }

  /// `sendMessage`
  synchronized Post send(ObjectNode body) throws TelegramRefusal {
    var chat = body.path("chat_id");
    check(chat);
    var text = text(body, "text", "entities", MOST_TEXT);
    if (text.text().isEmpty()) {
      throw TelegramRefusal.badRequest("message text is empty");
    }
    var markup = markup(body);
    var replied = replied(body);
    var post = post(bot);
    replied.ifPresent(other -> post.json.set("reply_to_message", quoted(other)));
    post.show(text, markup);
    if (markup.path("force_reply").asBoolean()) {
      post.json.put("force_reply", true);
    }
    return post;
  }

  /// `sendDocument`
  synchronized Post document(ObjectNode body) throws TelegramRefusal {
    check(body.path("chat_id"));
    var part = body.path("document").asText().replaceFirst("^attach://", "");
    var file = body.path(part);
    if (file.path("text").asText().isEmpty()) {
      throw TelegramRefusal.badRequest("there is no document in the request");
    }
    var caption = text(body, "caption", "caption_entities", MOST_CAPTION);
    var markup = markup(body);
    var post = post(bot);
    post.file = file.path("text").asText();
    post.json.set("document", document(post, file.path("filename").asText()));
    post.show(caption, markup);
    return post;
  }

  private static ObjectNode document(Post post, String name) {
    return Json.object()
        .put("file_id", "file" + post.id())
        .put("file_unique_id", "unique" + post.id())
        .put("file_name", name)
        .put("file_size", post.file.getBytes(StandardCharsets.UTF_8).length);
  }

  /// `editMessageText`
  synchronized Post edit(ObjectNode body) throws TelegramRefusal {
    check(body.path("chat_id"));
    var ref = new MessageRef(String.valueOf(id), body.path("message_id").asText());
    var post = find(ref).orElseThrow(() -> TelegramRefusal.badRequest("message to edit not found"));
    if (!post.byBot() || !post.file.isEmpty()) {
      throw TelegramRefusal.badRequest("message can't be edited");
    }
    var text = text(body, "text", "entities", MOST_TEXT);
    var before = post.json();
    var markup = markup(body);
    post.show(text, markup);
    if (before.equals(post.json)) {
      throw TelegramRefusal.badRequest(
          "message is not modified: specified new message content and reply markup are exactly the"
              + " same as a current content and reply markup of the message");
    }
    post.edits++;
    return post;
  }

  private Post post(ObjectNode from) {
    last++;
    var json = Json.object().put("message_id", last).put("date", START + last);
    json.set("chat", chat());
    json.set("from", from);
    var post = new Post(json);
    posts.add(post);
    return post;
  }

  private ObjectNode chat() {
    return Json.object()
        .put("id", id)
        .put("type", id > -1_000_000_000_000L ? "group" : "supergroup")
        .put("title", "Approvals");
  }

  private static ObjectNode quoted(Post post) {
    var json = post.json();
    json.remove(List.of("reply_to_message", "force_reply"));
    return json;
  }

  private void check(JsonNode chat) throws TelegramRefusal {
    var text = chat.asText();
    if (former != 0 && text.equals(String.valueOf(former))) {
      throw new TelegramRefusal(
          400,
          "Bad Request: group chat was upgraded to a supergroup chat",
          Json.object().put("migrate_to_chat_id", id));
    }
    if (!text.equals(String.valueOf(id)) && !text.equalsIgnoreCase(NAME)) {
      throw TelegramRefusal.badRequest("chat not found");
    }
    if (blocked) {
      throw new TelegramRefusal(403, "Forbidden: bot was kicked from the supergroup chat");
    }
  }

  private TelegramText text(ObjectNode body, String name, String entities, int most)
      throws TelegramRefusal {
    var source = body.path(name).asText();
    if (source.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      throw TelegramRefusal.badRequest("text is too long");
    }
    var text = text(source, body.path("parse_mode").asText(), body.path(entities));
    if (text.text().length() > most) {
      var what = name.equals("text") ? "message" : "message caption";
      throw TelegramRefusal.badRequest(what + " is too long");
    }
    return text;
  }

  private TelegramText text(String source, String mode, JsonNode entities) throws TelegramRefusal {
    if (mode.isEmpty()) {
      return TelegramText.plain(source, entities);
    }
    if (!mode.equalsIgnoreCase("HTML")) {
      throw TelegramRefusal.badRequest("unsupported parse_mode");
    }
    try {
      if (unparsable) {
        throw new MalformedTextException(
            "can't parse entities: Unsupported start tag \"b\" at byte offset 0");
      }
      return TelegramText.html(source);
    } catch (MalformedTextException e) {
      throw TelegramRefusal.badRequest(Objects.requireNonNull(e.getMessage()));
    }
  }

  private static JsonNode markup(ObjectNode body) throws TelegramRefusal {
    var markup = body.path("reply_markup");
    for (var row : markup.path("inline_keyboard")) {
      for (var button : row) {
        button(button);
      }
    }
    return markup;
  }

  private static void button(JsonNode button) throws TelegramRefusal {
    if (button.path("text").asText().isBlank()) {
      throw TelegramRefusal.badRequest(
          "can't parse inline keyboard button: Field \"text\" must be non-empty");
    }
    var bytes = button.path("callback_data").asText().getBytes(StandardCharsets.UTF_8).length;
    if (bytes == 0 || bytes > MOST_DATA) {
      throw TelegramRefusal.badRequest("BUTTON_DATA_INVALID");
    }
  }

  private Optional<Post> replied(ObjectNode body) throws TelegramRefusal {
    var parameters = body.path("reply_parameters");
    if (!parameters.isObject()) {
      return Optional.empty();
    }
    var ref = new MessageRef(String.valueOf(id), parameters.path("message_id").asText());
    var post = find(ref);
    if (post.isEmpty() && !parameters.path("allow_sending_without_reply").asBoolean()) {
      throw TelegramRefusal.badRequest("message to be replied not found");
    }
    return post;
  }
}
