package io.approvalhub.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A text as Telegram understands it: what people read, and the entities in it.
///
/// @param text without markup, and without white space around it
/// @param entities those that the sender asked for, and those that Telegram finds by itself
record TelegramText(String text, List<Entity> entities) {

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("b", "bold"),
          Map.entry("strong", "bold"),
          Map.entry("i", "italic"),
          Map.entry("em", "italic"),
          Map.entry("u", "underline"),
          Map.entry("ins", "underline"),
          Map.entry("s", "strikethrough"),
          Map.entry("strike", "strikethrough"),
          Map.entry("del", "strikethrough"),
          Map.entry("span", "spoiler"),
          Map.entry("tg-spoiler", "spoiler"),
          Map.entry("tg-emoji", "custom_emoji"),
          Map.entry("code", "code"),
          Map.entry("pre", "pre"),
          Map.entry("a", "text_link"),
          Map.entry("tg-time", "date_time"),
          Map.entry("blockquote", "blockquote"));

  private static final Map<String, String> CHARACTERS =
      Map.of("lt", "<", "gt", ">", "amp", "&", "quot", "\"");

  private static final Map<String, Pattern> FOUND =
      Map.of(
          "mention", Pattern.compile("(?<![\\w@])@[A-Za-z]\\w{3,31}\\b"),
          "hashtag", Pattern.compile("(?<!\\w)#\\p{L}\\w*"),
          "bot_command", Pattern.compile("(?<![\\w/<>])/\\w+(?:@\\w+)?"),
          "url",
              Pattern.compile(
                  "(?i)\\b(?:https?://\\S+|[a-z0-9-]+(?:\\.[a-z0-9-]+)*\\.(?:com|org|net|io)\\b\\S*)"));

  private static final Pattern TAG = Pattern.compile("<(/?)([A-Za-z0-9-]*)([^<>]*)>");
  private static final Pattern CHARACTER =
      Pattern.compile("&(?:#(\\d{1,7})|#x([0-9a-fA-F]{1,6})|([a-z]+));");
  private static final Pattern LINK = Pattern.compile("\\s*href=[\"']([^\"']*)[\"']\\s*");
  private static final Pattern TIME =
      Pattern.compile("\\s*unix=\"(\\d+)\"(?:\\s+format=\"(?:r|w?[dD]?[tT]?)\")?\\s*");
  private static final Pattern PERSON = Pattern.compile("tg://user\\?id=(\\d+)");

  TelegramText {
    entities = List.copyOf(entities);
  }

  /// The text of HTML.
  static TelegramText html(String html) throws MalformedTextException {
    return new Parser(html).parse();
  }

  /// A text with the entities that came beside it.
  static TelegramText plain(String text, JsonNode entities) {
    var asked = new ArrayList<Entity>();
    for (var entity : entities) {
      asked.add(
          new Entity(
              entity.path("type").asText(),
              entity.path("offset").asInt(),
              entity.path("length").asInt(),
              entity.path("user").path("id").asText()));
    }
    return found(text, asked);
  }

  /// Who would be notified.
  List<String> pings() {
    return entities.stream().filter(Entity::pings).map(this::covered).toList();
  }

  /// As in a message.
  ArrayNode json() {
    var array = Json.array();
    entities.forEach(entity -> array.add(entity.json()));
    return array;
  }

  private String covered(Entity entity) {
    return text.substring(entity.offset, entity.end());
  }

  private static TelegramText found(String text, List<Entity> asked) {
    var body = text.stripTrailing();
    var start = body.length() - body.stripLeading().length();
    var stripped = body.substring(start);
    var entities = new ArrayList<Entity>();
    asked.stream()
        .flatMap(entity -> entity.within(start, body.length()).stream())
        .forEach(entities::add);
    var verbatim = entities.stream().filter(Entity::verbatim).toList();
    FOUND.forEach(
        (type, pattern) ->
            pattern
                .matcher(stripped)
                .results()
                .map(match -> new Entity(type, match.start(), match.end() - match.start(), ""))
                .filter(entity -> verbatim.stream().noneMatch(entity::overlaps))
                .forEach(entities::add));
    entities.sort(Comparator.comparingInt(Entity::offset));
    return new TelegramText(stripped, entities);
  }

  /// @param detail the person of a `text_mention`, the address of a `text_link`, the second of a
  ///     `date_time`
  record Entity(String type, int offset, int length, String detail) {

    int end() {
      return offset + length;
    }

    boolean verbatim() {
      return List.of("code", "pre", "text_link", "text_mention").contains(type);
    }

    boolean pings() {
      return type.equals("mention") || type.equals("text_mention");
    }

    boolean overlaps(Entity other) {
      return offset < other.end() && other.offset < end();
    }

    Optional<Entity> within(int start, int end) {
      var from = Math.max(offset, start);
      var to = Math.min(end(), end);
      return to > from
          ? Optional.of(new Entity(type, from - start, to - from, detail))
          : Optional.empty();
    }

    ObjectNode json() {
      var json = Json.object().put("type", type).put("offset", offset).put("length", length);
      if (type.equals("date_time")) {
        json.put("unix_time", Long.parseLong(detail));
      }
      if (type.equals("text_link")) {
        json.put("url", detail);
      }
      if (type.equals("text_mention")) {
        json.set("user", FakeTelegram.user(Long.parseLong(detail), "Person " + detail));
      }
      return json;
    }
  }

  /// The markup cannot be understood; the message is what Telegram says.
  static final class MalformedTextException extends Exception {

    private static final long serialVersionUID = 1;

    MalformedTextException(String message) {
      super(message);
    }
  }

  private record Open(String tag, int offset, String rest) {

    Entity entity(int end) {
      var person = PERSON.matcher(link());
      return person.matches()
          ? new Entity("text_mention", offset, end - offset, person.group(1))
          : new Entity(type(), offset, end - offset, detail());
    }

    private String type() {
      var type = Objects.requireNonNull(TYPES.get(tag));
      return type.equals("blockquote") && rest.strip().equals("expandable")
          ? "expandable_blockquote"
          : type;
    }

    private String detail() {
      var time = TIME.matcher(rest);
      return tag.equals("tg-time") && time.matches() ? time.group(1) : link();
    }

    private String link() {
      var link = LINK.matcher(rest);
      return tag.equals("a") && link.matches() ? link.group(1) : "";
    }
  }

  private static final class Parser {

    private final String html;
    private final StringBuilder text = new StringBuilder();
    private final List<Entity> entities = new ArrayList<>();
    private final Deque<Open> open = new ArrayDeque<>();
    private int at;

    Parser(String html) {
      this.html = html;
    }

    TelegramText parse() throws MalformedTextException {
      while (at < html.length()) {
        switch (html.charAt(at)) {
          case '<' -> tag();
          case '&' -> character();
          default -> text.append(html.charAt(at++));
        }
      }
      if (!open.isEmpty()) {
        throw malformed(
            "Can't find end tag corresponding to start tag \"" + open.peek().tag + "\"");
      }
      return found(text.toString(), entities);
    }

    private void tag() throws MalformedTextException {
      var match = TAG.matcher(html).region(at, html.length());
      if (!match.lookingAt()) {
        throw malformed("Unclosed start tag at byte offset " + bytes());
      }
      var name = match.group(2).toLowerCase(Locale.ROOT);
      if (!match.group(1).isEmpty()) {
        close(name);
      } else if (name.equals("tg-time") && !TIME.matcher(match.group(3)).matches()) {
        throw malformed("Invalid attributes of tag \"tg-time\" at byte offset " + bytes());
      } else if (TYPES.containsKey(name)) {
        open.push(new Open(name, text.length(), match.group(3)));
      } else {
        throw malformed("Unsupported start tag \"" + name + "\" at byte offset " + bytes());
      }
      at = match.end();
    }

    private void close(String name) throws MalformedTextException {
      var start = open.poll();
      if (start == null) {
        throw malformed("Unexpected end tag at byte offset " + bytes());
      }
      if (!name.isEmpty() && !name.equals(start.tag)) {
        throw malformed(
            "Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\""
                .formatted(bytes(), start.tag, name));
      }
      // Code within a block says which language the block is in.
      var within = open.peek();
      var isLanguage = name.equals("code") && within != null && within.tag.equals("pre");
      if (text.length() > start.offset && !isLanguage) {
        entities.add(start.entity(text.length()));
      }
    }

    private void character() {
      var match = CHARACTER.matcher(html).region(at, html.length());
      var decoded =
          match.lookingAt() ? decoded(match.group(1), match.group(2), match.group(3)) : null;
      text.append(decoded == null ? "&" : decoded);
      at = decoded == null ? at + 1 : match.end();
    }

    private static @Nullable String decoded(
        @Nullable String decimal, @Nullable String hex, @Nullable String name) {
      if (name != null) {
        return CHARACTERS.get(name);
      }
      var code =
          decimal != null ? Integer.parseInt(decimal) : Integer.parseInt(String.valueOf(hex), 16);
      return Character.isValidCodePoint(code) && code > 0 ? Character.toString(code) : null;
    }

    private int bytes() {
      return html.substring(0, at).getBytes(StandardCharsets.UTF_8).length;
    }

    private static MalformedTextException malformed(String problem) {
      return new MalformedTextException("can't parse entities: " + problem);
    }
  }
}
