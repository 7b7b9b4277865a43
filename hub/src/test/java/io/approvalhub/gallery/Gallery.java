package io.approvalhub.gallery;

import io.approvalhub.discord.DiscordPlugin;
import io.approvalhub.gallery.Drawing.Weight;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Decision;
import io.approvalhub.plugin.NotificationPlugin;
import io.approvalhub.plugin.Person;
import io.approvalhub.plugin.Verdict;
import io.approvalhub.slack.SlackPlugin;
import io.approvalhub.telegram.TelegramPlugin;
import io.approvalhub.testkit.FakeDiscord;
import io.approvalhub.testkit.FakeHub;
import io.approvalhub.testkit.FakePlatform;
import io.approvalhub.testkit.FakeSlack;
import io.approvalhub.testkit.FakeTelegram;
import io.approvalhub.testkit.FakeWebhookReceiver;
import io.approvalhub.testkit.FakeWhatsApp;
import io.approvalhub.webhook.WebhookPlugin;
import io.approvalhub.whatsapp.WhatsAppPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Shows every example on every platform, from the question to its end: as the bytes that the
/// plugin sent, and drawn on a page for each platform. Fails when a platform refuses any of it.
public final class Gallery {

  private static final Duration EXPIRY = Duration.ofMinutes(12);

  private final String name;
  private final FakePlatform platform;
  private final Drawing drawing;
  private final Person alice;
  private final FakeHub hub = new FakeHub("ops");
  private final List<Moment> moments = new ArrayList<>();

  private Gallery(
      String name,
      FakePlatform platform,
      NotificationPlugin plugin,
      Drawing drawing,
      String person) {
    this.name = name;
    this.platform = platform;
    this.drawing = drawing;
    alice = new Person(person, "Alice");
    hub.allow(alice);
    hub.open(plugin, platform.settings());
    platform.callBack(hub.address());
  }

  /// @param arguments the folder in which the pages and the bytes are put
  public static void main(String[] arguments) {
    try {
      System.exit(show(Path.of(arguments[0])) ? 0 : 1);
    } catch (IOException e) {
      e.printStackTrace();
      System.exit(1);
    }
  }

  /// @return whether the platforms took all of it
  private static boolean show(Path folder) throws IOException {
    var galleries =
        List.of(
            new Gallery(
                "webhook",
                new FakeWebhookReceiver(),
                new WebhookPlugin(),
                new WebhookDrawing(),
                "alice"),
            new Gallery(
                "telegram",
                FakeTelegram.callingBack(),
                new TelegramPlugin(),
                new TelegramDrawing(),
                "42424242"),
            new Gallery(
                "slack",
                new FakeSlack(FakeSlack.Mode.HTTP),
                new SlackPlugin(),
                new SlackDrawing(),
                "U0123ABCD"),
            new Gallery(
                "discord",
                FakeDiscord.http(),
                new DiscordPlugin(),
                new DiscordDrawing(),
                "80351110224678912"),
            new Gallery(
                "whatsapp",
                new FakeWhatsApp(),
                new WhatsAppPlugin(),
                new WhatsAppDrawing(),
                FakeWhatsApp.PERSON));
    var refused = 0;
    for (var gallery : galleries) {
      try {
        gallery.fill();
        gallery.write(folder);
        refused += gallery.report();
      } finally {
        gallery.hub.close();
        gallery.platform.close();
      }
    }
    Page.index(folder, galleries.stream().map(gallery -> gallery.name).toList());
    System.out.println("Look at " + folder.resolve("index.html"));
    return refused == 0;
  }

  private void fill() throws IOException {
    if (platform instanceof FakeWhatsApp) {
      // Until the person writes, only a template is taken.
      platform.say(Optional.empty(), "Hello", alice);
    }
    for (var call : ExampleCalls.all()) {
      var options = call.options().expiring(EXPIRY).edited().quorum(2);
      var approval = hub.raise(call.tool(), call.arguments(), options);
      add(call, "pending", () -> hub.show(approval));
      hub.vote(approval.id(), "Bob", "phone");
      add(call, "voted", () -> hub.bringUp(approval));
      decide(call, approval);
      add(call, "decided", () -> hub.bringUp(approval));
      var other = hub.raise(call.tool(), call.arguments(), options);
      add(call, "", () -> hub.show(other));
      hub.expire(other.id());
      add(call, "expired", () -> hub.bringUp(other));
    }
  }

  /// Approved, approved with an edit, or denied, in turn.
  private void decide(ExampleCall call, Approval approval) {
    var approve = Decision.of(approval, Verdict.APPROVE, alice);
    var decision =
        switch (ExampleCalls.all().indexOf(call) % 3) {
          case 0 -> approve;
          case 1 -> Decision.of(approval, Verdict.DENY, alice).because("not on a Friday");
          default -> approve.editing(call.edited());
        };
    hub.decide(decision);
  }

  private void add(ExampleCall call, String state, Step step) throws IOException {
    if (platform instanceof FakeWhatsApp whatsApp) {
      whatsApp.turn(Duration.ofMinutes(1));
    }
    var before = platform.calls().size();
    step.run();
    if (!state.isEmpty()) {
      var sent = platform.calls();
      moments.add(new Moment(call, state, List.copyOf(sent.subList(before, sent.size()))));
    }
  }

  private void write(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("bytes"));
    var number = 0;
    for (var moment : moments) {
      var bodies = Json.array();
      moment
          .sent()
          .forEach(
              call -> bodies.addObject().put("call", call.name()).set("body", Drawing.body(call)));
      var file = "%s-%02d-%s.json".formatted(name, number / 4 + 1, moment.state());
      Files.writeString(folder.resolve("bytes").resolve(file), Json.pretty(bodies));
      number++;
    }
    Page.write(folder.resolve(name + ".html"), name, moments, drawing);
  }

  /// Prints the heaviest message.
  ///
  /// @return how many the platform refused
  private int report() {
    var heaviest = new Weight(0, 0, "");
    var what = "";
    var refused = 0;
    for (var moment : moments) {
      refused += (int) moment.sent().stream().filter(call -> call.status() >= 300).count();
      var weight = drawing.weight(moment.sent());
      if (weight.size() > heaviest.size()) {
        heaviest = weight;
        what = moment.call().title() + ", " + moment.state();
      }
    }
    System.out.printf(
        "%-9s %d messages, %d refused; heaviest: %,d of %s %s (%s)%n",
        name,
        moments.stream().mapToInt(moment -> moment.sent().size()).sum(),
        refused,
        heaviest.size(),
        heaviest.limit() == 0 ? "any number of" : "%,d".formatted(heaviest.limit()),
        heaviest.unit(),
        what);
    return refused;
  }

  private interface Step {
    void run() throws IOException;
  }
}
