package io.approvalhub.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Json;
import io.approvalhub.testkit.FakeWhatsApp;
import java.util.Map;

/// The configuration of a hub, as JSON, which is YAML. The key of an agent is its name; `alice`
/// may decide everywhere.
final class HubFile {

  static final String ALICE = "alice";

  static final Map<String, String> IDS =
      Map.of(
          "webhook", "alice@example.com",
          "telegram", "42424242",
          "slack", "U0ALICE",
          "discord", "80351110224678912",
          "whatsapp", FakeWhatsApp.PERSON);

  private final String database;
  private final ObjectNode keys = Json.object();
  private final ObjectNode agents = Json.object();
  private final ObjectNode channels = Json.object();

  /// @param database what stands under `hub` about it
  HubFile(String database) {
    this.database = database;
    keys.putObject(ALICE).put("key", ALICE).put("role", "operator").put("person", ALICE);
    keys.putObject("eve").put("key", "eve").put("role", "observer");
  }

  /// An agent that calls the hub and is called back.
  HubFile agent(String name, ToldAgent told) {
    var agent = agents.putObject(name).put("type", "push");
    agent.putArray("callbacks").add(told.address().toString());
    agent.put("callback-secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    return key(name);
  }

  /// An agent whose streams are relayed.
  HubFile relayed(String name, String address) {
    agents.putObject(name).put("type", "mistralrs").put("url", address);
    return key(name);
  }

  /// A channel for the approvals of one agent.
  HubFile channel(String name, String plugin, String agent, Map<String, Object> settings) {
    var channel = channels.putObject(name).put("plugin", plugin);
    channel.putArray("approvers").add(ALICE);
    channel.putArray("agents").add(agent);
    var object = channel.putObject("settings");
    settings.forEach((key, value) -> object.put(key, value.toString()));
    return this;
  }

  private HubFile key(String agent) {
    keys.putObject(agent).put("key", agent).put("role", "agent").put("agent", agent);
    return this;
  }

  String text() {
    var alice = Json.object();
    IDS.forEach(alice::put);
    return "hub:\n  keys: %s\n%speople: {alice: %s}\nagents: %s\nchannels: %s\n"
        .formatted(
            Json.text(keys), database, Json.text(alice), Json.text(agents), Json.text(channels));
  }
}
