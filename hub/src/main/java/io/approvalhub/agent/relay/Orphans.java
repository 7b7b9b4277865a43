package io.approvalhub.agent.relay;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.kit.Json;
import io.approvalhub.node.Leases;
import io.approvalhub.node.Node;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;

/// Approvals whose stream ended with its node: the client has gone, so they are cancelled and the
/// agent is told.
@Singleton
public final class Orphans {

  private static final Duration ROUND = Duration.ofSeconds(5);
  private static final String NODE = "node";

  private final Leases leases;
  private final Node node;

  Orphans(Leases leases, Node node) {
    this.leases = leases;
    this.node = node;
  }

  /// What an approval found by this node carries as its context.
  public ObjectNode context() {
    return Json.object().put(NODE, node.name());
  }

  /// Whether an approval was found in a stream, and does not outlive it.
  public static boolean isRelayed(ApprovalRecord approval) {
    return !node(approval).isEmpty();
  }

  /// Looks for the orphans of an agent for as long as the hub runs.
  public void watch(AgentHub hub) {
    hub.connect(
        "orphans",
        () -> {
          while (true) {
            hub.pending().filter(this::isOrphan).forEach(orphan -> cancel(hub, orphan));
            Thread.sleep(ROUND);
          }
        });
  }

  private boolean isOrphan(ApprovalRecord approval) {
    return isRelayed(approval) && !leases.lives(node(approval));
  }

  private static String node(ApprovalRecord approval) {
    try {
      return Json.parse(approval.call().context()).path(NODE).asText();
    } catch (IOException _) {
      return "";
    }
  }

  private static void cancel(AgentHub hub, ApprovalRecord orphan) {
    hub.cancel(orphan.id(), "the client has gone");
  }
}
