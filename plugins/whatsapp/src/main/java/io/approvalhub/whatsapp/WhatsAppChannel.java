package io.approvalhub.whatsapp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Replies;
import io.approvalhub.kit.Replies.Reply;
import io.approvalhub.kit.Words;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Button;
import io.approvalhub.plugin.Channel;
import io.approvalhub.plugin.Decision;
import io.approvalhub.plugin.HttpCall;
import io.approvalhub.plugin.HttpReply;
import io.approvalhub.plugin.Hub;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.Outcome;
import io.approvalhub.plugin.Outcome.TooLate;
import io.approvalhub.plugin.Pace;
import io.approvalhub.plugin.Verdict;
import io.approvalhub.whatsapp.WhatsAppClicks.Batch;
import io.approvalhub.whatsapp.WhatsAppClicks.Failure;
import io.approvalhub.whatsapp.WhatsAppClicks.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// Approvals in one conversation on WhatsApp, where nothing that was sent can be changed: what
/// becomes of a request is told in replies to it.
final class WhatsAppChannel implements Channel {

  /// The platform takes one message to the same person every six seconds, and lends up to 45 ahead.
  /// Ten of these are for requests and outcomes; answers to what people do find room in the rest.
  private static final Pace PACE = new Pace(10, Duration.ofSeconds(6));

  private static final String WHY =
      "Why is it denied? Reply to this message (swipe it to the right) with the reason.";
  private static final String WHICH =
      "Which request? Reply to the request itself (swipe it to the right).";
  private static final String NEWER = "Please use the newest message of that request.";
  private static final String IN_PART =
      "Not all of that request was shown yet. Press a button on it to see all of it.";

  private final WhatsAppSettings settings;
  private final Hub hub;
  private final WhatsAppApi api;
  private final WhatsAppMessages messages;
  private final WhatsAppMemory memory;

  WhatsAppChannel(WhatsAppSettings settings, Hub hub) {
    this.settings = settings;
    this.hub = hub;
    this.api = new WhatsAppApi(settings);
    this.messages = new WhatsAppMessages(settings);
    this.memory = new WhatsAppMemory(hub);
  }

  @Override
  public MessageRef post(Approval approval) throws IOException {
    var prompt = memory.windowIsOpen() ? prompt(approval) : Optional.<String>empty();
    return ref(prompt.isPresent() ? prompt.get() : template(approval));
  }

  @Override
  public void update(MessageRef message, Approval approval) throws IOException {
    if (!approval.pending() && !tell(message, WhatsAppMessages.outcome(approval))) {
      // No template can say it. It is told as soon as the person writes or presses anything.
      memory.owe(message.id());
    }
  }

  @Override
  public HttpReply receive(HttpCall call) throws IOException {
    if (call.method().equals("GET")) {
      return WhatsAppClicks.handshake(call, settings.verifyToken());
    }
    if (!WhatsAppClicks.isSigned(call, settings.appSecret())) {
      return HttpReply.of(401);
    }
    hub.contact();
    take(WhatsAppClicks.read(call.body(), settings.phoneNumberId()));
    return HttpReply.of(200);
  }

  @Override
  public Pace pace() {
    return PACE;
  }

  @Override
  public void close() {
    api.close();
  }

  private Optional<String> prompt(Approval approval) throws IOException {
    var file =
        WhatsAppMessages.fits(approval) ? Optional.<String>empty() : Optional.of(file(approval));
    var prompt = send(messages.prompt(approval, file));
    prompt.ifPresent(_ -> memory.show(approval.token()));
    return prompt;
  }

  private String file(Approval approval) throws IOException {
    var name = WhatsAppMessages.fileName(approval);
    return api.upload(name, WhatsAppMessages.whole(approval), "hub-" + approval.token());
  }

  private String template(Approval approval) throws IOException {
    var id =
        send(messages.template(approval))
            .orElseThrow(() -> new IOException("WhatsApp took a template for something else"));
    if (WhatsAppMessages.fitsTemplate(approval)) {
      memory.show(approval.token());
    }
    return id;
  }

  /// @return the id of the message; empty when the window turned out to be closed
  private Optional<String> send(ObjectNode message) throws IOException {
    var sent = api.send(message);
    if (sent.isEmpty()) {
      memory.closeWindow(hub.clock().instant());
    }
    sent.ifPresent(taken -> checkName(message.path("to").asText(), taken.recipient()));
    return sent.map(WhatsAppApi.Sent::id);
  }

  /// In some countries the platform writes a number in another way than people do.
  private void checkName(String to, String name) {
    if (!name.isEmpty() && !name.equals(to)) {
      hub.trouble(
          "WhatsApp knows " + to + " as " + name + ": nobody can decide until `to` is that");
    }
  }

  /// One at a time, so that a message that comes twice at once is dealt with once.
  private synchronized void take(Batch batch) {
    batch.failures().forEach(this::failed);
    for (var message : batch.messages()) {
      if (!memory.saw(message.id())) {
        heard(message);
        memory.see(message.id());
      }
    }
  }

