package io.approvalhub.telegram;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.approvalhub.kit.Hmac;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.Words;
import io.approvalhub.kit.parts.Fitting.Attachment;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Channel;
import io.approvalhub.plugin.HttpCall;
import io.approvalhub.plugin.HttpReply;
import io.approvalhub.plugin.Hub;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.Pace;
import io.approvalhub.telegram.TelegramException.Problem;
import io.approvalhub.telegram.TelegramMessages.Markup;
import io.approvalhub.telegram.TelegramSettings.Mode;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.telegram.telegrambots.meta.api.objects.ReplyParameters;

/// One chat.
final class TelegramChannel implements Channel {

  // What Telegram says that it takes: a message a second from a person's chat, twenty a minute from
  // a group's, and more of them for a moment.
  private static final Pace PERSON = new Pace(20, Duration.ofSeconds(1));
  private static final Pace GROUP = new Pace(20, Duration.ofSeconds(3));

  private static final int MOST_ATTACHED = 100;

  private final TelegramSettings settings;
  private final TelegramApi api;
  private final TelegramChat chat;
  private final TelegramListener listener;
  private final Hub hub;

  /// Files whose message failed, so that the next try does not send them again.
  private final Map<String, Integer> attached = new ConcurrentHashMap<>();

  private TelegramChannel(TelegramSettings settings, Hub hub) {
    this.settings = settings;
    this.hub = hub;
    api = new TelegramApi(settings);
    chat = new TelegramChat(settings, hub, api);
    listener = new TelegramListener(settings, hub, api, chat);
  }

  static TelegramChannel open(TelegramSettings settings, Hub hub) {
    var channel = new TelegramChannel(settings, hub);
    switch (settings.mode()) {
      case POLLING -> hub.connect("updates", channel.listener::poll);
      case WEBHOOK -> hub.connect("webhook", channel.listener::callBack);
    }
    return channel;
  }

  @Override
  public MessageRef post(Approval approval) throws IOException {
    var messages = messages(approval);
    var file = messages.file();
    var quoted =
        file.isEmpty()
            ? Optional.<Integer>empty()
            : Optional.of(attach(approval, file.get(), messages.caption()));
    var message =
        chat.send(
            messages.message(),
            quoted.map(id -> ReplyParameters.builder().messageId(id).build()),
            messages.buttons());
    attached.remove(approval.token());
    return new MessageRef(message.getChatId().toString(), message.getMessageId().toString());
  }

  @Override
  public void update(MessageRef message, Approval approval) throws IOException {
    try {
      var messages = messages(approval);
      chat.edit(message, messages.message(), messages.buttons());
    } catch (TelegramException e) {
      if (e.problem() != Problem.SAME) {
        throw e;
      }
    }
  }

  @Override
  public HttpReply receive(HttpCall call) throws IOException {
    if (settings.mode() == Mode.POLLING) {
      return HttpReply.of(404);
    }
    if (!vouched(call)) {
      return HttpReply.of(401);
    }
    hub.contact();
    return taken(call);
  }

  @Override
  public Optional<String> person() {
    return Optional.of(settings.chat()).filter(TelegramChannel::isPrivate);
  }

  @Override
  public Pace pace() {
    return isPrivate(settings.chat()) ? PERSON : GROUP;
  }

  @Override
  public void close() {
    api.close();
  }

  /// A private chat has the number of the person in it.
  private static boolean isPrivate(String chat) {
    return chat.matches("\\d+");
  }

  private TelegramMessages messages(Approval approval) {
    return new TelegramMessages(approval, Words.of(hub.reader()), hub.clock().instant());
  }

  private HttpReply taken(HttpCall call) {
    try {
      listener.take(Json.parse(call.body()));
      return HttpReply.of(200);
    } catch (IOException _) {
      return HttpReply.of(400);
    }
  }

  private boolean vouched(HttpCall call) {
    var secret = settings.secretToken().orElseThrow().getBytes(UTF_8);
    return call.header("X-Telegram-Bot-Api-Secret-Token")
        .filter(token -> Hmac.same(token.getBytes(UTF_8), secret))
        .isPresent();
  }

  private int attach(Approval approval, Attachment file, Markup caption) throws IOException {
    var before = attached.get(approval.token());
    if (before != null) {
      return before;
    }
    var message = chat.send(file.text(), file.name(), caption).getMessageId();
    if (attached.size() == MOST_ATTACHED) {
      attached.clear();
    }
    attached.put(approval.token(), message);
    return message;
  }
}
