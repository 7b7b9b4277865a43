package io.approvalhub.kit;

import java.util.Locale;
import java.util.regex.Pattern;

/// Knows secrets by the names people give them: `dbPassword`, `--api-key`, `AWS_SECRET_ACCESS_KEY`.
final class SecretNames {

  /// As they stand in a name that is squashed to letters and digits.
  private static final Pattern SECRET =
      Pattern.compile(
          "passw(?:or)?d|passphrase|passcode|secret(?!ar)|token(?!i[sz])|credential|authori[sz]ation"
              + "|cookie|bearer|apikey|(?:private|access|secret|signing|encryption|master|shared"
              + "|account|ssh)key|connectionstring|pwd$|^(?:auth|pass|pin|otp|jwt)$");

  /// What may follow in the name of something that is run.
  private static final Pattern PROGRAM =
      Pattern.compile(
          "command|cmd|helper|process(?!or)|program|script(?!ion)|exec|alias|hook|handler|provider"
              + "|plugin|module|runner|editor|pager|shell|binary|eval");

  /// What may follow in the name of something that lies beside a secret, such as where it is found.
  private static final Pattern PLACE =
      Pattern.compile(
          "file|path|jar$|dir$|stdin|prompt|less$|fd$|ur[il]$|endpoint|host|server|issuer|name$"
              + "|types?$|modes?$|polic(?:y|ies)$|expir|timeout|ttl$|scopes?$");

  private static final Pattern COUNT =
      Pattern.compile("tokens?(?:count|limit|usage|budget)?$|^(?:max|min|num|total).*tokens?");

  /// Flags that take no secret: the next word is on its own, and may be run.
  private static final Pattern SWITCH =
      Pattern.compile("-{1,2}(?:no|ask|with|without|skip|show|print|disable|prompt|use)-.*");

  /// Cookies that tell a server who calls.
  private static final Pattern SESSION =
      Pattern.compile("sess|sid$|csrf|xsrf|auth(?!or)|jwt|remember");

  private static final Pattern JOINTS = Pattern.compile("[^a-z0-9]+");

  /// More of a name than this says nothing about its end.
  private static final int LONGEST = 100;

  private SecretNames() {}

  /// Whether what has this name is a secret.
  static boolean secret(String name) {
    var squashed = squashed(name);
    var secret = SECRET.matcher(squashed);
    var end = -1;
    while (secret.find()) {
      end = secret.end();
    }
    return end >= 0 && !isOther(squashed.substring(end));
  }

  /// Whether the word after this flag is a secret.
  static boolean secretFlag(String flag) {
    return flag.startsWith("-") && !SWITCH.matcher(flag).matches() && secret(flag);
  }

  /// Whether a number of this name only says how many there are.
  static boolean count(String name) {
    return COUNT.matcher(squashed(name)).find();
  }

  /// Whether it is the name of a header with a scheme and credentials.
  static boolean authorization(String name) {
    return squashed(name).contains("authori");
  }

  /// Whether it is the name of a header with cookies.
  static boolean cookies(String name) {
    return squashed(name).contains("cookie");
  }

  /// Whether a cookie of this name is a secret.
  static boolean secretCookie(String name) {
    var squashed = squashed(name);
    return secret(name) || (SESSION.matcher(squashed).find() && !PROGRAM.matcher(squashed).find());
  }

  private static boolean isOther(String rest) {
    return PROGRAM.matcher(rest).find() || PLACE.matcher(rest).find();
  }

  private static String squashed(String name) {
    var end = name.substring(Math.max(0, name.length() - LONGEST));
    return JOINTS.matcher(end.toLowerCase(Locale.ROOT)).replaceAll("");
  }
}
