package io.approvalhub.channel;

import io.approvalhub.access.Actor;
import io.approvalhub.approval.DecisionResult;
import io.approvalhub.approval.Desk;
import io.approvalhub.approval.Outbox;
import io.approvalhub.approval.Outbox.Copy;
import io.approvalhub.approval.Target;
import io.approvalhub.approval.Vote;
import io.approvalhub.connection.Backoff;
import io.approvalhub.connection.Contact;
import io.approvalhub.connection.Contacts;
import io.approvalhub.connection.Supervisor;
import io.approvalhub.database.StoreException;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Connection;
import io.approvalhub.plugin.Decision;
import io.approvalhub.plugin.Hub;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.OutOfReachException;
import io.approvalhub.plugin.Outcome;
import io.approvalhub.plugin.Reader;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The hub as one channel sees it.
public final class ChannelHub implements Hub, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ChannelHub.class);
  private static final Duration SAVING = Duration.ofSeconds(2);
  private static final int LONGEST_REASON = 3000;
  private static final int LONGEST_NAME = 64;
  private static final int LONGEST_VALUE = 65_536;
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{22}");
  private static final Pattern ID = Pattern.compile("[0-9a-z]{26}");

  private final String channel;
  private final Address address;
  private final InstantSource clock;
  private final Desk desk;
  private final Outbox outbox;
  private final ChannelMemory saved;
  private final Supervisor supervisor;
  private final Contacts contacts;
  private final Presentations presentations;
  private final ExecutorService work = Executors.newVirtualThreadPerTaskExecutor();
  private volatile Views views;
  private volatile Reader reader;

  /// @param reader whoever reads it, until [#readBy] says who that is
  ChannelHub(String channel, ChannelServices services, InstantSource clock, Reader reader) {
    this.channel = channel;
    this.reader = reader;
    presentations = services.presentations();
    views = new Views(presentations, reader);
    this.clock = clock;
    address = services.address();
    desk = services.desk();
    outbox = services.store().outbox();
    saved = services.store().saved();
    supervisor = services.supervisor();
    contacts = services.contacts();
  }

  /// From now on its words and times are those of this reader.
  void readBy(Reader other) {
    reader = other;
    views = new Views(presentations, other);
  }

  String name() {
    return channel;
  }

  Approval view(Copy copy) {
    return views.of(copy, desk.ballots(copy.approval()));
  }

  @Override
  public Reader reader() {
    return reader;
  }

  @Override
  public URI address() {
    return address.of(channel);
  }

  @Override
  public InstantSource clock() {
    return clock;
  }

  @Override
  public Outcome decide(Decision decision) {
    if (!TOKEN.matcher(decision.token()).matches()) {
      return new Outcome.Unknown();
    }
    if (decision.reason().filter(ChannelHub::holdsNul).isPresent()) {
      return notAllowed(decision, "Your words hold a NUL (U+0000), which cannot be kept");
    }
    return reached(() -> decided(decision));
  }

  @Override
  public Optional<Approval> find(MessageRef message) {
    return holdsNul(message.place() + message.id())
        ? Optional.empty()
        : reached(() -> outbox.byMessage(channel, message).map(this::view));
  }

  @Override
  public Optional<Approval> find(String id) {
    return ID.matcher(id).matches()
        ? reached(() -> outbox.byId(channel, id).map(this::view))
        : Optional.empty();
  }

  @Override
  public void lost(MessageRef message, String why) {
    if (holdsNul(message.place() + message.id())) {
      return;
    }
    LOG.warn("lost channel={} message={} because={}", channel, message.id(), why);
    if (!reached(() -> outbox.lost(channel, message))) {
      work.execute(() -> lostAgain(message));
    }
  }

  /// The platform can be faster than the courier saves where it posted.
  private void lostAgain(MessageRef message) {
    try {
      Thread.sleep(SAVING);
      outbox.lost(channel, message);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Optional<String> saved(String key) {
    return holdsNul(key) ? Optional.empty() : reached(() -> saved.get(channel, key));
  }

  @Override
  public void save(String key, String value) {
    if (key.length() > LONGEST_NAME || value.length() > LONGEST_VALUE) {
      throw new IllegalArgumentException("keys have at most 64 characters, values 64 kB");
    }
    if (holdsNul(key + value)) {
      throw new IllegalArgumentException("neither keys nor values hold a NUL");
    }
    reached(
        () -> {
          saved.put(channel, key, value);
          return true;
        });
  }

  @Override
  public void connect(String name, Connection connection) {
    supervisor.keep(Target.channel(channel) + ":" + name, inbound(), connection);
  }

  @Override
  public void later(Work task) {
    work.execute(
        () -> {
          try {
            task.run();
          } catch (Exception e) {
            LOG.warn("not done channel={} because={} next=nothing", channel, Backoff.reason(e));
          } catch (OutOfMemoryError e) {
            throw e;
          } catch (Error e) {
            LOG.error("not done channel={} because={} next=nothing", channel, e.toString());
          }
        });
  }

  @Override
  public void contact() {
    inbound().good();
  }

  @Override
  public void trouble(String what) {
    inbound().trouble(what, "goes on");
  }

  /// Lets work that was handed to [#later] end.
  @Override
  public void close() {
    work.shutdown();
    try {
      if (!work.awaitTermination(3, TimeUnit.SECONDS)) {
        work.shutdownNow();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// How things stand with what comes from the platform.
  private Contact inbound() {
    return contacts.of(Target.channel(channel) + ":in");
  }

  private Outcome decided(Decision decision) {
    var copy = outbox.byToken(channel, decision.token());
    if (copy.isEmpty()) {
      return new Outcome.Unknown();
    }
    var actor = new Actor.Clicker(channel, decision.person());
    var result = desk.decide(copy.get().approval().id(), actor, vote(decision));
    if (!(result instanceof DecisionResult.Refusal)) {
      pressed(copy.get(), decision);
    }
    var token = copy.get().token();
    return switch (result) {
      case DecisionResult.Success(var now) -> new Outcome.Recorded(view(new Copy(now, token)));
      case DecisionResult.Late(var now) -> new Outcome.TooLate(view(new Copy(now, token)));
      case DecisionResult.Refusal(var why) -> notAllowed(decision, why);
      case DecisionResult.Objection(var why) -> new Outcome.NotAllowed(why);
      case DecisionResult.Missing _ -> new Outcome.Unknown();
    };
  }

  private void pressed(Copy copy, Decision decision) {
    decision
        .message()
        .filter(message -> !holdsNul(message.place() + message.id()))
        .ifPresent(message -> outbox.pressed(copy, channel, message));
  }

  private Outcome notAllowed(Decision decision, String why) {
    LOG.warn("not allowed channel={} person={}", channel, decision.person().id());
    return new Outcome.NotAllowed(why);
  }

  /// A store that refuses a value is in reach.
  private static <T> T reached(Supplier<T> work) {
    try {
      return work.get();
    } catch (StoreException e) {
      throw e.refusesValue() ? e : new OutOfReachException(Backoff.reason(e), e);
    }
  }

  /// PostgreSQL keeps no text with a NUL in it.
  private static boolean holdsNul(String text) {
    return text.indexOf(0) >= 0;
  }

  private static Vote vote(Decision decision) {
    return new Vote(
        decision.verdict(),
        decision.reason().map(ChannelHub::limited),
        decision.arguments(),
        decision.remember());
  }

  private static String limited(String reason) {
    return reason.substring(0, Math.min(reason.length(), LONGEST_REASON));
  }
}
