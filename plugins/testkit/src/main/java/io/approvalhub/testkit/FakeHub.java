package io.approvalhub.testkit;

import io.approvalhub.kit.CallView;
import io.approvalhub.kit.Disclosure;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.Words;
import io.approvalhub.kit.parts.Presentation;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Approval.Answer;
import io.approvalhub.plugin.Approval.Ballot;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.approvalhub.plugin.Approval.Ending;
import io.approvalhub.plugin.Approval.Offer;
import io.approvalhub.plugin.Approval.Origin;
import io.approvalhub.plugin.Approval.Remarks;
import io.approvalhub.plugin.Approval.State;
import io.approvalhub.plugin.Approval.Status;
import io.approvalhub.plugin.Approval.Tally;
import io.approvalhub.plugin.Channel;
import io.approvalhub.plugin.Connection;
import io.approvalhub.plugin.Decision;
import io.approvalhub.plugin.Hint;
import io.approvalhub.plugin.HttpCall;
import io.approvalhub.plugin.Hub;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.NotificationPlugin;
import io.approvalhub.plugin.OutOfReachException;
import io.approvalhub.plugin.Outcome;
import io.approvalhub.plugin.Person;
import io.approvalhub.plugin.Reader;
import io.approvalhub.plugin.Settings;
import io.approvalhub.plugin.StoppedException;
import io.approvalhub.plugin.TryAgainException;
import io.approvalhub.plugin.Verdict;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A hub in memory for one channel. It keeps what [Hub] promises, reachable over HTTP at
/// [#address], and its clock runs with the real one until a test turns it.
public final class FakeHub implements Hub, AutoCloseable {

  private static final int LARGEST = 1 << 20;
  private static final int LONGEST_REASON = 3_000;
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String name;
  private final FakeServer server = new FakeServer();
  private final Object sending = new Object();
  private final Map<String, Approval> approvals = new LinkedHashMap<>();
  private final Map<String, MessageRef> messages = new LinkedHashMap<>();
  private final Map<String, String> people = new ConcurrentHashMap<>();
  private final List<Decision> decisions = new ArrayList<>();
  private final Map<String, String> saved = new ConcurrentHashMap<>();
  private final List<String> troubles = new CopyOnWriteArrayList<>();
  private final List<Instant> contacts = new CopyOnWriteArrayList<>();
  private final List<Thread> connections = new CopyOnWriteArrayList<>();
  private final AtomicReference<@Nullable Runnable> stumbling = new AtomicReference<>();
  private final Map<String, CallView> asked = new LinkedHashMap<>();
  private volatile Reader reader = Reader.DEFAULT;
  private volatile boolean reachable = true;
  private volatile Duration turned = Duration.ZERO;
  private volatile @Nullable Channel channel;

  /// @param channel its name, as in `channels.<name>`
  public FakeHub(String channel) {
    this.name = channel;
    for (var method : List.of("GET", "POST")) {
      server.aside(method, "/channels/" + channel, this::receive);
    }
  }

  /// Opens the channel as the hub does at its start; once for each FakeHub.
  public Channel open(NotificationPlugin plugin, Map<String, Object> values) {
    var settings = new Settings("channels." + name + ".settings", values);
    var opened = plugin.open(settings, this);
    channel = opened;
    settings.refuseUnknown();
    return opened;
  }

  /// Lets these people decide, and nobody else; their names are those that the operator gave them.
  /// Until then nobody may.
  public void allow(Person... persons) {
    people.clear();
    for (var person : persons) {
      people.put(person.id(), person.name());
    }
  }

  /// A new pending approval that can be approved, or denied with or without a reason.
  public Approval raise(String tool, String arguments) {
    return raise(tool, arguments, Options.PLAIN);
  }

  /// A new pending approval.
  ///
  /// @param arguments JSON as the agent sent it
  public Approval raise(String tool, String arguments, Options options) {
    var now = clock().instant();
    var approval =
        new Approval(
            id(now),
            random(),
            new Origin("coder", Optional.of("builder"), Optional.of("session-1"), now),
            view(tool, arguments).call("coder", options.remarks, options.title),
            new State(
                1,
                Status.PENDING,
                options.expiry.map(now::plus),
                new Tally(options.quorum, List.of()),
                Optional.empty(),
                Answer.NONE),
            new Offer(options.actions(), options.editable, options.remembers));
    synchronized (approvals) {
      approvals.put(approval.id(), approval);
      asked.put(approval.id(), view(tool, arguments));
    }
    return approval;
  }

  /// From now on everything is said to this reader.
  public void readBy(Reader other) {
    reader = other;
  }

  /// The approval as it is now.
  public Approval approval(String id) {
    return known(id).orElseThrow();
  }

