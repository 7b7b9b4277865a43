package io.approvalhub.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Bulkhead;
import io.approvalhub.kit.Replies;
import io.approvalhub.kit.Replies.Reply;
import io.approvalhub.kit.Text;
import io.approvalhub.kit.Words;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Button;
import io.approvalhub.plugin.Decision;
import io.approvalhub.plugin.Hub;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.Outcome;
import io.approvalhub.plugin.Person;
import io.approvalhub.plugin.RefusedException;
import io.approvalhub.plugin.StoppedException;
import io.approvalhub.plugin.TryAgainException;
import io.approvalhub.plugin.Verdict;
import io.approvalhub.telegram.TelegramClicks.Moved;
import io.approvalhub.telegram.TelegramClicks.Nothing;
import io.approvalhub.telegram.TelegramClicks.Pressed;
import io.approvalhub.telegram.TelegramClicks.Wrote;
import io.approvalhub.telegram.TelegramException.Problem;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.telegram.telegrambots.meta.api.methods.AnswerCallbackQuery;
import org.telegram.telegrambots.meta.api.methods.GetMe;
import org.telegram.telegrambots.meta.api.methods.updates.DeleteWebhook;
import org.telegram.telegrambots.meta.api.methods.updates.SetWebhook;
import org.telegram.telegrambots.meta.api.objects.ReplyParameters;
import org.telegram.telegrambots.meta.api.objects.replykeyboard.ForceReplyKeyboard;

/// What people do in the chat: how it comes in, and what comes of it.
final class TelegramListener {

  private static final int MOST_ANSWER = 200;
  /// After a week without updates Telegram numbers them anew, possibly from below.
  private static final Duration SILENCE = Duration.ofDays(6);

  /// How long a poll that brought nothing takes at least, whatever the server does.
  private static final Duration SHORTEST_POLL = Duration.ofSeconds(1);

  private final TelegramSettings settings;
  private final Hub hub;
  private final TelegramApi api;
  private final TelegramChat chat;

  TelegramListener(TelegramSettings settings, Hub hub, TelegramApi api, TelegramChat chat) {
    this.settings = settings;
    this.hub = hub;
    this.api = api;
    this.chat = chat;
  }

  /// Fetches updates for as long as the hub runs. Each is confirmed after it was taken, so that
  /// none is lost; one that comes twice finds its approval decided.
  void poll() throws IOException, InterruptedException {
    try {
      api.listen(new DeleteWebhook());
      learnName();
      hub.contact();
      while (true) {
        var start = System.nanoTime();
        if (!poll(offset())) {
          var rest = SHORTEST_POLL.minusNanos(System.nanoTime() - start);
          Thread.sleep(rest.isNegative() ? Duration.ZERO : rest);
        }
      }
    } catch (TelegramException e) {
      throw conflict(e);
    }
  }

  /// @return whether that brought anything new
  private boolean poll(int offset) throws IOException, InterruptedException {
    var brought = false;
    var updates = api.poll(offset);
    hub.contact();
    for (var update : updates) {
      take(update);
      var id = update.path("update_id");
      if (id.isInt()) {
        confirm(id.intValue());
        brought |= id.intValue() >= offset;
      }
    }
    return brought;
  }

  /// What people call the bot when they mean it and not another. Other nodes are told, since a
  /// webhook may call any of them.
  private void learnName() throws IOException, InterruptedException {
    Optional.ofNullable(api.listen(new GetMe()).getUserName())
        .filter(name -> !hub.saved(name()).equals(Optional.of(name)))
        .ifPresent(name -> hub.save(name(), name));
  }

  /// Asks Telegram to call the hub. Telegram remembers it, and takes it again as often as it is
  /// told.
  void callBack() throws IOException, InterruptedException {
    var hook =
        SetWebhook.builder()
            .url(hub.address().toString())
            .secretToken(settings.secretToken().orElseThrow())
            .allowedUpdates(TelegramPoll.KINDS)
            .build();
    try {
      learnName();
      api.listen(hook);
      hub.contact();
    } catch (RefusedException e) {
      throw new StoppedException(
          e.getMessage() + "; hub.public-url must be an https address that Telegram can reach");
    }
  }

  /// Decides what an update decides, then answers in the background. One that cannot be dealt with
  /// is passed over, so that those behind it are not held up.
  void take(JsonNode update) {
    var name = "update " + update.path("update_id").asText("without a number");
    if (!Bulkhead.contains(hub, name, () -> deal(update))) {
      hub.later(() -> apologise(update));
    }
  }

  private void apologise(JsonNode update) throws IOException {
    var failed = words().text("telegram.failed");
    answer(update.path("callback_query").path("id").asText(), failed);
    var message = update.path("message");
    if (Replies.parse(message.path("text").asText()).isPresent() && chat.is(message.path("chat"))) {
      reply(TelegramClicks.ref(message), failed);
    }
  }

  private void deal(JsonNode update) {
    switch (TelegramClicks.read(update, settings.bot())) {
      case Pressed click -> pressed(click);
      case Wrote words -> wrote(words);
      case Moved move -> moved(move);
      case Nothing _ -> {}
    }
  }

  private void pressed(Pressed click) {
    var answer = chat.is(click.chat()) ? answer(click) : words().text("telegram.foreign");
    hub.later(() -> answer(click.query(), answer));
  }

