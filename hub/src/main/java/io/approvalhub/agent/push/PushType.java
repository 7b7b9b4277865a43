package io.approvalhub.agent.push;

import io.approvalhub.agent.Agent;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.AgentType;
import io.approvalhub.agent.relay.RawPath;
import io.approvalhub.kit.StandardWebhook;
import io.approvalhub.plugin.Settings;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;

/// `push`: whatever calls `POST /v2/approvals` itself. Settings `callbacks`, the addresses under
/// which it may ask to be called, and `callback-secret`, which these calls are signed with.
@Singleton
final class PushType implements AgentType {

  @Override
  public String type() {
    return "push";
  }

  @Override
  public Agent open(Settings settings, AgentHub hub) {
    var callbacks =
        settings.list("callbacks").stream().map(text -> address(settings, text)).toList();
    var secret = settings.optional("callback-secret");
    if (secret.isEmpty() && !callbacks.isEmpty()) {
      throw settings.invalid("callback-secret", "is required with callbacks");
    }
    var key = secret.map(text -> key(settings, text)).orElseGet(() -> new byte[0]);
    return new PushAgent(callbacks, key, hub.clock());
  }

  private static URI address(Settings settings, String text) {
    var address = URI.create(text);
    if (address.getScheme() == null || address.getHost() == null) {
      throw settings.invalid(
          "callbacks", "holds '" + text + "', which is not an http or https address");
    }
    return address;
  }

  private static byte[] key(Settings settings, String secret) {
    return StandardWebhook.key(secret)
        .orElseThrow(
            () ->
                settings.invalid(
                    "callback-secret", "must be whsec_ and at least 24 bytes in base64"));
  }

  /// Whether an address is one of the allowed, or below one: segment by segment, so that a name
  /// which only begins alike is another, and a path that could be read in two ways is none.
  static boolean under(List<URI> allowed, URI address) {
    return allowed.stream().anyMatch(prefix -> under(prefix, address));
  }

  private static boolean under(URI prefix, URI address) {
    return prefix.getScheme().equalsIgnoreCase(address.getScheme())
        && prefix.getHost().equalsIgnoreCase(address.getHost())
        && port(prefix) == port(address)
        && address.getRawUserInfo() == null
        && isBelow(path(prefix), path(address));
  }

  private static boolean isBelow(RawPath prefix, RawPath path) {
    return path.isPlain() && path.startsWith(prefix);
  }

  private static RawPath path(URI address) {
    var path = address.getRawPath();
    return RawPath.of(path == null || path.isEmpty() ? "/" : path);
  }

  private static int port(URI address) {
    if (address.getPort() >= 0) {
      return address.getPort();
    }
    return address.getScheme().equalsIgnoreCase("https") ? 443 : 80;
  }
}