  /// The decisions that counted, in order.
  public List<Decision> decisions() {
    synchronized (approvals) {
      return List.copyOf(decisions);
    }
  }

  /// Posts the approval and keeps its reference.
  public MessageRef show(Approval approval) throws IOException {
    synchronized (sending) {
      var message = opened().post(approval);
      synchronized (approvals) {
        messages.put(approval.id(), message);
      }
      return message;
    }
  }

  /// Forgets the reference of a message, as if the hub had been killed before it saved it.
  public void orphan(Approval approval) {
    synchronized (approvals) {
      messages.remove(approval.id());
    }
  }

  /// Updates the message of the approval with its newest version.
  public void bringUp(Approval approval) throws IOException {
    synchronized (sending) {
      opened().update(message(approval.id()), approval(approval.id()));
    }
  }

  /// What the agent made of the decision.
  public void delivered(String id, DeliveryStatus delivered) {
    change(id, _ -> true, now -> changed(now, now.status(), now.ending(), delivered));
  }

  /// Nobody decided in time.
  public void expire(String id) {
    change(
        id,
        Approval::pending,
        now -> changed(now, Status.EXPIRED, Optional.empty(), now.delivered()));
  }

  /// Somebody approves it, of several who must.
  public void vote(String id, String by, String via) {
    change(
        id,
        Approval::pending,
        now -> {
          var ballots = new ArrayList<>(now.tally().ballots());
          ballots.add(new Ballot(by, via, clock().instant(), Verdict.APPROVE, Optional.empty()));
          return new Approval(
              now.id(),
              now.token(),
              now.origin(),
              now.call(),
              new State(
                  now.version() + 1,
                  now.status(),
                  now.expiresAt(),
                  new Tally(now.tally().quorum(), ballots),
                  now.ending(),
                  Answer.NONE),
              now.offer());
        });
  }

  /// The agent no longer lists it.
  public void cancel(String id) {
    var why = Optional.of("decided elsewhere, or the agent restarted");
    var decided = new Ending("coder", "agent", clock().instant(), why, Optional.empty());
    change(
        id,
        Approval::pending,
        now -> changed(now, Status.CANCELLED, Optional.of(decided), now.delivered()));
  }

  /// Turns the clock on, or back.
  public void turn(Duration by) {
    turned = turned.plus(by);
  }

  /// Whether the store can be reached from now on.
  public void reachable(boolean is) {
    reachable = is;
  }

  /// The next decision ends like this.
  public void stumble(Error error) {
    stumbling.set(
        () -> {
          throw error;
        });
  }

  /// The same with what a store throws that refuses a value.
  public void stumble(RuntimeException exception) {
    stumbling.set(
        () -> {
          throw exception;
        });
  }

  /// Whether such a decision is still to come.
  public boolean stumbles() {
    return stumbling.get() != null;
  }

  /// What the channel complained of, and what went wrong on the hub's threads.
  public List<String> troubles() {
    return List.copyOf(troubles);
  }

  /// When the platform was heard of.
  public List<Instant> contacts() {
    return List.copyOf(contacts);
  }

  @Override
  public URI address() {
    return URI.create(server.address() + "/channels/" + name);
  }

  @Override
  public Reader reader() {
    return reader;
  }

  @Override
  public InstantSource clock() {
    return () -> Instant.now().plus(turned);
  }

  @Override
  public Outcome decide(Decision decision) {
    reach();
    Optional.ofNullable(stumbling.getAndSet(null)).ifPresent(Runnable::run);
    if (decision.reason().filter(FakeHub::holdsNul).isPresent()) {
      return new Outcome.NotAllowed("Your words hold a NUL (U+0000), which cannot be kept");
    }
    synchronized (approvals) {
      return approvals.values().stream()
          .filter(approval -> approval.token().equals(decision.token()))
          .findFirst()
          .map(approval -> decide(approval, decision))
          .orElseGet(Outcome.Unknown::new);
    }
  }

  @Override
  public Optional<Approval> find(MessageRef message) {
    reach();
    synchronized (approvals) {
      return messages.entrySet().stream()
          .filter(shown -> shown.getValue().equals(message))
          .findFirst()
          .flatMap(shown -> find(shown.getKey()));
    }
  }

  @Override
  public Optional<Approval> find(String id) {
    reach();
    return known(id);
  }

  @Override
  public void lost(MessageRef message, String why) {
    var approval = find(message);
    synchronized (approvals) {
      messages.values().remove(message);
    }
    approval.ifPresent(_ -> trouble(why));
    approval.filter(Approval::pending).ifPresent(pending -> later(() -> show(pending)));
  }