  private String answer(Pressed click) {
    var shown = hub.find(click.message());
    var button =
        click
            .button()
            .filter(it -> shown.map(Approval::token).orElse(it.token()).equals(it.token()));
    if (button.isEmpty()) {
      return words().answer(new Outcome.Unknown());
    }
    var waits = shown.map(Approval::pending).orElse(true);
    if (button.get().action() == Action.DENY_WITH_REASON && waits) {
      return ask(click, button.get());
    }
    var decision = Decision.of(button.get(), click.person()).on(click.message());
    return words().answer(hub.decide(decision));
  }

  private String ask(Pressed click, Button button) {
    if (click.chat().path("type").asText().equals("channel")) {
      return words().text("telegram.mute");
    }
    var question = TelegramMessages.question(words(), click.person(), button.token());
    var keys = ForceReplyKeyboard.builder().selective(true).build();
    hub.later(() -> chat.send(question, quoting(click.message()), Optional.of(keys)));
    return "";
  }

  private void answer(String query, String words) throws IOException {
    if (query.isEmpty()) {
      return;
    }
    var answer = new AnswerCallbackQuery(query);
    if (!words.isEmpty()) {
      answer.setText(Text.fit(words, MOST_ANSWER));
      answer.setShowAlert(true);
    }
    try {
      api.call(answer);
    } catch (TelegramException e) {
      if (e.problem() != Problem.LATE) {
        throw e;
      }
    }
  }

  private void wrote(Wrote words) {
    if (chat.is(words.chat())) {
      said(words).ifPresent(answer -> hub.later(() -> reply(words.message(), answer)));
    }
  }

  /// What is said in answer to words that decide, or mean to.
  private Optional<String> said(Wrote words) {
    var reply = Replies.parse(words.text());
    var doubt = doubt(words);
    if (doubt.isPresent()) {
      return doubt.filter(_ -> reply.isPresent() || words.asked().isPresent());
    }
    if (words.asked().isPresent() && reply.flatMap(Reply::id).isEmpty()) {
      var because = new Reply(Verdict.DENY, Optional.empty(), Optional.of(words.text()));
      return Optional.of(
          decided(words.asked().get(), reply.orElse(because), words.author().person()));
    }
    return reply.map(it -> decided(words, it));
  }

  /// Why these words may not be what that person says to this bot.
  private Optional<String> doubt(Wrote words) {
    var elsewhere =
        words
            .addressee()
            .filter(name -> !hub.saved(name()).filter(name::equalsIgnoreCase).isPresent())
            .map(name -> words().text("telegram.addressee", name));
    return words
        .author()
        .doubt()
        .map(doubt -> words().text("telegram.doubt." + doubt.key(), doubt.detail()))
        .or(() -> elsewhere)
        .map(what -> words().text("telegram.nothing", what));
  }

  private String decided(Wrote words, Reply reply) {
    if (reply.id().isPresent()) {
      return hub.find(reply.id().get())
          .map(approval -> decided(approval.token(), reply, words.author().person()))
          .orElseGet(() -> words().answer(new Outcome.Unknown()));
    }
    return words
        .quoted()
        .flatMap(hub::find)
        .map(approval -> decided(approval.token(), reply, words.author().person()))
        .orElseGet(() -> words().text("telegram.hint"));
  }

  private String decided(String token, Reply reply, Person person) {
    var decision = Decision.of(token, reply.verdict(), person).because(reply.reason().orElse(""));
    return switch (hub.decide(decision)) {
      // The message that shows it may be far up.
      case Outcome.Recorded(var approval) -> words().title(approval);
      case Outcome other -> words().answer(other);
    };
  }

  private Words words() {
    return Words.of(hub.reader());
  }

  private void reply(MessageRef message, String words) throws IOException {
    chat.send(TelegramMessages.answer(words), quoting(message), Optional.empty());
  }

  private void moved(Moved move) {
    if (chat.is(move.chat())) {
      chat.moved(settings.chat(), move.to());
    }
  }

  private int offset() {
    var next = hub.saved(next()).map(saved -> saved.split(" ", 2));
    return next.filter(saved -> recent(Instant.parse(saved[1])))
        .map(saved -> Integer.valueOf(saved[0]))
        .orElse(0);
  }

  private void confirm(int update) {
    hub.save(next(), (update + 1) + " " + hub.clock().instant());
  }

  private boolean recent(Instant time) {
    return time.plus(SILENCE).isAfter(hub.clock().instant());
  }

  /// Another bot has other numbers.
  private String next() {
    return "next:" + settings.bot();
  }

  private String name() {
    return "name:" + settings.bot();
  }

  private TryAgainException conflict(TelegramException e) {
    hub.trouble("This bot is listened to elsewhere too; stop one of the two. " + e.getMessage());
    var seconds = ThreadLocalRandom.current().nextInt(10, 31);
    return new TryAgainException(String.valueOf(e.getMessage()), Duration.ofSeconds(seconds));
  }

  private static Optional<ReplyParameters> quoting(MessageRef message) {
    return Optional.of(
        ReplyParameters.builder()
            .messageId(Integer.valueOf(message.id()))
            .allowSendingWithoutReply(true)
            .build());
  }
}
