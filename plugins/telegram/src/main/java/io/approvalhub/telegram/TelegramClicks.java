package io.approvalhub.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Disclosure;
import io.approvalhub.plugin.Button;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.Person;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What an update of Telegram means. Updates are read as they come, without the library's types: a
/// kind of content that it does not know yet would make it refuse all that came with it.
final class TelegramClicks {

  /// Who writes for a group's administrators, whichever of them it is.
  private static final long ANONYMOUS = 1_087_968_824;

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

  /// A person wrote something.
  ///
  /// @param quoted what the person answers
  /// @param asked the token of the approval whose denial this person was asked a reason for
  record Wrote(
      JsonNode chat,
      MessageRef message,
      Optional<MessageRef> quoted,
      Optional<String> asked,
      String text,
      Person person)
      implements Click {}

  /// The group became a supergroup.
  record Moved(JsonNode chat, String to) implements Click {}

  /// Anything else.
  record Nothing() implements Click {}

  /// @param bot the bot's own user id
  static Click read(JsonNode update, long bot) {
    var query = update.path("callback_query");
    var message = update.path("message");
    if (query.isObject()) {
      return pressed(query);
    }
    if (message.has("migrate_to_chat_id")) {
      return new Moved(message.path("chat"), message.path("migrate_to_chat_id").asText());
    }
    return person(message)
        .filter(_ -> message.path("text").isTextual())
        .<Click>map(person -> wrote(message, person, bot))
        .orElseGet(Nothing::new);
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

  private static Wrote wrote(JsonNode message, Person person, long bot) {
    var quoted = message.path("reply_to_message");
    return new Wrote(
        message.path("chat"),
        ref(message),
        Optional.of(quoted).filter(JsonNode::isObject).map(TelegramClicks::ref),
        asked(quoted, person).filter(_ -> quoted.path("from").path("id").asLong() == bot),
        message.path("text").asText(),
        person);
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
    var somebody =
        user.path("id").asLong() > 0
            && user.path("id").asLong() != ANONYMOUS
            && !user.path("is_bot").asBoolean()
            && !from.has("sender_chat");
    return somebody
        ? Optional.of(new Person(user.path("id").asText(), name(user)))
        : Optional.empty();
  }

  private static String name(JsonNode user) {
    return Stream.of("first_name", "last_name")
        .map(part -> Disclosure.visible(user.path(part).asText()))
        .filter(part -> !part.isBlank())
        .collect(Collectors.joining(" "));
  }

  private static MessageRef ref(JsonNode message) {
    return new MessageRef(
        message.path("chat").path("id").asText(), message.path("message_id").asText());
  }
}
