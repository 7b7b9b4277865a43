package io.approvalhub.agent.agentflow;

import io.approvalhub.agent.relay.ApprovalEvents;
import io.approvalhub.plugin.Settings;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The settings of an agent of type `agentflow`.
///
/// @param user whom calls are made for, unless a person decided who has an id of their own
/// @param pendingPath where approvals are listed
/// @param respondPath where they are answered, with `{id}` for the approval's
/// @param cancelPath where they are withdrawn; empty to look it up in the instance's description
record AgentFlowSettings(
    URI url,
    Generation generation,
    Optional<String> key,
    Optional<Grant> grant,
    Optional<String> tenant,
    Optional<String> user,
    int pageSize,
    ApprovalEvents approvalEvents,
    String pendingPath,
    String respondPath,
    Optional<String> cancelPath) {

  static AgentFlowSettings from(Settings settings) {
    var generation = settings.choice("generation", Generation.B);
    var grant = grant(settings);
    return new AgentFlowSettings(
        settings.address("url"),
        generation,
        key(settings, grant),
        grant,
        needed(settings, "tenant", grant),
        needed(settings, "user", grant),
        settings.number("page-size", 20, 1, 500),
        settings.choice("approval-events", ApprovalEvents.WITHHELD),
        path(settings, "pending-path", generation.pendingPath()),
        withId(settings, "respond-path", generation.respondPath()),
        settings.optional("cancel-path").map(path -> withId(settings, "cancel-path", path)));
  }

  private static Optional<String> key(Settings settings, Optional<Grant> grant) {
    var key = settings.optional("api-key");
    if (key.isPresent() && grant.isPresent()) {
      throw settings.invalid("api-key", "and token-url exclude each other");
    }
    return key;
  }

  private static Optional<Grant> grant(Settings settings) {
    var url = settings.optionalAddress("token-url");
    var id = settings.optional("client-id");
    var secret = settings.optional("client-secret");
    var audience = settings.optional("audience");
    if (url.isEmpty()) {
      if (id.isPresent() || secret.isPresent() || audience.isPresent()) {
        throw settings.invalid("token-url", "is required with client-id, client-secret, audience");
      }
      return Optional.empty();
    }
    return Optional.of(
        new Grant(url.get(), settings.text("client-id"), settings.text("client-secret"), audience));
  }

  /// AgentFlow refuses a machine's token without a tenant and an acting user.
  private static Optional<String> needed(Settings settings, String key, Optional<Grant> grant) {
    var value = settings.optional(key);
    if (value.isEmpty() && grant.isPresent()) {
      throw settings.invalid(key, "is required with token-url");
    }
    return value;
  }

  private static String withId(Settings settings, String key, String otherwise) {
    var path = path(settings, key, otherwise);
    if (!path.contains("{id}")) {
      throw settings.invalid(key, "must hold {id}, such as /api/v1/approvals/{id}/respond");
    }
    return path;
  }

  private static String path(Settings settings, String key, String otherwise) {
    var path = settings.text(key, otherwise);
    if (!path.matches("/[\\w./{}-]*")) {
      throw settings.invalid(key, "must be a path such as /api/v1/approvals/pending");
    }
    return path;
  }

  @Override
  public String toString() {
    return "AgentFlowSettings[" + url + "]";
  }

  /// How a machine gets its token.
  record Grant(URI url, String id, String secret, Optional<String> audience) {

    Map<String, String> fields() {
      var fields = new TreeMap<String, String>();
      fields.put("grant_type", "client_credentials");
      fields.put("client_id", id);
      fields.put("client_secret", secret);
      audience.ifPresent(value -> fields.put("audience", value));
      return fields;
    }

    @Override
    public String toString() {
      return "Grant[" + url + "]";
    }
  }
}
