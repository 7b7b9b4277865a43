package io.approvalhub.telegram;

import static java.util.regex.Pattern.CASE_INSENSITIVE;
import static java.util.regex.Pattern.DOTALL;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Disclosure;
import io.approvalhub.kit.Text;
import io.approvalhub.plugin.Button;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.Person;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What an update of Telegram means. Updates are read as they come, without the library's types: a
/// kind of content that it does not know yet would make it refuse all that came with it.
final class TelegramClicks {

  /// What a message has whose words are those of the person in `from`, written to this bot, there
  /// and then. Whatever else a message has may say that they are somebody else's.
  private static final Set<String> PLAIN =
      Set.of(
          "message_id",
          "message_thread_id",
          "is_topic_message",
          "direct_messages_topic",
          "from",
          "sender_boost_count",
          "sender_tag",
          "date",
          "chat",
          "text",
          "entities",
          "link_preview_options",
          "effect_id",
          "has_protected_content",
          "paid_star_count",
          "reply_to_message",
          "quote");

  private static final String EDITED = "edited";
  private static final String ELSEWHERE = "elsewhere";

  /// Why the words of a message are not, by what it has besides.
  private static final SequencedMap<String, String> DOUBTS = new LinkedHashMap<>();

  static {
    for (var field : List.of("forward_origin", "forward_date", "is_automatic_forward")) {
      DOUBTS.put(field, "forwarded");
    }
    for (var field : List.of("via_bot", "sender_business_bot", "guest_bot_caller_user")) {
      DOUBTS.put(field, "bot");
    }
    DOUBTS.put("sender_chat", "group");
    DOUBTS.put("edit_date", EDITED);
    DOUBTS.put("external_reply", ELSEWHERE);
    DOUBTS.put("business_connection_id", "business");
    DOUBTS.put("is_from_offline", "scheduled");
  }

  /// Who writes for a group's administrators, for a channel, and for Telegram.
  private static final Set<Long> ANONYMOUS = Set.of(1_087_968_824L, 136_817_688L, 777_000L);

  private static final int MOST_FIELD = 64;

  private static final Pattern ADDRESSEE =
      Pattern.compile("\\s*/?(?:approve|deny)@(\\w+).*", CASE_INSENSITIVE | DOTALL);

  private TelegramClicks() {}

  /// What a person, or the group, did.
  sealed interface Click {}

  /// A person pressed a button.
  ///
  /// @param query what Telegram wants an answer to
  /// @param button empty where it is none of ours
  record Pressed(
      String query, JsonNode chat, MessageRef message, Optional<Button> button, Person person)
      implements Click {}

  /// Somebody wrote something.
  ///
  /// @param quoted what it answers
  /// @param asked the token of the approval whose denial this person was asked a reason for
  /// @param author who wrote it, or why nobody knows
  record Wrote(
      JsonNode chat,
      MessageRef message,
      Optional<MessageRef> quoted,
      Optional<String> asked,
      String text,
      Author author)
      implements Click {

    /// The bot that a command names.
    Optional<String> addressee() {
      var match = ADDRESSEE.matcher(text);
      return match.matches() ? Optional.of(match.group(1)) : Optional.empty();
    }
  }

  /// Whose words they are.
  ///
  /// @param person whom Telegram shows as the one who sent them
  /// @param doubt why they may be somebody else's all the same
  record Author(Person person, Optional<Doubt> doubt) {}

  /// Why nobody knows whose words they are.
  ///
  /// @param key of the words for it, under `telegram.doubt.`
  record Doubt(String key, String detail) {}

  /// The group became a supergroup.
  record Moved(JsonNode chat, String to) implements Click {}

  /// Anything else.
  record Nothing() implements Click {}

  /// @param bot the bot's own user id
  static Click read(JsonNode update, long bot) {
    var query = update.path("callback_query");
    if (query.isObject()) {
      return pressed(query);
    }
    var message = update.path("message");
    if (message.has("migrate_to_chat_id")) {
      return new Moved(message.path("chat"), message.path("migrate_to_chat_id").asText());
    }
    return Stream.of("message", "edited_message", "channel_post")
        .filter(kind -> update.path(kind).path("text").isTextual())
        .filter(kind -> isSomebodys(update.path(kind)))
        .findFirst()
        .<Click>map(kind -> wrote(update.path(kind), kind, bot))
        .orElseGet(Nothing::new);
  }

