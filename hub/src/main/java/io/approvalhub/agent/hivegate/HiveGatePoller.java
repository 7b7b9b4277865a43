package io.approvalhub.agent.hivegate;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.approval.Approval;
import io.approvalhub.approval.Raised;
import io.approvalhub.approval.ToolCall;
import io.approvalhub.plugin.Approval.Delivered;
import io.approvalhub.plugin.Approval.Status;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds HiveGate's approvals by polling its list: raises what is new, cancels what vanished, and
// tells again what
/// was decided and is still listed.
final class HiveGatePoller {

  private static final Logger LOG = LoggerFactory.getLogger(HiveGatePoller.class);
  private static final int POLLS = 2;
  private static final int TELLINGS = 3;

  private final HiveGateClient client;
  private final AgentHub hub;
  private final Map<String, Seen> seen = new HashMap<>();
  private boolean loaded;

  HiveGatePoller(HiveGateClient client, AgentHub hub) {
    this.client = client;
    this.hub = hub;
  }

  /// Polls once. A failed poll says nothing about any approval.
  void poll() throws IOException {
    load();
    var pending = hub.pendingIds();
    var rows = client.list();
    var listed = new HashSet<String>();
    hub.contact().good();
    for (var row : rows) {
      see(row, pending, listed);
    }
    seen.values().removeIf(known -> !listed.contains(known.jobId) && isOver(known, pending));
  }

  /// After a restart, what waited before may have vanished meanwhile.
  private void load() {
    if (!loaded) {
      hub.pending().forEach(this::remember);
      loaded = true;
    }
  }

  private void remember(Approval approval) {
    approval
        .call()
        .upstreamId()
        .ifPresent(id -> seen.put(id, new Seen(id, approval.id(), approval.call().digest())));
  }

  private void see(JsonNode row, Set<String> pending, Set<String> listed) {
    var read = HiveGateRows.call(row, hub);
    if (read.isEmpty()) {
      hub.contact()
          .trouble("HiveGate lists an approval without job_id or tool_name", "leaves it out");
      return;
    }
    var call = read.get();
    var jobId = call.upstreamId().orElseThrow();
    if (!listed.add(jobId)) {
      hub.contact().trouble("HiveGate lists two approvals under one job_id", "shows the first");
      return;
    }
    var known = seen.get(jobId);
    if (known == null || !known.digest.equals(call.digest())) {
      raise(call, known);
    } else {
      known.missing = 0;
      if (!pending.contains(known.approval)) {
        decidedButListed(known, call);
      }
    }
  }

  private void raise(ToolCall call, @Nullable Seen replaced) {
    if (replaced != null) {
      LOG.warn("same id, other arguments: replaced approval={}", replaced.approval);
      hub.desk()
          .vanished(replaced.approval, "the agent asks under the same id with other arguments");
    }
    var raised = hub.raise(call);
    remember(raised.approval());
    if (raised instanceof Raised.Conflict) {
      LOG.warn("same call, other description approval={}", raised.approval().id());
    }
  }

  /// It may be on its way to the agent, or the agent acknowledged it and did not act, or it had
  // vanished and is
  /// back.
  private void decidedButListed(Seen known, ToolCall call) {
    var approval = hub.desk().find(known.approval).orElseThrow();
    if (approval.status() == Status.CANCELLED && approval.delivered() == Delivered.GONE) {
      var again = HiveGateRows.again(call, approval);
      LOG.warn("back after it had vanished approval={}", approval.id());
      seen.remove(known.jobId);
      raise(again, null);
    } else if (approval.delivered() == Delivered.DELIVERED && ++known.afterTold >= POLLS) {
      known.afterTold = 0;
      tellAgain(known, approval);
    }
  }

  private void tellAgain(Seen known, Approval approval) {
    if (known.tellings++ < TELLINGS) {
      LOG.warn("still listed after it was told approval={} next=tell again", approval.id());
      hub.desk().tellAgain(approval);
    } else if (known.tellings == TELLINGS + 1) {
      LOG.error("still listed after {} tellings approval={} next=nothing", TELLINGS, approval.id());
      hub.contact().trouble("HiveGate takes decisions and does not act on them", "goes on polling");
    }
  }

  private boolean isOver(Seen known, Set<String> pending) {
    if (!pending.contains(known.approval)) {
      return true;
    }
    if (++known.missing < POLLS) {
      return false;
    }
    hub.desk().vanished(known.approval, "decided elsewhere, or the agent restarted");
    return true;
  }

  private static final class Seen {
    private final String jobId;
    private final String approval;
    private final String digest;
    private int missing;
    private int afterTold;
    private int tellings;

    private Seen(String jobId, String approval, String digest) {
      this.jobId = jobId;
      this.approval = approval;
      this.digest = digest;
    }
  }
}
