package io.approvalhub.kit;

import io.approvalhub.plugin.InvalidSettingException;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The proxies between the hub and what it calls.
///
/// The hub makes those of its environment the JDK's default, which the JDK's HTTP client and OkHttp
/// ask by themselves. A library that does not is told with [#to].
public final class Proxies {

  private static final int DEFAULT_PORT = 80;

  private Proxies() {}

  /// The proxies that the environment names, in capitals or small letters: `HTTPS_PROXY` for https,
  /// `HTTP_PROXY` for plain http, `NO_PROXY` for what is called directly. That is a list of names,
  /// each of which covers what ends with it too, of addresses, and of networks such as
  /// `10.0.0.0/8`; `*` covers everything. The loopback is always called directly.
  ///
  /// @param otherwise asked where the environment names no proxy
  /// @throws InvalidSettingException for a proxy that could not be used
  public static ProxySelector of(Map<String, String> environment, ProxySelector otherwise) {
    return new Environment(
        proxy(environment, "HTTPS_PROXY"),
        proxy(environment, "HTTP_PROXY"),
        direct(environment),
        otherwise);
  }

  /// The proxy to an address, whose scheme may be of a web socket; empty where there is none.
  public static Optional<InetSocketAddress> to(URI address) {
    return ProxySelector.getDefault().select(http(address)).stream()
        .filter(proxy -> proxy.type() == Proxy.Type.HTTP)
        .map(proxy -> (InetSocketAddress) proxy.address())
        .findFirst();
  }

  private static URI http(URI address) {
    return switch (address.getScheme()) {
      case "wss", "ws" -> URI.create("http" + address.toString().substring(2));
      default -> address;
    };
  }

  private static List<String> direct(Map<String, String> environment) {
    return value(environment, "NO_PROXY").stream()
        .flatMap(text -> Stream.of(text.toLowerCase(Locale.ROOT).split("[,\\s]+", -1)))
        .filter(entry -> !entry.isEmpty())
        .toList();
  }

  private static Optional<Proxy> proxy(Map<String, String> environment, String name) {
    return value(environment, name)
        .map(text -> text.contains("://") ? text : "http://" + text)
        .map(text -> new Proxy(Proxy.Type.HTTP, address(name, text)));
  }

  /// Its text is not quoted, since it may hold a password.
  private static InetSocketAddress address(String name, String text) {
    try {
      var uri = new URI(text);
      if (uri.getRawUserInfo() != null) {
        throw new InvalidSettingException(
            name + " holds a name and a password, which the hub cannot use; name a proxy without");
      }
      if ("http".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null) {
        var port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        return InetSocketAddress.createUnresolved(uri.getHost(), port);
      }
    } catch (URISyntaxException _) {
      // falls through to the same complaint
    }
    throw new InvalidSettingException(
        name + " must be the http address of a proxy, such as http://proxy.example.com:3128");
  }

  private static Optional<String> value(Map<String, String> environment, String name) {
    return Stream.of(name.toLowerCase(Locale.ROOT), name)
        .flatMap(key -> Optional.ofNullable(environment.get(key)).stream())
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .findFirst();
  }

  private static final class Environment extends ProxySelector {

    private final Optional<Proxy> https;
    private final Optional<Proxy> http;
    private final List<String> direct;
    private final ProxySelector otherwise;

    Environment(
        Optional<Proxy> https, Optional<Proxy> http, List<String> direct, ProxySelector otherwise) {
      this.https = https;
      this.http = http;
      this.direct = direct;
      this.otherwise = otherwise;
    }

    @Override
    public List<Proxy> select(URI uri) {
      var host = host(uri);
      if (isLoopback(host) || direct.stream().anyMatch(entry -> covers(entry, host, port(uri)))) {
        return List.of(Proxy.NO_PROXY);
      }
      return ("https".equalsIgnoreCase(uri.getScheme()) ? https : http)
          .map(List::of)
          .orElseGet(() -> otherwise.select(uri));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress proxy, IOException problem) {
      // who called is told, and calls again
    }

    private static String host(URI uri) {
      var host = Optional.ofNullable(uri.getHost()).orElse("").toLowerCase(Locale.ROOT);
      return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static int port(URI uri) {
      if (uri.getPort() >= 0) {
        return uri.getPort();
      }
      return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    }

    private static boolean isLoopback(String host) {
      return host.equals("localhost")
          || host.endsWith(".localhost")
          || literal(host).filter(InetAddress::isLoopbackAddress).isPresent();
    }

    private static boolean covers(String entry, String host, int port) {
      if (entry.equals("*")) {
        return true;
      }
      if (entry.contains("/")) {
        return literal(host).filter(address -> contains(entry, address)).isPresent();
      }
      if (literal(entry).isPresent()) {
        return literal(entry).equals(literal(host));
      }
      var colon = entry.lastIndexOf(':');
      if (colon >= 0) {
        return entry.substring(colon + 1).equals(String.valueOf(port))
            && covers(entry.substring(0, colon), host, port);
      }
      var name = entry.startsWith("*.") ? entry.substring(2) : entry;
      var bare = name.startsWith(".") ? name.substring(1) : name;
      return host.equals(bare) || host.endsWith("." + bare);
    }

    private static boolean contains(String network, InetAddress address) {
      var slash = network.indexOf('/');
      var bits = network.substring(slash + 1);
      return bits.matches("\\d{1,3}")
          && literal(network.substring(0, slash))
              .filter(start -> samePrefix(start.getAddress(), address.getAddress(), bits))
              .isPresent();
    }

    private static boolean samePrefix(byte[] one, byte[] other, String bits) {
      var rest = Math.max(0, one.length * Byte.SIZE - Integer.parseInt(bits));
      return one.length == other.length
          && new BigInteger(1, one)
              .shiftRight(rest)
              .equals(new BigInteger(1, other).shiftRight(rest));
    }

    /// An address that is written as one: no name is looked up.
    private static Optional<InetAddress> literal(String text) {
      try {
        return Optional.of(InetAddress.ofLiteral(text));
      } catch (IllegalArgumentException _) {
        return Optional.empty();
      }
    }
  }
}