  /// What bots write in their own name is left alone, lest two of them talk for ever.
  private static boolean isSomebodys(JsonNode message) {
    return message.has("sender_chat") || !message.path("from").path("is_bot").asBoolean();
  }

  private static Click pressed(JsonNode query) {
    var message = query.path("message");
    return person(query)
        .<Click>map(
            person ->
                new Pressed(
                    query.path("id").asText(),
                    message.path("chat"),
                    ref(message),
                    Button.parse(query.path("data").asText()),
                    person))
        .orElseGet(Nothing::new);
  }

  private static Wrote wrote(JsonNode message, String kind, long bot) {
    var author = author(message, kind);
    var quoted = message.path("reply_to_message");
    return new Wrote(
        message.path("chat"),
        ref(message),
        Optional.of(quoted).filter(JsonNode::isObject).map(TelegramClicks::ref),
        asked(quoted, author.person()).filter(_ -> quoted.path("from").path("id").asLong() == bot),
        message.path("text").asText(),
        author);
  }

  private static Author author(JsonNode message, String kind) {
    var person = person(message);
    var unsigned = Optional.of(new Doubt("unsigned", "")).filter(_ -> person.isEmpty());
    return new Author(person.orElse(new Person("", "")), doubt(message, kind).or(() -> unsigned));
  }

  private static Optional<Doubt> doubt(JsonNode message, String kind) {
    return DOUBTS.entrySet().stream()
        .filter(doubt -> message.has(doubt.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .or(() -> Optional.of(EDITED).filter(_ -> kind.equals("edited_message")))
        .or(() -> Optional.of(ELSEWHERE).filter(_ -> quotesElsewhere(message)))
        .map(what -> new Doubt(what, ""))
        .or(() -> unknown(message));
  }

  private static boolean quotesElsewhere(JsonNode message) {
    var quoted = message.path("reply_to_message");
    return quoted.isObject() && !ref(quoted).place().equals(ref(message).place());
  }

  private static Optional<Doubt> unknown(JsonNode message) {
    return message
        .propertyStream()
        .map(Map.Entry::getKey)
        .filter(field -> !PLAIN.contains(field))
        .findFirst()
        .map(field -> new Doubt("field", Text.fit(Disclosure.visible(field), MOST_FIELD)));
  }

  /// The other side of [TelegramMessages#question]. What an approval shows can never look like it:
  /// nothing in there becomes a mention.
  private static Optional<String> asked(JsonNode question, Person person) {
    var entities = question.path("entities");
    var mention = entities.path(0);
    var code = entities.path(entities.size() - 1);
    var text = question.path("text").asText();
    var start = code.path("offset").asInt();
    var asked =
        mention.path("type").asText().equals("text_mention")
            && mention.path("offset").asInt() == 0
            && mention.path("user").path("id").asText().equals(person.id())
            && code.path("type").asText().equals("code")
            && start >= 0
            && start < text.length()
            && start + code.path("length").asInt() == text.length();
    return asked ? Optional.of(text.substring(start)) : Optional.empty();
  }

  /// Who did it, unless it is a bot, a channel, or a group's administrators as one.
  private static Optional<Person> person(JsonNode from) {
    var user = from.path("from");
    var somebody = user.path("id").asLong() > 0 && !user.path("is_bot").asBoolean();
    return somebody && !ANONYMOUS.contains(user.path("id").asLong())
        ? Optional.of(new Person(user.path("id").asText(), name(user)))
        : Optional.empty();
  }

  private static String name(JsonNode user) {
    return Stream.of("first_name", "last_name")
        .map(part -> Disclosure.visible(user.path(part).asText()))
        .filter(part -> !part.isBlank())
        .collect(Collectors.joining(" "));
  }

  static MessageRef ref(JsonNode message) {
    return new MessageRef(
        message.path("chat").path("id").asText(), message.path("message_id").asText());
  }
}
