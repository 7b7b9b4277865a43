package io.approvalhub.api;

import io.approvalhub.access.Keys;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.server.HttpServerConfiguration;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a hub without configured keys from being reached by others.
@Singleton
final class Loopback implements BeanCreatedEventListener<HttpServerConfiguration> {

  private static final Logger LOG = LoggerFactory.getLogger(Loopback.class);

  private final Keys keys;

  Loopback(Keys keys) {
    this.keys = keys;
  }

  @Override
  public HttpServerConfiguration onCreated(BeanCreatedEvent<HttpServerConfiguration> event) {
    var configuration = event.getBean();
    if (keys.generated()) {
      LOG.warn("listens on 127.0.0.1 only because=hub.keys is empty");
      configuration.setHost("127.0.0.1");
    }
    return configuration;
  }
}
