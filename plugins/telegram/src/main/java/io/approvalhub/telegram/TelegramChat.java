package io.approvalhub.telegram;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.plugin.Hub;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.RefusedException;
import io.approvalhub.telegram.TelegramException.Problem;
import io.approvalhub.telegram.TelegramMessages.Markup;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.telegram.telegrambots.meta.api.methods.send.SendDocument;
import org.telegram.telegrambots.meta.api.methods.send.SendMessage;
import org.telegram.telegrambots.meta.api.methods.updatingmessages.EditMessageText;
import org.telegram.telegrambots.meta.api.objects.InputFile;
import org.telegram.telegrambots.meta.api.objects.LinkPreviewOptions;
import org.telegram.telegrambots.meta.api.objects.MessageEntity;
import org.telegram.telegrambots.meta.api.objects.ReplyParameters;
import org.telegram.telegrambots.meta.api.objects.message.Message;
import org.telegram.telegrambots.meta.api.objects.replykeyboard.InlineKeyboardMarkup;
import org.telegram.telegrambots.meta.api.objects.replykeyboard.ReplyKeyboard;

/// The configured chat, wherever it has moved since.
final class TelegramChat {

  private static final LinkPreviewOptions NO_PREVIEW =
      LinkPreviewOptions.builder().isDisabled(true).build();

  private final TelegramSettings settings;
  private final Hub hub;
  private final TelegramApi api;

  TelegramChat(TelegramSettings settings, Hub hub, TelegramApi api) {
    this.settings = settings;
    this.hub = hub;
    this.api = api;
  }

  /// Whether Telegram means this chat.
  boolean is(JsonNode chat) {
    var id = chat.path("id").asText();
    return id.equals(settings.chat())
        || id.equals(now(settings.chat()))
        || settings.chat().equalsIgnoreCase("@" + chat.path("username").asText());
  }

  /// From now on `from` is found at `to`.
  void moved(String from, String to) {
    hub.save(moved(from), to);
  }

  Message send(
      Markup text, Optional<ReplyParameters> quoted, Optional<? extends ReplyKeyboard> keys)
      throws IOException {
    return readable(
        text, form -> at(settings.chat(), chat -> api.call(message(chat, form, quoted, keys))));
  }

  Message send(String file, String name, Markup caption) throws IOException {
    return readable(
        caption, form -> at(settings.chat(), chat -> api.call(document(chat, file, name, form))));
  }

  void edit(MessageRef ref, Markup text, Optional<InlineKeyboardMarkup> keys) throws IOException {
    readable(text, form -> at(ref.place(), chat -> api.call(edit(known(chat, ref), form, keys))));
  }

  /// In the chat that `place` has become the same id can be another message: one that shows another
  /// approval is not overwritten.
  private MessageRef known(String chat, MessageRef ref) throws RefusedException {
    var there = new MessageRef(chat, ref.id());
    if (!there.equals(ref) && hub.find(there).isPresent()) {
      throw new RefusedException("The message stayed behind when its group became a supergroup");
    }
    return there;
  }

  private <T> T at(String place, Sending<String, T> sending) throws IOException {
    try {
      return sending.send(now(place));
    } catch (TelegramException e) {
      if (e.problem() != Problem.MOVED) {
        throw e;
      }
      moved(place, e.chat());
      return sending.send(e.chat());
    }
  }

  private static <T> T readable(Markup text, Sending<Form, T> sending) throws IOException {
    try {
      return sending.send(Form.html(text));
    } catch (TelegramException e) {
      if (e.problem() != Problem.MARKUP) {
        throw e;
      }
      return sending.send(Form.plain(text));
    }
  }

  private SendMessage message(
      String chat,
      Form form,
      Optional<ReplyParameters> quoted,
      Optional<? extends ReplyKeyboard> keys) {
    var message = new SendMessage(chat, form.text);
    message.setParseMode(form.mode);
    message.setEntities(form.entities);
    message.setLinkPreviewOptions(NO_PREVIEW);
    settings.topic().ifPresent(message::setMessageThreadId);
    quoted.ifPresent(message::setReplyParameters);
    keys.ifPresent(message::setReplyMarkup);
    return message;
  }

  private SendDocument document(String chat, String file, String name, Form form) {
    var stream = new ByteArrayInputStream(file.getBytes(UTF_8));
    var document = new SendDocument(chat, new InputFile(stream, name));
    document.setCaption(form.text);
    document.setParseMode(form.mode);
    document.setCaptionEntities(form.entities);
    // The message that follows makes the sound.
    document.setDisableNotification(true);
    settings.topic().ifPresent(document::setMessageThreadId);
    return document;
  }

  private static EditMessageText edit(
      MessageRef ref, Form form, Optional<InlineKeyboardMarkup> keys) {
    return EditMessageText.builder()
        .chatId(ref.place())
        .messageId(Integer.valueOf(ref.id()))
        .text(form.text)
        .parseMode(form.mode)
        .entities(form.entities)
        .linkPreviewOptions(NO_PREVIEW)
        .replyMarkup(keys.orElse(null))
        .build();
  }

  private String now(String place) {
    return hub.saved(moved(place)).orElse(place);
  }

  private static String moved(String place) {
    return "moved:" + place;
  }

  /// A text as it goes out. The plain one is code as a whole, or else Telegram would look for
  /// mentions in it.
  private record Form(String text, @Nullable String mode, @Nullable List<MessageEntity> entities) {

    static Form html(Markup text) {
      return new Form(text.html(), "HTML", null);
    }

    static Form plain(Markup text) {
      var all = new MessageEntity("pre", 0, text.plain().length());
      return new Form(text.plain(), null, List.of(all));
    }
  }

  @FunctionalInterface
  private interface Sending<S, T> {
    T send(S as) throws IOException;
  }
}