  private void failed(Failure failure) {
    switch (failure.code()) {
      case WhatsAppApi.WINDOW_CLOSED -> {
        memory.closeWindow(failure.at());
        hub.lost(ref(failure.id()), "the person has not written for a day");
      }
      case WhatsAppApi.PAIR_RATE, WhatsAppApi.THROUGHPUT ->
          hub.lost(ref(failure.id()), "there were too many messages at once");
      case WhatsAppApi.UNDELIVERABLE ->
          hub.trouble("The recipient cannot be reached on WhatsApp: code " + failure.code());
      default ->
          hub.trouble(
              "WhatsApp dropped a message: code " + failure.code() + ", " + failure.title());
    }
  }

  private void heard(Message message) {
    if (!message.person().id().equals(settings.to())) {
      refuse(message);
      return;
    }
    memory.hear(message.at());
    message.pressed().ifPresent(payload -> press(message, payload));
    message.text().ifPresent(text -> read(message, text));
    if (!memory.owed().isEmpty()) {
      hub.later(this::settle);
    }
  }

  /// Anybody can write to the number, but the requests were shown to one person.
  private void refuse(Message message) {
    var pressed = message.pressed().flatMap(Button::parse);
    if (pressed.isPresent() || message.text().flatMap(Replies::parse).isPresent()) {
      answer(message, new Outcome.NotAllowed("You may not decide here."));
    }
  }

  private void press(Message message, String payload) {
    var button = Button.parse(payload);
    if (button.isEmpty()) {
      show(message, payload);
    } else if (button.get().action() == Action.DENY_WITH_REASON) {
      ask(message, button.get());
    } else {
      answer(message, hub.decide(Decision.of(button.get(), message.person())));
    }
  }

  /// Shows all of a request of which the template could show a part only. A press that stands for
  /// nothing else is taken for that, since the template's first button carries its label.
  private void show(Message message, String payload) {
    var approval = quoted(message);
    if (approval.isEmpty() && payload.equals(WhatsAppMessages.SHOW)) {
      answer(message, NEWER);
    } else if (approval.isPresent() && approval.get().pending()) {
      hub.lost(ref(message.quoted().orElseThrow()), "the person asked to see all of it");
    } else {
      approval.ifPresent(over -> answer(message, new TooLate(over)));
    }
  }

  private void ask(Message message, Button button) {
    var over = quoted(message).filter(approval -> !approval.pending());
    if (over.isPresent()) {
      answer(message, new TooLate(over.get()));
      return;
    }
    var question = messages.reply(settings.to(), message.quoted().orElse(message.id()), WHY);
    memory.ask(button.token());
    hub.later(() -> send(question).ifPresent(id -> memory.asked(id, button.token())));
  }

  private void read(Message message, String text) {
    var words = Replies.parse(text);
    if (words.isPresent()) {
      decide(message, words.get());
    } else {
      asked(message).ifPresent(token -> decide(message, token, Verdict.DENY, text));
    }
  }

  private void decide(Message message, Reply words) {
    var approves = words.verdict() == Verdict.APPROVE;
    var byId = words.id().isPresent();
    var named = byId ? words.id().flatMap(hub::find) : quoted(message);
    // Words to a question of ours can only deny: that is what it was about.
    var asked = byId || approves ? Optional.<String>empty() : asked(message);
    var token = named.map(Approval::token).or(() -> asked);
    if (token.isEmpty()) {
      answer(message, byId ? Words.answer(new Outcome.Unknown()) : WHICH);
    } else if (approves && !memory.showed(token.get())) {
      answer(message, IN_PART);
    } else {
      decide(message, token.get(), words.verdict(), words.reason().orElse(""));
    }
  }

  /// The approval that the person was asked about in the message that is quoted.
  private Optional<String> asked(Message message) {
    return quoted(message).isPresent() ? Optional.empty() : message.quoted().flatMap(memory::asked);
  }

  private void decide(Message message, String token, Verdict verdict, String reason) {
    var action = verdict == Verdict.APPROVE ? Action.APPROVE : Action.DENY;
    var decision = Decision.of(new Button(token, action), message.person()).because(reason);
    answer(message, hub.decide(decision));
  }

  private void answer(Message message, Outcome outcome) {
    answer(message, Words.answer(outcome));
  }

  private void answer(Message message, String text) {
    if (!text.isEmpty()) {
      hub.later(() -> send(messages.reply(message.person().id(), message.id(), text)));
    }
  }

  private void settle() throws IOException {
    for (var id : memory.owed()) {
      var approval = hub.find(ref(id));
      if (approval.isEmpty() || tell(ref(id), WhatsAppMessages.outcome(approval.get()))) {
        memory.settle(id);
      }
    }
  }

  /// @return whether the person knows it now
  private boolean tell(MessageRef message, String status) throws IOException {
    if (memory.told(message.id(), status)) {
      return true;
    }
    var sent =
        memory.windowIsOpen()
            && send(messages.reply(settings.to(), message.id(), status)).isPresent();
    if (sent) {
      memory.tell(message.id(), status);
    }
    return sent;
  }

  private Optional<Approval> quoted(Message message) {
    return message.quoted().map(this::ref).flatMap(hub::find);
  }

  private MessageRef ref(String id) {
    return new MessageRef(settings.to(), id);
  }
}
