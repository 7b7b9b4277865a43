package io.approvalhub.breaking;

import io.approvalhub.agent.hivegate.FakeHiveGate;
import io.approvalhub.agent.mistralrs.FakeMistralRs;
import io.approvalhub.breaking.Evidence.Told;
import io.approvalhub.breaking.Job.Source;
import io.approvalhub.kit.Json;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/// The agents of a run: they ask until they are heard.
final class Agents implements AutoCloseable {

  private static final int PAUSE_MILLIS = 100;

  private final FakeHiveGate hivegate = new FakeHiveGate();
  private final FakeCallbacks callbacks = new FakeCallbacks();
  private final FakeMistralRs mistralRs = new FakeMistralRs(Duration.ofMinutes(5));
  private final Silence silence = new Silence();
  private final Streams streams;
  private final Api api = new Api();
  private final Journal journal;
  private final Map<String, String> ids = new ConcurrentHashMap<>();
  private final Map<String, List<Told>> answers = new ConcurrentHashMap<>();

  Agents(Journal journal) {
    this.journal = journal;
    streams = new Streams(journal);
  }

  URI coder() {
    return hivegate.address();
  }

  URI caller() {
    return callbacks.address();
  }

  /// Where whoever calls gets no answer, ever.
  URI silent() {
    return silence.address();
  }

  URI relayed() {
    return mistralRs.address();
  }

  /// Asks the hub at this address, and goes on until the agent knows that the hub knows, and where
  /// it asks for the answer, until it has that.
  void ask(Job job, URI hub, URI caller) throws InterruptedException {
    switch (job.source()) {
      case CODER -> hivegate.pause(job.name(), job.name(), "{\"path\": \"/\"}");
      case ASKER -> await(job, hub, raise(job, hub, Optional.empty()));
      case CALLER -> raise(job, hub, Optional.of(URI.create(caller + "/ended/" + job.name())));
      case UNHEARD -> raise(job, hub, Optional.of(URI.create(silent() + "/" + job.name())));
      case RELAYED -> streams.read(job, hub);
    }
  }

  /// From now on HiveGate lists this, too.
  void poison(Poison poison) {
    hivegate.poison(poison.row());
  }

  /// HiveGate lists it no longer.
  void cure(Poison poison) {
    hivegate.cure(poison.row());
  }

  /// Asks with what the hub can refuse or take, and must survive.
  void ask(Poison[] poisons, URI hub) {
    for (var poison : poisons) {
      try {
        var reply = api.post(hub, "asker", "/v2/approvals", poison.body());
        journal.write("poisoned " + poison + " " + reply.status());
      } catch (IOException _) {
        // not reached, or not answered
      }
    }
  }

  /// A job as the hub knows it: once for each time that the agent asked.
  List<Job> asked(Job job) {
    var attempts =
        mistralRs.asked().stream()
            .filter(name -> name.startsWith(job.name()))
            .sorted()
            .map(job::attempt)
            .toList();
    return attempts.isEmpty() ? List.of(job) : attempts;
  }

  /// Whether the agent will not ask about a job again.
  boolean isOver(Job job) {
    return job.source() != Source.RELAYED || streams.isOver(job);
  }

  /// Whether a client reads the stream in which a job was asked about.
  boolean isRead(Job job) {
    return streams.isRead(job);
  }

  /// The hub's id of a job that an agent was told.
  Optional<String> id(Job job) {
    return Optional.ofNullable(ids.get(job.name()));
  }

  /// Whether the agent has reason to believe that the hub knows.
  boolean raised(Job job) {
    return switch (job.source()) {
      case CODER -> true;
      case ASKER, CALLER, UNHEARD -> id(job).isPresent();
      case RELAYED -> streams.raised(job);
    };
  }

  /// What the agent was told, in order.
  List<Told> told(Job job) {
    return switch (job.source()) {
      case CODER ->
          hivegate.decided(job.name()).stream()
              .map(call -> new Told(String.valueOf(call), call.approved(), call.waited()))
              .toList();
      case ASKER -> answers.getOrDefault(job.name(), List.of());
      case CALLER ->
          callbacks.called(job.name()).stream()
              .map(call -> new Told(call.id(), call.approved(), true))
              .toList();
      case UNHEARD -> List.of();
      case RELAYED -> decided(job);
    };
  }

  @Override
  public void close() {
    hivegate.close();
    callbacks.close();
    silence.close();
    streams.close();
    mistralRs.close();
    api.close();
  }

  /// A tool that ran without a decision counts as told, too.
  private List<Told> decided(Job job) {
    var told = new ArrayList<Told>();
    for (var decision : mistralRs.decisions(job.name())) {
      told.add(new Told("call " + told.size(), decision.approved(), decision.status() == 200));
    }
    if (mistralRs.run().contains(job.name())
        && told.stream().noneMatch(one -> one.approved() && one.counted())) {
      told.add(new Told("run", true, true));
    }
    return told;
  }

  private String raise(Job job, URI hub, Optional<URI> callback) throws InterruptedException {
    var body = Json.object().put("tool_name", job.name()).put("idempotency_key", job.name());
    body.putObject("tool_args").put("path", "/");
    job.expiresIn().ifPresent(seconds -> body.put("expires_in", seconds));
    callback.ifPresent(address -> body.put("callback_url", address.toString()));
    while (true) {
      try {
        var reply = api.post(hub, job.source().agent(), "/v2/approvals", body);
        var id = reply.body().path("job_id").asText("");
        if (reply.ok() && !id.isEmpty()) {
          ids.put(job.name(), id);
          journal.write("raised " + job.name() + " as " + id);
          return id;
        }
        journal.write("not raised " + job.name() + " " + reply.status() + " " + reply.body());
      } catch (IOException _) {
        // not reached, or not answered: asks again
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
  }

  private void await(Job job, URI hub, String id) throws InterruptedException {
    while (!answers.containsKey(job.name())) {
      try {
        var reply = api.get(hub, job.source().agent(), "/v2/approvals/" + id + "?wait=2s");
        var status = reply.body().path("status").asText("");
        if (reply.ok() && !status.isEmpty() && !status.equals("pending")) {
          journal.write("answered " + job.name() + " " + status);
          answers.computeIfAbsent(job.name(), _ -> new CopyOnWriteArrayList<>());
          answers.get(job.name()).add(new Told(id, status.equals("approved"), true));
        }
      } catch (IOException _) {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    }
  }
}
