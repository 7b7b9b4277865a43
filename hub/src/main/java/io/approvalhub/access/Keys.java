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
  private static final String GENERATED = "operator-key";

  private final List<Key> keys = new ArrayList<>();
  private final boolean generated;

  Keys(Configuration configuration, DataFolder data) {
    var sections = configuration.section("hub").section("keys").sections();
    sections.forEach((name, section) -> add(configured(configuration, name, section)));
    generated = sections.isEmpty();
    if (generated) {
      keys.add(
          new Key(
              generated(data),
              new Caller("operator", Role.OPERATOR, Optional.empty(), Optional.empty())));
    }
  }

  /// Whether nobody configured a key, so that the hub must not be reached from elsewhere.
  public boolean generated() {
    return generated;
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
    var key = new Key(hash(settings, settings.text("key")), caller(configuration, name, settings));
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

  private static byte[] generated(DataFolder data) {
    return HexFormat.of().parseHex(data.read(GENERATED).orElseGet(() -> generate(data)));
  }

  private static String generate(DataFolder data) {
    var random = new byte[24];
    new SecureRandom().nextBytes(random);
    var key = "ahk_" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    var hash = HexFormat.of().formatHex(sha256(key));
    data.write(GENERATED, hash);
    System.out.println("Operator key (shown this once): " + key);
    return hash;
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private record Key(byte[] hash, Caller caller) {}
}
