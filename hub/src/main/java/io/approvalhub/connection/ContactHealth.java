package io.approvalhub.connection;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.reactivestreams.Publisher;

/// Shows the contact with every channel and agent in `/health`. The trouble of one is its own: it
/// is a detail, an alarm in the metrics, and not the hub's end.
@Singleton
final class ContactHealth implements HealthIndicator {

  private final Contacts contacts;

  ContactHealth(Contacts contacts) {
    this.contacts = contacts;
  }

  @Override
  public Publisher<HealthResult> getResult() {
    var details = new LinkedHashMap<String, Object>();
    contacts.all().forEach(contact -> details.put(contact.name(), details(contact.state())));
    return Publishers.just(
        HealthResult.builder("contacts", HealthStatus.UP).details(details).build());
  }

  private static Map<String, Object> details(Contact.State state) {
    var details = new LinkedHashMap<String, Object>();
    details.put("condition", state.condition().name().toLowerCase(Locale.ROOT));
    details.put("since", state.since().toString());
    state.lastGood().ifPresent(at -> details.put("last_good", at.toString()));
    state
        .lastTrouble()
        .ifPresent(
            trouble -> {
              details.put("last_trouble", trouble.what());
              details.put("last_trouble_at", trouble.at().toString());
            });
    return details;
  }
}