  @Override
  public Optional<String> saved(String key) {
    reach();
    return Optional.ofNullable(saved.get(key));
  }

  @Override
  public void save(String key, String value) {
    if (key.length() > 64 || value.length() > 1 << 16) {
      throw new IllegalArgumentException("keys have at most 64 characters, values at most 64 kB");
    }
    reach();
    if (holdsNul(key + value)) {
      throw new IllegalArgumentException("neither keys nor values hold a NUL");
    }
    saved.put(key, value);
  }

  @Override
  public void connect(String connectionName, Connection connection) {
    connections.add(
        Thread.ofVirtual().name(name + "-" + connectionName).start(() -> keep(connection)));
  }

  @Override
  public void later(Work work) {
    Thread.startVirtualThread(
        () -> {
          try {
            work.run();
          } catch (IOException | RuntimeException e) {
            trouble(e.toString());
          }
        });
  }

  @Override
  public void contact() {
    contacts.add(clock().instant());
  }

  @Override
  public void trouble(String what) {
    troubles.add(what);
  }

  /// Ends the connections, then the channel.
  @Override
  public void close() {
    connections.forEach(Thread::interrupt);
    for (var connection : connections) {
      join(connection);
    }
    var open = channel;
    if (open != null) {
      open.close();
    }
    server.close();
  }

  private CallView view(String tool, String arguments) {
    return new CallView(Words.of(reader), Presentation.NONE, tool, arguments);
  }

  private Optional<Approval> known(String id) {
    synchronized (approvals) {
      return Optional.ofNullable(approvals.get(id)).map(this::expired);
    }
  }

  private void reach() {
    if (!reachable) {
      throw new OutOfReachException(
          "the store is out of reach", new IOException("as the test says"));
    }
  }

  private static boolean holdsNul(String text) {
    return text.indexOf(0) >= 0;
  }

  private Outcome decide(Approval found, Decision decision) {
    var person = Optional.ofNullable(people.get(decision.person().id()));
    if (person.isEmpty()) {
      return new Outcome.NotAllowed("You may not decide here");
    }
    // a message that a click stands on is the one to update, when none is known
    decision.message().ifPresent(pressed -> messages.putIfAbsent(found.id(), pressed));
    var approval = expired(found);
    if (!approval.pending()) {
      return new Outcome.TooLate(approval);
    }
    return tooMuch(approval, decision)
        .<Outcome>map(Outcome.NotAllowed::new)
        .orElseGet(() -> recorded(approval, decision, person.get()));
  }

  private static Optional<String> tooMuch(Approval approval, Decision decision) {
    if (decision.remember() && approval.remembers().isEmpty()) {
      return Optional.of("remember: this agent cannot remember an approval");
    }
    if (decision.arguments().isEmpty()) {
      return Optional.empty();
    }
    if (decision.verdict() == Verdict.DENY || !approval.editable()) {
      return Optional.of("The arguments cannot be edited here.");
    }
    return decision
        .arguments()
        .filter(json -> !object(json))
        .map(_ -> "The edited arguments are not a JSON object.");
  }

  private Outcome recorded(Approval approval, Decision decision, String by) {
    var decided =
        new Ending(
            by,
            name,
            clock().instant(),
            decision.reason().map(FakeHub::shortened).map(Disclosure::text),
            decision
                .arguments()
                .map(Optional.ofNullable(asked.get(approval.id())).orElseThrow()::amendment));
    var status = decision.verdict() == Verdict.APPROVE ? Status.APPROVED : Status.DENIED;
    var now = changed(approval, status, Optional.of(decided), DeliveryStatus.WAITING);
    approvals.put(now.id(), now);
    decisions.add(decision);
    return new Outcome.Recorded(now);
  }

  private Approval expired(Approval approval) {
    var due = approval.expiresAt().filter(at -> !clock().instant().isBefore(at)).isPresent();
    if (!due || !approval.pending()) {
      return approval;
    }
    var now = changed(approval, Status.EXPIRED, Optional.empty(), approval.delivered());
    approvals.put(now.id(), now);
    return now;
  }

  private void change(String id, Predicate<Approval> where, UnaryOperator<Approval> change) {
    synchronized (approvals) {
      approvals.computeIfPresent(id, (_, now) -> where.test(now) ? change.apply(now) : now);
    }
  }

  private static Approval changed(
      Approval a, Status status, Optional<Ending> ending, DeliveryStatus delivered) {
    var answer = new Answer(delivered, Optional.empty());
    return new Approval(
        a.id(),
        a.token(),
        a.origin(),
        a.call(),
        new State(a.version() + 1, status, a.expiresAt(), a.tally(), ending, answer),
        new Offer(List.of(), a.editable(), a.remembers()));
  }

