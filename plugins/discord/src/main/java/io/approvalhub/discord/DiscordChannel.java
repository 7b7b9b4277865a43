package io.approvalhub.discord;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.discord.DiscordApi.ArchivedThreadException;
import io.approvalhub.discord.DiscordClicks.Click;
import io.approvalhub.discord.DiscordMessages.Card;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.Words;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Channel;
import io.approvalhub.plugin.HttpCall;
import io.approvalhub.plugin.HttpReply;
import io.approvalhub.plugin.Hub;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.Outcome;
import java.io.IOException;
import java.util.Optional;

/// A channel of a server, or the direct messages with one user.
final class DiscordChannel implements Channel {

  private static final int PING = 1;

  /// The most that Discord gives at once.
  private static final int NEWEST = 100;

  private final DiscordSettings settings;
  private final DiscordApi api;
  private final Hub hub;

  DiscordChannel(DiscordSettings settings, DiscordApi api, Hub hub) {
    this.settings = settings;
    this.api = api;
    this.hub = hub;
  }

  @Override
  public MessageRef post(Approval approval) throws IOException {
    var place = place();
    var path = "channels/%s/messages".formatted(place);
    return new MessageRef(
        place,
        send(place, "POST", path, DiscordMessages.post(approval, words(), hub.clock().instant())));
  }

  /// Among the newest messages; there are none without the permission to read them.
  @Override
  public Optional<MessageRef> find(Approval approval) throws IOException {
    var place = place();
    var newest = api.get("channels/%s/messages?limit=%d".formatted(place, NEWEST));
    if (!newest.isArray()) {
      throw new IOException("Discord answered without a list of messages");
    }
    return newest
        .valueStream()
        .filter(message -> Json.text(message.path("components")).contains(approval.token()))
        .map(message -> new MessageRef(place, message.path("id").asText()))
        .findFirst();
  }

  @Override
  public void update(MessageRef message, Approval approval) throws IOException {
    var path = "channels/%s/messages/%s".formatted(message.place(), message.id());
    var unused =
        send(
            message.place(),
            "PATCH",
            path,
            DiscordMessages.card(approval, words(), hub.clock().instant()));
  }

  @Override
  public HttpReply receive(HttpCall call) throws IOException {
    if (!genuine(call)) {
      return HttpReply.of(401);
    }
    hub.contact();
    var interaction = Json.parse(call.body());
    if (interaction.path("type").asInt() == PING) {
      return HttpReply.json(200, "{\"type\":1}");
    }
    return DiscordClicks.parse(interaction)
        .flatMap(this::answer)
        .map(answer -> HttpReply.json(200, Json.text(answer)))
        .orElse(HttpReply.of(403));
  }

  @Override
  public Optional<String> person() {
    return settings.user();
  }

  @Override
  public void close() {
    api.close();
  }

  /// An interaction that came by gateway: what is decided is durable before it is answered.
  void interacted(JsonNode interaction) {
    DiscordClicks.parse(interaction)
        .ifPresent(
            click -> answer(click).ifPresent(answer -> hub.later(() -> send(click, answer))));
  }

  private Words words() {
    return Words.of(hub.reader());
  }

  private String send(String place, String method, String path, Card card) throws IOException {
    try {
      return api.send(method, path, card);
    } catch (ArchivedThreadException _) {
      api.reopen(place);
      return api.send(method, path, card);
    }
  }

  private void send(Click click, ObjectNode answer) throws IOException {
    var address = click.address();
    api.post("interactions/%s/%s/callback".formatted(address.id(), address.token()), answer);
  }

  /// Empty when the click was for somebody else: several channels may share one bot.
  private Optional<ObjectNode> answer(Click click) {
    return ours(click) ? Optional.of(taken(click)) : Optional.empty();
  }

  /// Whatever one click does, the next is taken.
  private ObjectNode taken(Click click) {
    try {
      return decide(click);
    } catch (RuntimeException | Error e) {
      hub.trouble("A click was not taken: " + e.getClass().getSimpleName());
      return DiscordMessages.failure(words());
    }
  }

  private ObjectNode decide(Click click) {
    if (!click.asksForReason()) {
      return outcome(click);
    }
    // Nobody needs a dialog for what is over; the hub says who may learn how it ended.
    return hub.find(click.message())
        .filter(approval -> !approval.pending())
        .map(_ -> outcome(click))
        .orElseGet(() -> DiscordMessages.dialog(click.data(), words()));
  }

  private ObjectNode outcome(Click click) {
    return DiscordMessages.answer(
        click.decision().map(hub::decide).orElseGet(Outcome.Unknown::new), words());
  }

  private boolean ours(Click click) {
    return click.address().application().equals(settings.bot().application())
        && here().filter(click.message().place()::equals).isPresent();
  }

  private boolean genuine(HttpCall call) {
    var now = hub.clock().instant();
    return settings
        .bot()
        .publicKey()
        .filter(key -> DiscordClicks.genuine(call, key, now))
        .isPresent();
  }

  private Optional<String> here() {
    return settings.place().or(() -> settings.user().flatMap(user -> hub.saved("dm:" + user)));
  }

  private String place() throws IOException {
    var known = here();
    return known.isPresent() ? known.get() : openDirectMessages();
  }

  private String openDirectMessages() throws IOException {
    var user = settings.user().orElseThrow();
    var opened = api.post("users/@me/channels", Json.object().put("recipient_id", user));
    var dm = DiscordApi.id(opened);
    hub.save("dm:" + user, dm);
    return dm;
  }
}
