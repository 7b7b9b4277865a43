package io.approvalhub.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.approvalhub.TestHub;
import io.approvalhub.connection.Contact.Condition;
import io.approvalhub.connection.Contacts;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RehearsalTest {

  private final AtomicReference<ApplicationContext> hub = new AtomicReference<>();

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"hook", "telegram", "slack", "discord", "whatsapp"})
  void everyPlatformTakesPart(String channel) throws IOException {
    try (var rehearsal = new Rehearsal(folder, this::start)) {
      rehearsal.play(2);
      var contact = hub.get().getBean(Contacts.class).of("channel:" + channel);
      await().until(() -> contact.state().condition() == Condition.WORKING);
      assertThat(contact.state().lastTrouble()).isEmpty();
    }
  }

  private ApplicationContext start(Path config) {
    hub.set(TestHub.start(config));
    return hub.get();
  }
}
