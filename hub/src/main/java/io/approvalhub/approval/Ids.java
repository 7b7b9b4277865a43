package io.approvalhub.approval;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;

/// Makes ids and tokens.
public final class Ids {

  private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int LENGTH = 26;
  private static final int RANDOM_BITS = 80;

  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private BigInteger last = BigInteger.ZERO;

  public Ids(InstantSource clock) {
    this.clock = clock;
  }

  /// A new id: 26 characters of `[0-9a-z]` (a ULID in lower case), greater than every one made here
  /// before.
  synchronized String next() {
    var time = BigInteger.valueOf(clock.millis()).shiftLeft(RANDOM_BITS);
    var fresh = time.or(new BigInteger(RANDOM_BITS - 1, random));
    last = fresh.compareTo(last) > 0 ? fresh : last.add(BigInteger.ONE);
    return text(last);
  }

  /// A token not to be guessed: 128 random bits in 22 characters of `[A-Za-z0-9_-]`.
  public String token() {
    var bytes = new byte[16];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String text(BigInteger number) {
    var text = new StringBuilder(LENGTH);
    for (var digit = LENGTH - 1; digit >= 0; digit--) {
      text.append(DIGITS.charAt(number.shiftRight(digit * 5).intValue() & 31));
    }
    return text.toString();
  }
}
