package io.approvalhub.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Person;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/// One server with one channel, a bot, and what people do there, as Discord puts it in JSON.
final class DiscordWorld {

  static final String APPLICATION = "1100000000000000001";
  static final String SERVER = "1100000000000000002";
  static final String CHANNEL = "1100000000000000003";
  static final String THREAD = "1100000000000000004";
  static final String FORUM = "1100000000000000005";

  private static final int PRESSED = 3;
  private static final int SUBMITTED = 5;
  private static final long EPOCH = 1_420_070_400_000L;
  private static final String SINCE = "2025-01-01T00:00:00.000000+00:00";
  private static final AtomicInteger COUNTER = new AtomicInteger();

  private DiscordWorld() {}

  /// An id of now.
  static String snowflake() {
    var count = COUNTER.incrementAndGet() & 0x3FFFFF;
    return String.valueOf((System.currentTimeMillis() - EPOCH) << 22 | count);
  }

  /// The events that greet a bot, without its session.
  static List<ObjectNode> welcome() {
    var ready = Json.object().put("v", 10);
    ready.set("user", bot());
    ready.putArray("private_channels");
    ready.putArray("guilds").addObject().put("id", SERVER).put("unavailable", true);
    ready.putObject("application").put("id", APPLICATION).put("flags", 0);
    return List.of(event("READY", ready), event("GUILD_CREATE", server()));
  }

  static ObjectNode bot() {
    return user(APPLICATION, "approvals", "Approvals")
        .put("bot", true)
        .put("verified", true)
        .put("mfa_enabled", false);
  }

  static ObjectNode application(String endpoint) {
    var application = Json.object().put("id", APPLICATION).put("name", "Approvals");
    return application.put("interactions_endpoint_url", endpoint.isEmpty() ? null : endpoint);
  }

  /// A channel for direct messages, as the API shows it.
  static ObjectNode directMessages(String id, Person person) {
    var channel = Json.object().put("id", id).put("type", 1);
    channel.putArray("recipients").add(user(person.id(), "someone", person.name()));
    return channel;
  }

  /// A person pressed a button.
  static ObjectNode press(DiscordPost post, String customId, Person person) {
    var press = interaction(PRESSED, post, person);
    press.putObject("data").put("component_type", 2).put("custom_id", customId);
    return press;
  }

  /// A person filled in a dialog.
  static ObjectNode submit(DiscordPost post, JsonNode dialog, String text, Person person) {
    var submit = interaction(SUBMITTED, post, person);
    var data = submit.putObject("data").put("custom_id", dialog.path("custom_id").asText());
    var input = dialog.path("components").path(0).path("component");
    data.putArray("components")
        .addObject()
        .put("type", 18)
        .put("id", 1)
        .putObject("component")
        .put("type", 4)
        .put("id", 2)
        .put("custom_id", input.path("custom_id").asText())
        .put("value", text);
    return submit;
  }

  static ObjectNode ping() {
    return Json.object()
        .put("id", snowflake())
        .put("application_id", APPLICATION)
        .put("type", 1)
        .put("version", 1);
  }

  private static ObjectNode interaction(int type, DiscordPost post, Person person) {
    var interaction =
        Json.object()
            .put("id", snowflake())
            .put("application_id", APPLICATION)
            .put("type", type)
            .put("token", "aW50ZXJhY3Rpb246" + UUID.randomUUID())
            .put("version", 1)
            .put("channel_id", post.channel())
            .put("locale", "en-GB");
    interaction.set("message", post.json());
    interaction.putArray("entitlements");
    if (inServer(post.channel())) {
      inServer(interaction, post.channel(), person);
    } else {
      inDirectMessages(interaction, post.channel(), person);
    }
    return interaction;
  }

  /// Whether this is the channel of the server, or its thread.
  static boolean inServer(String channel) {
    return channel.equals(CHANNEL) || channel.equals(THREAD);
  }

  /// A thread in the channel, as the API shows it.
  static ObjectNode thread(boolean archived, boolean locked) {
    var thread = channel().put("id", THREAD).put("type", 11).put("parent_id", CHANNEL);
    thread
        .putObject("thread_metadata")
        .put("archived", archived)
        .put("auto_archive_duration", 1_440)
        .put("archive_timestamp", now())
        .put("locked", locked);
    return thread;
  }

  private static void inServer(ObjectNode interaction, String channel, Person person) {
    interaction.put("guild_id", SERVER).put("guild_locale", "en-US").put("context", 0);
    interaction.put("app_permissions", "52224");
    interaction.putObject("guild").put("id", SERVER).put("locale", "en-US").putArray("features");
    interaction.putObject("authorizing_integration_owners").put("0", SERVER);
    interaction.set("channel", channel.equals(THREAD) ? thread(false, false) : channel());
    interaction.set("member", member(user(person)).put("permissions", "3072"));
  }

  private static void inDirectMessages(ObjectNode interaction, String channel, Person person) {
    interaction.put("context", 1);
    interaction.putObject("authorizing_integration_owners").put("0", "0");
    interaction.set("channel", directMessages(channel, person));
    interaction.set("user", user(person));
  }

  private static ObjectNode server() {
    var server =
        Json.object()
            .put("id", SERVER)
            .put("name", "Ops")
            .put("owner_id", "1100000000000000009")
            .put("member_count", 1)
            .put("afk_timeout", 300)
            .put("premium_progress_bar_enabled", false);
    server.putArray("roles").add(everyone());
    server.putArray("channels").add(channel());
    server.putArray("members").add(member(bot()));
    for (var none : List.of("threads", "emojis", "voice_states", "guild_scheduled_events")) {
      server.putArray(none);
    }
    return server;
  }

  private static ObjectNode everyone() {
    var role =
        Json.object()
            .put("id", SERVER)
            .put("name", "@everyone")
            .put("position", 0)
            .put("permissions", "52224")
            .put("managed", false)
            .put("hoist", false)
            .put("mentionable", false);
    role.putObject("colors").put("primary_color", 0).putNull("secondary_color");
    role.withObject("/colors").putNull("tertiary_color");
    return role;
  }

  private static ObjectNode channel() {
    var channel =
        Json.object()
            .put("id", CHANNEL)
            .put("guild_id", SERVER)
            .put("type", 0)
            .put("name", "approvals")
            .put("position", 0)
            .put("nsfw", false)
            .put("permissions", "3072");
    channel.putArray("permission_overwrites");
    return channel;
  }

  private static ObjectNode member(ObjectNode user) {
    var member = Json.object().put("joined_at", SINCE).put("deaf", false).put("mute", false);
    member.set("user", user);
    member.putArray("roles");
    return member;
  }

  private static ObjectNode user(Person person) {
    return user(person.id(), person.name().toLowerCase(Locale.ROOT), person.name());
  }

  private static ObjectNode user(String id, String name, String shown) {
    return Json.object()
        .put("id", id)
        .put("username", name)
        .put("global_name", shown)
        .put("discriminator", "0")
        .putNull("avatar")
        .put("public_flags", 0);
  }

  private static ObjectNode event(String type, ObjectNode data) {
    return Json.object().put("t", type).set("d", data);
  }

  static String now() {
    return Instant.now().toString();
  }
}
