package io.approvalhub.demo;

import java.security.SecureRandom;
import java.util.Base64;

/// Keys for this run only.
final class Secrets {

  private static final SecureRandom RANDOM = new SecureRandom();

  private Secrets() {}

  /// 24 bytes in base64.
  static String random() {
    var bytes = new byte[24];
    RANDOM.nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }
}
