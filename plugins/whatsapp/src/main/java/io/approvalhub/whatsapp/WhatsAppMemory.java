package io.approvalhub.whatsapp;

import io.approvalhub.plugin.Hub;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the channel has to know tomorrow, kept in the hub's store. Every list forgets its oldest.
final class WhatsAppMemory {

  /// A day, less what clocks may differ by.
  private static final Duration WINDOW = Duration.ofHours(24).minusMinutes(1);

  private static final String HEARD = "heard";
  private static final String CALLED = "called";
  private static final String ACCOUNT = "account";
  private static final String SEEN = "seen";
  private static final String SHOWN = "shown";
  private static final String ASKED = "asked";
  private static final String OWED = "owed";
  private static final String ON_ITS_WAY = "? ";

  private final Hub hub;
  private final SequencedMap<String, String> told = new LinkedHashMap<>();

  WhatsAppMemory(Hub hub) {
    this.hub = hub;
  }

  /// Whether the person wrote within the last day, so that anything but a template is taken.
  boolean windowIsOpen() {
    return hub.clock().instant().isBefore(heard().plus(WINDOW));
  }

  /// The person wrote.
  synchronized void hear(Instant at) {
    var now = hub.clock().instant();
    var then = at.isAfter(now) ? now : at;
    if (then.isAfter(heard())) {
      hub.save(HEARD, then.toString());
    }
  }

  /// The platform said so at that time; it knows better, unless the person has written since.
  synchronized void closeWindow(Instant at) {
    if (!heard().isAfter(at)) {
      hub.save(HEARD, Instant.EPOCH.toString());
    }
  }

  /// The platform knows that number by another name: other digits, or a user id. The last of each
  /// counts.
  void call(String number, String name) {
    if (!calls(number, name)) {
      hub.save(name(name), number + " " + name);
    }
  }

  /// Whether the platform said that this is what it calls that number.
  boolean calls(String number, String name) {
    return hub.saved(name(name)).filter((number + " " + name)::equals).isPresent();
  }

  boolean saw(String message) {
    return list(SEEN).contains(message);
  }

  /// A message of the person was dealt with.
  void see(String message) {
    add(SEEN, message, 300);
  }

  boolean showed(String token) {
    return list(SHOWN).contains(token);
  }

  /// The person was shown all of that approval, so that words can approve it.
  void show(String token) {
    add(SHOWN, token, 1000);
  }

  /// The token of the approval that a question of ours was about. A message that nobody knows is
  /// taken for the last question whose id was not learnt, or not yet.
  Optional<String> asked(String question) {
    var entries = list(ASKED).reversed();
    return Stream.of(question + " ", ON_ITS_WAY)
        .flatMap(start -> entries.stream().filter(entry -> entry.startsWith(start)))
        .map(entry -> entry.substring(entry.indexOf(' ') + 1))
        .findFirst();
  }

  /// A question about that approval is about to be sent.
  void ask(String token) {
    add(ASKED, ON_ITS_WAY + token, 100);
  }

  synchronized void asked(String question, String token) {
    remove(ASKED, ON_ITS_WAY + token);
    add(ASKED, question + " " + token, 100);
  }

  /// Our messages whose outcome could not be told because the window was closed.
  List<String> owed() {
    return list(OWED);
  }

  void owe(String message) {
    add(OWED, message, 20);
  }

  void settle(String message) {
    remove(OWED, message);
  }

  /// Whether this was the last that was said about a message. Forgotten with a restart: saying it
  /// again does no harm.
  synchronized boolean told(String message, String status) {
    return status.equals(told.get(message));
  }

  synchronized void tell(String message, String status) {
    told.putLast(message, status);
    if (told.size() > 1000) {
      told.pollFirstEntry();
    }
  }

  private static String name(String name) {
    return WhatsAppSettings.isUserId(name) ? ACCOUNT : CALLED;
  }

  private Instant heard() {
    return hub.saved(HEARD).map(Instant::parse).orElse(Instant.EPOCH);
  }

  private ArrayList<String> list(String key) {
    return hub.saved(key).stream()
        .flatMap(String::lines)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private synchronized void add(String key, String entry, int most) {
    var list = list(key);
    list.remove(entry);
    list.add(entry);
    save(key, list.subList(Math.max(0, list.size() - most), list.size()));
  }

  private synchronized void remove(String key, String entry) {
    var list = list(key);
    if (list.remove(entry)) {
      save(key, list);
    }
  }

  private void save(String key, List<String> list) {
    hub.save(key, String.join("\n", list));
  }
}
