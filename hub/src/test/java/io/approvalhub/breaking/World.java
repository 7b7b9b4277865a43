package io.approvalhub.breaking;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.FlowYaml;
import io.approvalhub.agent.hivegate.FakeHiveGate;
import io.approvalhub.breaking.Evidence.Claim;
import io.approvalhub.breaking.Evidence.Seen;
import io.approvalhub.breaking.Job.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Hubs, their agents, their channels and the people in these, with a door between the hubs and
/// everybody else.
final class World implements AutoCloseable {

  /// The door through which everybody calls the hubs.
  static final String FRONT = "front";

  private static final String FOLDER = "folder";

  private static final Pattern PORT = Pattern.compile("://127\\.0\\.0\\.1:(\\d+)");
  private static final List<String> STATUSES =
      List.of("pending", "approved", "denied", "cancelled", "expired");

  private final Journal journal = new Journal();
  private final Optional<Postgres> postgres;
  private final Optional<Integer> uvicorn;
  private final Folder folder;
  private final Platforms platforms;
  private final Agents agents = new Agents(journal);
  private final People people;
  private final Api api = new Api();
  private final Map<String, Door> doors = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  World(
      Installation installation,
      Path folder,
      int nodes,
      boolean polled,
      Optional<Postgres> postgres) {
    this.postgres = postgres;
    this.folder = new Folder(folder);
    platforms = new Platforms(polled);
    people = new People(platforms, agents, journal);
    doors.put(FRONT, new Door(FRONT, journal, () -> this.nodes.stream().map(Node::port).toList()));
    platforms.names().forEach(name -> door(name, api(name)));
    uvicorn = installation.uvicorn();
    called("coder", agents.coder());
    called("caller", agents.caller());
    door("relayed", agents.relayed());
    platforms.callBack(front());
    var configuration = configuration(folder.getFileName().toString());
    for (var number = 0; number < nodes; number++) {
      this.nodes.add(
          new Node(installation, folder.resolve("node" + number), configuration, journal));
    }
  }

  /// One hub on SQLite, among others that do nothing.
  static World quiet(Installation installation, Path folder) {
    return new World(installation, folder, 1, true, Optional.empty());
  }

  Agents agents() {
    return agents;
  }

  People people() {
    return people;
  }

  Journal journal() {
    return journal;
  }

  Node node(int number) {
    return nodes.get(number);
  }

  Door door(String name) {
    return Optional.ofNullable(doors.get(name)).orElseThrow();
  }

  Postgres postgres() {
    return postgres.orElseThrow();
  }

  /// Starts the hubs; returns when they answer.
  void start() {
    nodes.forEach(Node::start);
    nodes.forEach(Node::awaitReady);
  }

