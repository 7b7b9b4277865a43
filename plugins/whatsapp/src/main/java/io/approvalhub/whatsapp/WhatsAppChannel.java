package io.approvalhub.whatsapp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Bulkhead;
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

  private final WhatsAppSettings settings;
  private final Hub hub;
  private final WhatsAppApi api;
  private final WhatsAppMemory memory;

  WhatsAppChannel(WhatsAppSettings settings, Hub hub) {
    this.settings = settings;
    this.hub = hub;
    this.api = new WhatsAppApi(settings);
    this.memory = new WhatsAppMemory(hub);
  }

  @Override
  public MessageRef post(Approval approval) throws IOException {
    var prompt = memory.windowIsOpen() ? prompt(approval) : Optional.<String>empty();
    return ref(prompt.isPresent() ? prompt.get() : template(approval));
  }

  @Override
  public void update(MessageRef message, Approval approval) throws IOException {
    if (!approval.pending() && !tell(message, messages().outcome(approval))) {
      // No template can say it. It is told as soon as the person writes or presses anything.
      memory.owe(message.id());
    }
  }

  @Override
  public HttpReply receive(HttpCall call) throws IOException {
    if (call.method().equals("GET")) {
      return WhatsAppClicks.handshake(call, settings.webhook().verifyToken());
    }
    if (!WhatsAppClicks.isSigned(call, settings.webhook().appSecret())) {
      return HttpReply.of(401);
    }
    hub.contact();
    take(WhatsAppClicks.read(call.body(), settings.account().phoneNumberId()));
    return HttpReply.of(200);
  }

  @Override
  public Optional<String> person() {
    return Optional.of(settings.to());
  }

  @Override
  public Pace pace() {
    return PACE;
  }

  @Override
  public void close() {
    api.close();
  }

  private Words words() {
    return Words.of(hub.reader());
  }

  private WhatsAppMessages messages() {
    return new WhatsAppMessages(settings, words(), hub.clock().instant());
  }

  private Optional<String> prompt(Approval approval) throws IOException {
    var messages = messages();
    var file = messages.file(approval);
    var media =
        file.isEmpty()
            ? Optional.<String>empty()
            : Optional.of(
                api.upload(file.get().name(), file.get().text(), "hub-" + approval.token()));
    var prompt = send(messages.prompt(approval, media));
    prompt.ifPresent(_ -> memory.show(approval.token()));
    return prompt;
  }

  private String template(Approval approval) throws IOException {
    var id =
        send(messages().template(approval))
            .orElseThrow(() -> new IOException("WhatsApp took a template for something else"));
    if (messages().fitsTemplate(approval)) {
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
    sent.filter(_ -> message.path("to").asText().equals(settings.to()))
        .ifPresent(taken -> learnName(taken.recipient()));
    return sent.map(WhatsAppApi.Sent::id);
  }

  /// In some countries the platform writes a number in another way than people do, and whoever
  /// takes a username may hide it one day. Whom it names so is the person that is written to.
  private void learnName(String name) {
    if (WhatsAppSettings.isPerson(name) && !name.equals(settings.to())) {
      memory.call(settings.to(), name);
    }
  }

  /// One at a time, so that a message that comes twice at once is dealt with once.
  private synchronized void take(Batch batch) {
    for (var failure : batch.failures()) {
      Bulkhead.contains(hub, "a report", () -> failed(failure));
    }
    for (var message : batch.messages()) {
      if (!Bulkhead.contains(hub, "a message", () -> takeOnce(message))) {
        answer(message, words().text("whatsapp.failed"));
      }
    }
  }

  private void takeOnce(Message message) {
    if (!memory.saw(message.id())) {
      heard(message);
      memory.see(message.id());
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
    if (isFromHere(message)) {
      memory.hear(message.at());
      learnName(message.userId());
      taken(message.by(settings.to()));
      if (!memory.owed().isEmpty()) {
        hub.later(this::settle);
      }
    } else if (WhatsAppSettings.isUserId(message.person().id()) && isAboutHere(message)) {
      // Whose number this is stays hidden; whether that account may decide is known.
      taken(message);
    } else {
      refuse(message);
    }
  }

  private void taken(Message message) {
    if (message.content().forwarded()) {
      refuse(message, words().text("whatsapp.forwarded"));
      return;
    }
    message.pressed().ifPresent(payload -> press(message, payload));
    message.text().ifPresent(text -> read(message, text));
  }

  /// Whether it is the person that is written to, by whichever of their ids.
  private boolean isFromHere(Message message) {
    var id = message.person().id();
    return id.equals(settings.to())
        || message.userId().equals(settings.to())
        || memory.calls(settings.to(), id);
  }

  /// Whether a message quotes or names something that was shown here.
  private boolean isAboutHere(Message message) {
    var byId = message.text().flatMap(Replies::parse).flatMap(Reply::id).flatMap(hub::find);
    return byId.isPresent() || quoted(message).isPresent() || asked(message).isPresent();
  }

  private String stranger(String id) {
    return "Somebody who may not decide acts here, with the number hidden: if this is one of"
        + " `people`, give them whatsapp: "
        + id;
  }

  /// Anybody can write to the number, but the requests were shown to one person.
  private void refuse(Message message) {
    refuse(message, words().text("hub.refused"));
  }

  /// Says why, if the message meant to decide something.
  private void refuse(Message message, String why) {
    var means =
        message.pressed().flatMap(Button::parse).isPresent()
            || message.text().flatMap(Replies::parse).isPresent()
            || (message.text().isPresent() && asked(message).isPresent());
    if (means) {
      answer(message, why);
    }
  }

  private void press(Message message, String payload) {
    var button = Button.parse(payload);
    if (button.isEmpty()) {
      show(message, payload);
    } else if (button.get().action() == Action.DENY_WITH_REASON) {
      ask(message, button.get());
    } else {
      answer(message, decided(message, Decision.of(button.get(), message.person())));
    }
  }

  /// Shows all of a request of which the template could show a part only. A press that stands for
  /// nothing else is taken for that, since the template's first button carries its label.
  private void show(Message message, String payload) {
    var approval = quoted(message);
    if (approval.isEmpty() && payload.equals(WhatsAppMessages.SHOW)) {
      answer(message, words().text("whatsapp.newer"));
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
    var question =
        messages()
            .reply(
                message.person().id(),
                message.quoted().orElse(message.id()),
                words().text("whatsapp.why"));
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
      answer(
          message, byId ? words().answer(new Outcome.Unknown()) : words().text("whatsapp.which"));
    } else if (approves && !memory.showed(token.get())) {
      answer(message, words().text("whatsapp.unseen"));
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

  private Outcome decided(Message message, Decision decision) {
    return hub.decide(message.quoted().map(this::ref).map(decision::on).orElse(decision));
  }

  private void answer(Message message, Outcome outcome) {
    var id = message.person().id();
    if (outcome instanceof Outcome.NotAllowed && WhatsAppSettings.isUserId(id)) {
      hub.trouble(stranger(id));
    }
    answer(message, words().answer(outcome));
  }

  private void answer(Message message, String text) {
    if (!text.isEmpty()) {
      hub.later(() -> send(messages().reply(message.person().id(), message.id(), text)));
    }
  }

  private void settle() throws IOException {
    for (var id : memory.owed()) {
      var approval = hub.find(ref(id));
      if (approval.isEmpty() || tell(ref(id), messages().outcome(approval.get()))) {
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
            && send(messages().tell(settings.to(), message.id(), status)).isPresent();
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
