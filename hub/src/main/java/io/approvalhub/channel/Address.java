package io.approvalhub.channel;

import io.approvalhub.configuration.Configuration;
import io.micronaut.context.BeanProvider;
import io.micronaut.runtime.server.EmbeddedServer;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Optional;

/// Where platforms reach the hub: `hub.public-url`, or its loopback address.
@Singleton
final class Address {

  private final Optional<URI> publicUrl;
  private final BeanProvider<EmbeddedServer> server;

  Address(Configuration configuration, BeanProvider<EmbeddedServer> server) {
    publicUrl = configuration.hub().optionalAddress("public-url");
    this.server = server;
  }

  URI of(String channel) {
    return URI.create(
        publicUrl.map(URI::toString).orElseGet(this::loopback) + "/channels/" + channel);
  }

  private String loopback() {
    return "http://127.0.0.1:" + server.get().getPort();
  }
}