  private FakeServer.Answer receive(FakeServer.Request request) {
    if (request.body().length > LARGEST) {
      return FakeServer.Answer.of(413);
    }
    var call = new HttpCall(request.method(), request.query(), request.headers(), request.body());
    try {
      var reply = opened().receive(call);
      var answer = new FakeServer.Answer(reply.status(), Map.of(), reply.body());
      return reply.body().length == 0 ? answer : answer.with("Content-Type", reply.contentType());
    } catch (IOException | RuntimeException | Error e) {
      trouble("receive failed: " + e);
      return FakeServer.Answer.of(500);
    }
  }

  private void keep(Connection connection) {
    var pause = SHORTEST_PAUSE;
    while (true) {
      try {
        connection.run();
        return;
      } catch (InterruptedException _) {
        return;
      } catch (TryAgainException e) {
        trouble(e.toString());
        pause = e.delay();
      } catch (StoppedException e) {
        trouble(e.toString());
        pause = LONGEST_PAUSE;
      } catch (IOException | RuntimeException e) {
        trouble(e.toString());
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                ? pause.multipliedBy(2)
                : LONGEST_PAUSE;
      }
      if (!paused(pause)) {
        return;
      }
    }
  }

  private static boolean paused(Duration pause) {
    try {
      Thread.sleep(pause);
      return true;
    } catch (InterruptedException _) {
      return false;
    }
  }

  private void join(Thread connection) {
    try {
      if (!connection.join(Duration.ofSeconds(5))) {
        trouble(connection.getName() + " did not end when interrupted");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private Channel opened() {
    var open = channel;
    if (open == null) {
      throw new IllegalStateException("open the channel first");
    }
    return open;
  }

  MessageRef message(String id) {
    synchronized (approvals) {
      return Optional.ofNullable(messages.get(id)).orElseThrow();
    }
  }

  private static boolean object(String json) {
    try {
      return Json.parse(json).isObject();
    } catch (IOException _) {
      return false;
    }
  }

  private static String shortened(String reason) {
    return reason.substring(0, Math.min(reason.length(), LONGEST_REASON));
  }

  private static String id(Instant now) {
    var time = String.format(Locale.ROOT, "%10s", Long.toString(now.toEpochMilli(), 32));
    var rest = new StringBuilder(time.replace(' ', '0'));
    RANDOM.ints(16, 0, 32).forEach(digit -> rest.append(Character.forDigit(digit, 32)));
    return rest.toString();
  }

  private static String random() {
    var bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// What an approval may differ in.
  ///
  /// @param title what the tool calls itself
  /// @param expiry from now
  /// @param remembers what approve-and-remember would cover; empty where the agent cannot
  /// @param quorum how many must approve it
  public record Options(
      Remarks remarks,
      Optional<String> title,
      Optional<Duration> expiry,
      boolean editable,
      Optional<String> remembers,
      int quorum) {

    /// High risk, a short reason, no expiry, not editable, nothing to remember.
    public static final Options PLAIN =
        new Options(
            new Remarks("high", "cleaning up", List.of()),
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.empty(),
            1);

    /// The same with another risk.
    public Options risk(String other) {
      return with(new Remarks(other, remarks.reason(), remarks.hints()));
    }

    /// The same with another reason.
    public Options reason(String other) {
      return with(new Remarks(remarks.risk(), other, remarks.hints()));
    }

    /// The same of a tool that says this of itself.
    public Options hints(Hint... hints) {
      return with(new Remarks(remarks.risk(), remarks.reason(), List.of(hints)));
    }

    /// The same of a tool that calls itself so.
    public Options title(String other) {
      return new Options(remarks, Optional.of(other), expiry, editable, remembers, quorum);
    }

    /// The same, expiring.
    public Options expiring(Duration after) {
      return new Options(remarks, title, Optional.of(after), editable, remembers, quorum);
    }

    /// The same for an agent that takes edited arguments.
    public Options edited() {
      return new Options(remarks, title, expiry, true, remembers, quorum);
    }

    /// The same for an agent that can remember an approve.
    public Options remembering(String scope) {
      return new Options(remarks, title, expiry, editable, Optional.of(scope), quorum);
    }

    /// The same where several must approve it.
    public Options quorum(int people) {
      return new Options(remarks, title, expiry, editable, remembers, people);
    }

    private Options with(Remarks others) {
      return new Options(others, title, expiry, editable, remembers, quorum);
    }

    List<Action> actions() {
      return remembers.isPresent()
          ? List.of(Action.values())
          : List.of(Action.APPROVE, Action.DENY, Action.DENY_WITH_REASON);
    }
  }
}
