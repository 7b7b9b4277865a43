package io.approvalhub.delivery;

import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.RefusedException;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Messages that this node posted while it was out of touch and others posted in its place. They
/// are updated for as long as the node runs, or the approval changes.
final class Strays {

  private static final Logger LOG = LoggerFactory.getLogger(Strays.class);

  private final Recipient recipient;
  private final Deliveries deliveries;
  private final Map<MessageRef, Delivery> strays = new ConcurrentHashMap<>();

  Strays(Recipient recipient, Deliveries deliveries) {
    this.recipient = recipient;
    this.deliveries = deliveries;
  }

  void add(Delivery delivery, MessageRef message) {
    LOG.warn(
        "posted twice approval={} target={} because=this node was out of touch",
        delivery.approval().id(),
        delivery.target());
    strays.put(message, delivery.with(message));
  }

  /// Brings up those that are behind.
  void update() {
    strays.forEach(this::update);
  }

  private void update(MessageRef message, Delivery stray) {
    var now = deliveries.refreshed(stray);
    if (now.approval().version() == stray.approval().version()) {
      return;
    }
    try {
      var unused = recipient.bringUp(now);
      strays.put(message, now);
    } catch (RefusedException _) {
      strays.remove(message);
    } catch (IOException e) {
      LOG.debug("stray not updated", e);
    }
    if (!now.approval().pending() && now.approval().delivered() != DeliveryStatus.WAITING) {
      strays.remove(message);
    }
  }
}