  /// Does something after a while, however long it then takes.
  void later(Duration time, Task task) {
    timer.schedule(
        () -> threads.execute(() -> attempt(task)), time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// The agent asks.
  void ask(Job job) throws InterruptedException {
    agents.ask(job, front(), address("caller", agents.caller()));
  }

  /// A person decides.
  void decide(Click click) throws InterruptedException {
    people.decide(click, front());
  }

  /// Ends all that is wrong; returns when every hub answers.
  void mend() {
    postgres.ifPresent(Postgres::goOn);
    postgres.ifPresent(Postgres::start);
    doors.values().forEach(door -> door.set(Mischief.NONE));
    nodes.forEach(Node::goOn);
    nodes.forEach(Node::empty);
    nodes.forEach(Node::start);
    nodes.forEach(Node::awaitReady);
    journal.write("mended");
  }

  /// Somebody presses an old button of every message that the hub may have lost sight of.
  void pressStale(Job asked) {
    agents.asked(asked).forEach(this::pressStaleAttempt);
  }

  private void pressStaleAttempt(Job job) {
    for (var channel : channels(job)) {
      var messages = platforms.shown(channel, job);
      messages.stream()
          .limit(Math.max(0, messages.size() - 1))
          .filter(message -> !message.buttons().isEmpty())
          .forEach(
              message ->
                  people.press(new Click(job, channel, "bob", false, Duration.ZERO), message));
    }
  }

  /// What was seen of each job.
  ///
  /// @param interrupted whether a hub was, so that what was in hand is in doubt
  List<Evidence> evidence(Schedule schedule, boolean interrupted) throws IOException {
    var claims = claims();
    var gaveUp = log("gave up ");
    return schedule.jobs().stream()
        .flatMap(job -> agents.asked(job).stream())
        .map(job -> evidence(job, claims.getOrDefault(job.name(), List.of()), interrupted, gaveUp))
        .toList();
  }

  /// The lines of the hubs' logs that hold this text.
  List<String> log(String text) {
    return nodes.stream()
        .map(node -> node.folder().resolve("hub.log"))
        .flatMap(file -> lines(file).stream())
        .filter(line -> line.contains(text))
        .toList();
  }

  @Override
  public void close() {
    timer.shutdownNow();
    threads.shutdownNow();
    nodes.forEach(Node::goOn);
    nodes.forEach(Node::close);
    doors.values().forEach(Door::close);
    people.close();
    agents.close();
    platforms.close();
    api.close();
  }

  private void attempt(Task task) {
    try {
      task.run();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      journal.write("failed: " + e);
    }
  }

  private Evidence evidence(Job job, List<Claim> claims, boolean interrupted, List<String> gaveUp) {
    var seen = new LinkedHashMap<String, Seen>();
    for (var channel : channels(job)) {
      var doubtful = interrupted || door(channel).hid(job.name());
      seen.put(
          channel,
          new Seen(
              platforms.copies(channel, job),
              platforms.writings(channel, job),
              doubtful,
              isAlarmed(channel, claims, gaveUp)));
    }
    seen.put(
        FOLDER,
        new Seen(folder.copies(job), List.of(), interrupted, isAlarmed(FOLDER, claims, gaveUp)));
    var hidden =
        interrupted
            || doors.values().stream().anyMatch(door -> door.hid(job.name()))
            || (job.source() == Source.RELAYED && door("relayed").wasShut());
    return new Evidence(
        job,
        agents.raised(job),
        claims,
        seen,
        agents.told(job),
        people.clicks(job),
        agents.isRead(job),
        hidden);
  }

  private static boolean isAlarmed(String channel, List<Claim> claims, List<String> gaveUp) {
    return claims.stream()
        .anyMatch(
            claim ->
                gaveUp.stream()
                    .anyMatch(
                        line ->
                            line.contains(claim.id())
                                && line.contains("channel:" + channel + " ")));
  }

  private static List<String> channels(Job job) {
    return List.of("hook", "desk", job.source().chat());
  }

  private Map<String, List<Claim>> claims() throws IOException {
    var claims = new LinkedHashMap<String, List<Claim>>();
    for (var status : STATUSES) {
      var path = "/v2/approvals?limit=500&status=" + status;
      for (var row : api.get(nodes.getLast().address(), "eve", path).body()) {
        claims
            .computeIfAbsent(row.path("tool_name").asText(), _ -> new ArrayList<>())
            .add(claim(row));
      }
    }
    return claims;
  }

  private static Claim claim(JsonNode row) {
    return new Claim(
        row.path("job_id").asText(),
        row.path("status").asText(),
        Optional.of(row.path("decided_by")).filter(JsonNode::isTextual).map(JsonNode::asText),
        row.path("delivered").asText());
  }

  URI front() {
    return door(FRONT).address();
  }

  private void door(String name, URI server) {
    door(name, server.getPort());
  }

  private void door(String name, int port) {
    doors.put(name, new Door(name, journal, () -> List.of(port)));
  }

  /// An agent that is called, through uvicorn where there is one.
  private void called(String name, URI agent) {
    door(name, uvicorn.orElse(agent.getPort()));
  }

  /// Where the hubs reach such an agent.
  private URI address(String name, URI agent) {
    var door = door(name).address();
    return uvicorn.isPresent() ? Uvicorn.behind(door, agent) : door;
  }

  private URI api(String channel) {
    var settings = platforms.settings(channel);
    var address =
        Optional.ofNullable(settings.get("api")).or(() -> Optional.ofNullable(settings.get("url")));
    return URI.create(String.valueOf(address.orElseThrow()));
  }

  private String configuration(String name) {
    return """
    hub:
      public-url: %s
      data: ./data
      keys:
        asker: {key: asker, role: agent, agent: asker}
        caller: {key: caller, role: agent, agent: caller}
        relayed: {key: relayed, role: agent, agent: relayed}
        alice: {key: alice, role: operator, person: alice}
        bob: {key: bob, role: operator, person: bob}
        eve: {key: eve, role: observer}
    %speople:
      alice: %s
      bob: %s
    agents:
      coder: {type: hivegate, url: "%s", api-key: "%s", poll-interval: 50ms}
      asker: {type: push}
      caller: {type: push, callbacks: ["%s", "%s"], callback-secret: "%s"}
      relayed: {type: mistralrs, url: "%s"}
    plugins: {dir: "%s"}
    channels:
      folder: {plugin: throwing, approvers: [], settings: {folder: "%s"}}
    %s\
    """
        .formatted(
            front(),
            postgres
                .map(
                    server ->
                        "  database: {url: \"%s\", connections: 4}\n"
                            .formatted(server.database(name)))
                .orElse(""),
            FlowYaml.of(of(Platforms.PEOPLE, "alice")),
            FlowYaml.of(of(Platforms.PEOPLE, "bob")),
            address("coder", agents.coder()),
            FakeHiveGate.KEY,
            address("caller", agents.caller()),
            agents.silent(),
            FakeCallbacks.SECRET,
            door("relayed").address(),
            folder.plugins(),
            folder.messages(),
            platforms.names().stream().map(this::channel).collect(Collectors.joining()));
  }

  private String channel(String name) {
    var settings = new LinkedHashMap<>(platforms.settings(name));
    settings.replaceAll(
        (_, value) ->
            PORT.matcher(value.toString()).replaceAll("://127.0.0.1:" + door(name).port()));
    var agents =
        Arrays.stream(Source.values())
            .filter(source -> source.chat().equals(name))
            .map(Source::agent)
            .toList();
    return "  %s: {plugin: %s, %sapprovers: [alice, bob], settings: %s}\n"
        .formatted(
            name,
            of(Platforms.PLUGINS, name),
            agents.isEmpty() ? "" : "agents: " + agents + ", ",
            FlowYaml.of(settings));
  }

  private static <T> T of(Map<String, T> map, String name) {
    return Optional.ofNullable(map.get(name)).orElseThrow();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Something to be done in a run.
  @FunctionalInterface
  interface Task {
    void run() throws Exception;
  }
}
