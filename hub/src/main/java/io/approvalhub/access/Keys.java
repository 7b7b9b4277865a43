package io.approvalhub.access;

import io.approvalhub.configuration.Configuration;
import io.approvalhub.configuration.Section;
import io.approvalhub.database.DataFolder;
import io.approvalhub.plugin.InvalidSettingException;
import io.approvalhub.plugin.Settings;
import io.micronaut.context.annotation.Context;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// The keys of `hub.keys`; or, without any, one operator key made at the first start.
///
/// Only hashes are kept, and every one is compared in constant time.
@Context
public final class Keys {

  private static final String HASHED = "sha256:";
  private static final int STRONG = 16;
  private static final String GENERATED = "operator-key";

  private final List<Key> keys = new ArrayList<>();
  private final boolean generated;
  private final DataFolder data;
  private Optional<String> fresh = Optional.empty();

  Keys(Configuration configuration, DataFolder data) {
    this.data = data;
    var sections = configuration.section("hub").section("keys").sections();
    sections.forEach((name, section) -> add(configured(configuration, name, section)));
    generated = sections.isEmpty();
    if (generated) {
      keys.add(
          new Key(
              ownKey(),
              new Caller("operator", Role.OPERATOR, configuration.defaultAgent(), Optional.empty()),
              false));
    }
  }

  /// Whether nobody configured a key, so that the hub must not be reached from elsewhere.
  public boolean generated() {
    return generated;
  }

  /// The names of keys that could be guessed, as far as the file shows them.
  public List<String> weak() {
    return keys.stream().filter(Key::weak).map(key -> key.caller().key()).toList();
  }

  /// The holder of a key as it was presented.
  public Optional<Caller> holder(String presented) {
    var hash = sha256(presented);
    Optional<Caller> holder = Optional.empty();
    for (var key : keys) {
      if (MessageDigest.isEqual(key.hash(), hash)) {
        holder = Optional.of(key.caller());
      }
    }
    return holder;
  }

  private void add(Key key) {
    for (var other : keys) {
      if (MessageDigest.isEqual(other.hash(), key.hash())) {
        throw new InvalidSettingException(
            "hub.keys.%s.key is the same as hub.keys.%s.key"
                .formatted(key.caller().key(), other.caller().key()));
      }
    }
    keys.add(key);
  }

  private static Key configured(Configuration configuration, String name, Section section) {
    var settings = section.settings();
    var text = settings.text("key");
    var weak = !text.startsWith(HASHED) && text.length() < STRONG;
    var key = new Key(hash(settings, text), caller(configuration, name, settings), weak);
    settings.refuseUnknown();
    return key;
  }

  private static Caller caller(Configuration configuration, String name, Settings settings) {
    var role = settings.choice("role", Role.class);
    return switch (role) {
      case AGENT ->
          new Caller(
              name, role, known(configuration, settings, "agent", "agents"), Optional.empty());
      case OPERATOR ->
          new Caller(
              name, role, Optional.empty(), known(configuration, settings, "person", "people"));
      case OBSERVER -> new Caller(name, role, Optional.empty(), Optional.empty());
    };
  }

  private static Optional<String> known(
      Configuration configuration, Settings settings, String key, String section) {
    var name = settings.text(key);
    if (!configuration.section(section).sections().containsKey(name)) {
      throw settings.invalid(key, "is '%s', which is not in %s".formatted(name, section));
    }
    return Optional.of(name);
  }

  private static byte[] hash(Settings settings, String key) {
    if (!key.startsWith(HASHED)) {
      return sha256(key);
    }
    try {
      var hash = HexFormat.of().parseHex(key.substring(HASHED.length()));
      if (hash.length == 32) {
        return hash;
      }
    } catch (IllegalArgumentException _) {
      // falls through to the same complaint
    }
    throw settings.invalid("key", "must be a key, or sha256: and the 64 hex digits of its hash");
  }

  /// Tells the key that was made for this start, and keeps it: a start that failed before uses none
  /// up. Called once the hub can be called.
  public void announce() {
    fresh.ifPresent(key -> keep(key, data));
    fresh = Optional.empty();
  }

  /// Makes another key for a hub without configured ones, which counts from its next start.
  public static void renew(DataFolder data) {
    keep(random(), data);
  }

  private byte[] ownKey() {
    var kept = data.read(GENERATED);
    if (kept.isPresent()) {
      return HexFormat.of().parseHex(kept.get());
    }
    var key = random();
    fresh = Optional.of(key);
    return sha256(key);
  }

  private static void keep(String key, DataFolder data) {
    data.write(GENERATED, HexFormat.of().formatHex(sha256(key)));
    System.out.println("Operator key (shown this once): " + key);
  }

  private static String random() {
    var random = new byte[24];
    new SecureRandom().nextBytes(random);
    return "ahk_" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private record Key(byte[] hash, Caller caller, boolean weak) {}
}
