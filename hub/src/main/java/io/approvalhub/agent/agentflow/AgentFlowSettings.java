package io.approvalhub.agent.agentflow;

import io.approvalhub.agent.relay.ApprovalEvents;
import io.approvalhub.agent.relay.OpenCalls;
import io.approvalhub.plugin.Settings;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The settings of an agent of type `agentflow`.
///
/// @param open its documents name no call that starts a run, so `pass` must open that
record AgentFlowSettings(
    URI url,
    Generation generation,
    Credentials credentials,
    Approvals approvals,
    ApprovalEvents approvalEvents,
    OpenCalls open) {

  static AgentFlowSettings from(Settings settings) {
    var generation = settings.choice("generation", Generation.B);
    var grant = grant(settings);
    return new AgentFlowSettings(
        settings.address("url"),
        generation,
        new Credentials(
            key(settings, grant),
            grant,
            needed(settings, "tenant", grant),
            needed(settings, "user", grant)),
        approvals(settings, generation),
        settings.choice("approval-events", ApprovalEvents.WITHHELD),
        OpenCalls.of(settings, "GET /health", "GET /ready", "GET /openapi.json"));
  }

  private static Approvals approvals(Settings settings, Generation generation) {
    return new Approvals(
        settings.number("page-size", 20, 1, 500),
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

  /// Who the hub is to AgentFlow: a key, or a grant with a tenant and a user.
  ///
  /// @param user whom calls are made for, unless a person decided who has an id of their own
  record Credentials(
      Optional<String> key, Optional<Grant> grant, Optional<String> tenant, Optional<String> user) {

    @Override
    public String toString() {
      return "Credentials[]";
    }
  }

  /// Where approvals are.
  ///
  /// @param pendingPath where they are listed
  /// @param respondPath where they are answered, with `{id}` for the approval's
  /// @param cancelPath where they are withdrawn; empty to look it up in the instance's description
  record Approvals(
      int pageSize, String pendingPath, String respondPath, Optional<String> cancelPath) {}

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
