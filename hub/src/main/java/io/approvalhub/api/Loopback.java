package io.approvalhub.api;

import io.approvalhub.access.Keys;
import io.approvalhub.configuration.Configuration;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.server.HttpServerConfiguration;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides where the hub listens: where `hub.listen` or `micronaut.server.host` says, and without
/// them everywhere, but on this machine only while its keys are weak. Without configured keys
/// nobody else reaches it whatever the file says.
@Context
final class Loopback implements BeanCreatedEventListener<HttpServerConfiguration> {

  private static final Logger LOG = LoggerFactory.getLogger(Loopback.class);
  private static final String LOOPBACK = "127.0.0.1";

  private final Keys keys;
  private final Optional<String> listen;

  Loopback(Keys keys, Configuration configuration) {
    this.keys = keys;
    listen = configuration.hub().optional("listen");
  }

  @Override
  public HttpServerConfiguration onCreated(BeanCreatedEvent<HttpServerConfiguration> event) {
    var server = event.getBean();
    listen.ifPresent(server::setHost);
    if (keys.generated()) {
      LOG.warn("listens on this machine only because=hub.keys is empty");
      server.setHost(LOOPBACK);
    } else if (server.getHost().isEmpty() && !keys.weak().isEmpty()) {
      LOG.warn(
          "listens on this machine only because=keys of fewer than 16 characters keys={} next=set"
              + " longer ones, or hub.listen",
          String.join(",", keys.weak()));
      server.setHost(LOOPBACK);
    }
    warnOfPlainText(server);
    return server;
  }

  private static void warnOfPlainText(HttpServerConfiguration server) {
    var host = server.getHost().orElse("0.0.0.0");
    if (!isLoopback(host) && !server.isDualProtocol()) {
      LOG.warn(
          "other machines reach this hub host={} next=set micronaut.server.ssl, or put TLS in front"
              + " of it",
          host);
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException _) {
      return false;
    }
  }
}
