package io.approvalhub.connection;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/// The contact with every channel and agent.
@Singleton
public final class Contacts {

  private final InstantSource clock;
  private final MeterRegistry meters;
  private final Map<String, Contact> contacts = new ConcurrentSkipListMap<>();

  Contacts(InstantSource clock, MeterRegistry meters) {
    this.clock = clock;
    this.meters = meters;
  }

  /// The contact of this name, such as `channel:ops`.
  public Contact of(String name) {
    return contacts.computeIfAbsent(name, this::make);
  }

  Collection<Contact> all() {
    return contacts.values();
  }

  private Contact make(String name) {
    var contact = new Contact(name, clock);
    Gauge.builder("approvalhub.working", contact, Contacts::working)
        .description(
            "1 while the channel or agent works or is untried, 0 in trouble, -1 when stopped")
        .tag("target", name)
        .register(meters);
    return contact;
  }

  private static double working(Contact contact) {
    return switch (contact.state().condition()) {
      case UNTRIED, WORKING -> 1;
      case TROUBLED -> 0;
      case STOPPED -> -1;
    };
  }
}
