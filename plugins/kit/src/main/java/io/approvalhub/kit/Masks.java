package io.approvalhub.kit;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Masks over the secrets in a text that may be run: a command, a script, a URL, headers.
///
/// A mask covers a word that stands where a name says that a secret follows, or that has the form
/// of a key. It covers inert characters only, those that mean nothing but themselves to shells,
/// templates and languages: where a secret holds another one, it is shown from there on. A word
/// behind a name is left alone where it would be run, since whoever wants to hide a command calls
/// it a secret. A word that has the form of a key is taken for one wherever it stands.
///
/// Each pattern looks at a bounded stretch from each place, or at none twice, so that a text takes
/// time in proportion to its length.
final class Masks {

  private static final String QUOTE = "(?:\\\\{0,3}+[\"'])";

  /// Languages put letters before some quotes: `r'abc'`.
  private static final String STRING = "(?:[rbfuRBFU$@]{0,2}+\\\\{0,3}+[\"'])";

  private static final String TYPE = "(?:string|str|&str|String|any)";
  private static final String BLANKS = "[ \\t]{1,9}+";
  private static final String MAYBE_BLANKS = "[ \\t]{0,9}+";

  /// A name and what leads to its value. What it begins with tells a variable from a plain name.
  private static final Pattern NAMED =
      Pattern.compile(
          "(?:(?<variable>\\$(?:\\w{1,20}+:)?|[$%!][{(]|[%!])|(?<![\\w.$%!-]))"
              + "(?<name>[\\w.-]++)"
              + ("(?:(?<sign>" + MAYBE_BLANKS + ":" + MAYBE_BLANKS + TYPE + MAYBE_BLANKS)
              + ("=(?![=>])" + MAYBE_BLANKS)
              + ("|" + QUOTE + "?+(?:=(?![=>])|" + MAYBE_BLANKS + ":=?+" + MAYBE_BLANKS)
              + ("|" + BLANKS + "=(?![=>])" + MAYBE_BLANKS)
              + ("|" + MAYBE_BLANKS + "=>" + MAYBE_BLANKS + "(?=\\\\{0,3}[\"'])))|" + BLANKS + ")")
              + ("(?<quote>" + STRING + "?+)"));

  /// Behind these a shell begins a word; `[`, `{` and `,` are part of one.
  private static final String BEFORE_FLAG = " \t\n\r\"'`(;|&";

  /// A file or an address, where a secret may be found or sent.
  private static final Pattern PLACE =
      Pattern.compile(
          "\\.{1,2}+/|[a-z][a-z+.-]{0,20}+://"
              + "|/(?:bin|dev|etc|home|lib|mnt|opt|proc|root|run|sbin|tmp|usr|var|Users)/");

  private static final int LONGEST_URL = 1000;

  private static final Pattern CALL = Pattern.compile("[\\w./+=@:-]{0,200}+[(\\[]");
  private static final Pattern NUMBER = Pattern.compile("\\d++(?![\\w./+=@:-])");
  /// What makes the word behind it an assignment, which is no address.
  private static final Pattern ASSIGN =
      Pattern.compile(
          "(?:^|[\\s;&|({,])(?:export|env|set|setx|declare|local|readonly|ENV|ARG|-e|--env|-D"
              + "|--set|--build-arg)[ \\t]{1,9}[\"']?$");

  private static final Pattern SCHEME =
      Pattern.compile(
          "(?i:bearer|basic|token|digest|negotiate|ntlm|api-?key|hawk|oauth|dpop|bot|key)"
              + BLANKS);
  private static final Pattern NEXT = Pattern.compile(BLANKS);
  private static final Pattern COOKIE =
      Pattern.compile("(?:;" + MAYBE_BLANKS + ")?([\\w.-]{1,60}+)=");

  /// Keys and tokens that say themselves what they are.
  private static final List<Form> FORMS =
      List.of(
          form("hooks\\.slack\\.com/\\w{1,20}/([\\w/-]++)", "slack.com/"),
          form("discord(?:app)?\\.com/api/webhooks/([\\w/-]++)", ".com/api/"),
          form("(?<![\\w-])(ey[JI][\\w-]{5,600}+\\.[\\w-]{5,}+(?:\\.[\\w-]*+)?)", "eyJ", "eyI"),
          form("\\b((?:sk-|whsec_|xapp-|github_pat_|glpat-|AIza)[\\w+/=-]{8,})", "-", "_", "AIza"),
          form("\\b((?:npm_|hf_)[A-Za-z0-9]{20,})", "npm_", "hf_"),
          form("\\b((?:[srp]k_(?:live|test)_|xox[a-z]-|gh[a-z]_)[\\w-]{8,})", "-", "_"),
          form("\\b((?:AKIA|ASIA)[A-Z0-9]{12,})", "AKIA", "ASIA"),
          form("(?:\\b|\\bbot)(\\d{6,12}:[\\w-]{30,})", ":"),
          form("(?i:signature|\\bsig)=([\\w+/=-]{16,})", "="));

  /// Credentials behind the word that says how they are used.
  private static final List<Form> CREDENTIALS =
      List.of(
          form("(?<![\\w$])(?i:bearer)" + BLANKS + "([\\w.+/=-]{4,})", " ", "\t"),
          form(
              "(?<![\\w$-])curl(?=[ \\t])[^\\n;|&]{0,400}?[ \\t](?:-u|-U|--user|--proxy-user)"
                  + "[ \\t=]{0,3}[\"']?[^\\s\"':@]{1,80}:(?!\\d{1,9}(?!\\w))([\\w.+=:-]{1,200}+)",
              "curl"),
          form(
              "(?<![\\w$])(?i:basic)" + BLANKS + "(?=[a-z+/]{0,200}+[A-Z0-9=])([\\w+/=-]{8,})",
              " ",
              "\t"));

  /// A password ends with the last `@` before the host; one that is not inert, with the first.
  private static final Pattern PASSWORD_IN_URL =
      Pattern.compile(
          "://[^\\s/@:]{0,200}+:(?:([\\w.+=@:%-]{1,500})@"
              + "|([\\w.+=:%-]{1,500}+)(?=[^\\s/\"'@?#;|<>`]{1,200}+@))");

  /// Between the lines of a key: white space, or how it is written within the quotes of a language.
  private static final String LINE_END =
      "(?:\\s++|\\\\[nr](?:[\"'][ \\t]{0,9}+[+,.]?+\\s{0,99}+[\"'])?+){0,9}+";

  private static final Pattern PEM =
      Pattern.compile(
          "-----BEGIN [A-Z0-9 ]{1,60}-----"
              + ("(?:" + LINE_END + "[A-Z][A-Za-z-]{2,30}+: [\\w ,.:()/-]{1,200}+){0,9}+"));

  private static final Pattern PEM_LINE =
      Pattern.compile(LINE_END + "([A-Za-z0-9+/]++={0,2}+)(?=\\s|\\\\[nr]|[\"']|-----END |$)");

  private final String text;
  private final BitSet hidden = new BitSet();
  private final Commands commands;

  private Masks(String text) {
    this.text = text;
    commands = new Commands(text);
  }

  /// The text with a mask over every secret in it, and everything around them as it is.
  static String masked(String text) {
    return new Masks(text).masked();
  }

  /// The same for a word that stands where a secret is expected, such as after a flag.
  ///
  /// @param isInDoubt whether it may be something else, and is masked only if it is random
  static String word(String word, boolean isInDoubt) {
    var masks = new Masks(word);
    if (!word.startsWith("-") && (!isInDoubt || Commands.isRandom(word, 0))) {
      masks.hideWord(0, word.length());
    }
    return masks.masked();
  }

  /// A mask in the place of a whole value. It says where the value holds what no mask in a text
  /// covers.
  static String whole(String value) {
    return mask(value.codePointCount(0, value.length()), with(value));
  }

  /// A mask in the place of JSON that is more than a text.
  ///
  /// @param texts all that stands in it
  static String whole(String json, String texts) {
    return "[masked: JSON of %d characters%s]".formatted(json.length(), with(texts));
  }

  private String masked() {
    findNamed();
    findForms();
    findPasswordsInUrls();
    findPem();
    return hidden.isEmpty() ? text : shown();
  }

  private void findNamed() {
    var named = NAMED.matcher(text);
    var from = 0;
    while (named.find(from)) {
      from = namesSecret(named) && !runs(named) ? hideValue(named) : named.end();
    }
  }

  private boolean namesSecret(Matcher named) {
    var name = named.group("name");
    var isSecret =
        named.group("sign") == null
            ? (isFlag(named) && !text.startsWith("-", named.end()))
                || (SecretNames.secret(name) && Commands.isRandom(text, named.end()))
            : SecretNames.secret(name);
    return isSecret && !(SecretNames.count(name) && matches(NUMBER, named.end()));
  }

  /// Whether a word is masked only if it is random: it may be run elsewhere, or say what something
  /// is done to, such as `curl -H token: host`.
  private boolean inDoubt(Matcher named) {
    var sign = named.group("sign");
    var name = named.start("name");
    var value = valueStart(named);
    if (Commands.isRandom(text, value)) {
      return false;
    }
    if (commands.readsData() || (sign == null && commands.endsFlags(name))) {
      return true;
    }
    return sign != null
        && ((sign.contains("=") && commands.uses(isVariable(named), named.group("name")))
            || ((isApart(named) || sign.equals(":"))
                && !commands.isQuoted(name)
                && !Commands.isMixed(text, value)
                && !opens(named)));
  }

  private boolean opens(Matcher named) {
    return (!isBare(named) && named.group("sign").contains("="))
        || commands.opens(named.start(), !isBare(named));
  }

  /// Whether the value may be followed by a host, as in `https://token:abc@host`.
  private boolean mayLeadToHost(Matcher named) {
    var start = named.start();
    return named.group("sign") != null
        && !named.group("name").startsWith("-")
        && !isApart(named)
        && !text.startsWith("?", start - 1)
        && !commands.opens(start, false)
        && !ASSIGN.matcher(before(start)).find();
  }

  private static boolean isApart(Matcher named) {
    var sign = named.group("sign");
    return sign == null || sign.endsWith(" ") || sign.endsWith("\t");
  }

  private static boolean isVariable(Matcher named) {
    return named.group("variable") != null && named.group("variable").startsWith("$");
  }

  private static boolean isBare(Matcher named) {
    var quote = named.group("quote");
    return quote.isEmpty() || Character.isLetter(quote.charAt(0));
  }

  private String before(int at) {
    return text.substring(Math.max(0, at - 30), at);
  }

  /// Where the value itself begins: behind the scheme, if there is one.
  private int valueStart(Matcher named) {
    var scheme = at(SCHEME, named.end());
    return SecretNames.authorization(named.group("name")) && scheme.lookingAt()
        ? scheme.end()
        : named.end();
  }

  private boolean isFlag(Matcher named) {
    var start = named.start("name");
    return SecretNames.secretFlag(named.group("name"))
        && (start == 0 || BEFORE_FLAG.indexOf(text.charAt(start - 1)) >= 0);
  }

  /// Whether the value of a name is run, there or where the name is used.
  private boolean runs(Matcher named) {
    var value = named.end();
    var sign = Optional.ofNullable(named.group("sign")).orElse("");
    var variable = Optional.ofNullable(named.group("variable")).orElse("");
    var isBare = isBare(named);
    var isExpansion = sign.contains(":") && !variable.isEmpty();
    return isExpansion
        || (isBare && matches(CALL, value))
        || (sign.contains("=")
            && commands.runAssigned(
                isVariable(named), named.group("name"), named.end("name"), isBare))
        || (!hasScheme(named) && commands.begin(named.start("name"), named.start("quote"), value))
        || inDoubt(named);
  }

  private boolean hasScheme(Matcher named) {
    return SecretNames.authorization(named.group("name")) && matches(SCHEME, named.end());
  }

  /// @return where the value ends
  private int hideValue(Matcher named) {
    var name = named.group("name");
    var value = named.end();
    var to = mayLeadToHost(named) ? hostStart(value) : text.length();
    if (SecretNames.cookies(name)) {
      return hideCookies(value, to);
    }
    return SecretNames.authorization(name) ? hideAuthorization(value, to) : hideWord(value, to);
  }

  /// Where the `@` before the host is, or what is behind too long a word for one.
  private int hostStart(int value) {
    var last = Math.min(text.length(), value + LONGEST_URL);
    var at = value;
    while (at < last && text.charAt(at) != '@' && isUrl(text.charAt(at))) {
      at++;
    }
    return at == last || text.charAt(at) == '@' ? at : text.length();
  }

  private static boolean isUrl(char unit) {
    return unit == '%' || isInert(unit);
  }

  private int hideAuthorization(int value, int to) {
    var scheme = at(SCHEME, value);
    if (scheme.lookingAt()) {
      var credentials = scheme.end();
      return commands.begin(value, credentials, credentials)
          ? credentials
          : hideWord(credentials, to);
    }
    var end = hideWord(value, to);
    var second = at(NEXT, end);
    return second.lookingAt() && Commands.isNone(text, second.end())
        ? hideWord(second.end(), to)
        : end;
  }

  private int hideCookies(int value, int to) {
    var cookie = at(COOKIE, value);
    var end = hideWord(cookie.lookingAt() ? cookie.end() : value, to);
    while (cookie.region(end, text.length()).lookingAt()) {
      var isSecret = SecretNames.secretCookie(cookie.group(1));
      end = isSecret ? hideWord(cookie.end(), to) : inertEnd(cookie.end(), text.length());
    }
    return end;
  }

  private void findForms() {
    for (var form : FORMS) {
      form.find(text).forEach(found -> hide(found.start(1), found.end(1)));
    }
    for (var form : CREDENTIALS) {
      form.find(text)
          .filter(found -> !commands.begin(found.start(), found.start(1), found.start(1)))
          .filter(this::isCredential)
          .forEach(found -> hide(found.start(1), found.end(1)));
    }
  }

  private boolean isCredential(MatchResult found) {
    return Commands.isRandom(text, found.start(1))
        || (!commands.readsData()
            && (commands.isQuoted(found.start())
                || Commands.isMixed(text, found.start(1))
                || commands.opens(found.start(), false)));
  }

  private void findPasswordsInUrls() {
    if (text.contains("://")) {
      var found = PASSWORD_IN_URL.matcher(text);
      while (found.find()) {
        var group = found.start(1) < 0 ? 2 : 1;
        hide(found.start(group), found.end(group));
      }
    }
  }

  private void findPem() {
    if (!text.contains("-----BEGIN ")) {
      return;
    }
    var begin = PEM.matcher(text);
    var from = 0;
    while (begin.find(from)) {
      from = hideLines(begin.end());
    }
  }

  private int hideLines(int from) {
    var line = at(PEM_LINE, from);
    var end = from;
    while (line.region(end, text.length()).lookingAt() && isKey(line.group(1), end > from)) {
      hide(line.start(1), line.end(1));
      end = line.end();
    }
    return end;
  }

  /// Words are shorter, or do not mix digits with capitals.
  private static boolean isKey(String line, boolean isLater) {
    return (line.length() >= 40 || (isLater && (line.length() >= 24 || line.endsWith("="))))
        && line.chars().anyMatch(Character::isDigit)
        && line.chars().anyMatch(Character::isUpperCase)
        && line.chars().anyMatch(Character::isLowerCase);
  }

  /// Hides the value that begins here, but for one that names a file or an address.
  ///
  /// @return where it ends
  private int hideWord(int from, int to) {
    var isPlace = text.startsWith("@", from) || text.startsWith("=", from) || matches(PLACE, from);
    return isPlace || from > to ? from : hide(from, to);
  }

  /// Hides inert characters, and goes on behind one of them that is written as `%2F`.
  private int hide(int from, int to) {
    var end = inertEnd(from, to);
    hidden.set(from, end);
    while (end > from && isPercent(end, to)) {
      var next = inertEnd(end + 3, to);
      hidden.set(end + 3, next);
      end = next;
    }
    return end;
  }

  private int inertEnd(int from, int to) {
    var end = from;
    while (end < to && isInert(text.codePointAt(end))) {
      end += Character.charCount(text.codePointAt(end));
    }
    return end;
  }

  private static boolean isInert(int point) {
    if (point < 128) {
      return Character.isLetterOrDigit(point) || "_-./+=@:".indexOf(point) >= 0;
    }
    return switch (Character.getType(point)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.OTHER_LETTER,
          Character.DECIMAL_DIGIT_NUMBER ->
          !becomesSign(point) && !Disclosure.hidden(point, -1);
      default -> false;
    };
  }

  /// Whether Windows may take it for the ASCII character it resembles: clicks, wide forms.
  private static boolean becomesSign(int point) {
    return (point >= 0x01C0 && point <= 0x01C3) || (point >= 0xFB00 && point <= 0xFFFF);
  }

  private boolean isPercent(int at, int to) {
    return at + 3 <= to && text.charAt(at) == '%' && isInert(digit(at + 1), digit(at + 2));
  }

  private int digit(int at) {
    return Character.digit(text.charAt(at), 16);
  }

  private static boolean isInert(int high, int low) {
    return high >= 0 && high < 8 && low >= 0 && isInert(high * 16 + low);
  }

  private boolean matches(Pattern pattern, int at) {
    return at(pattern, at).lookingAt();
  }

  private Matcher at(Pattern pattern, int at) {
    return pattern.matcher(text).region(at, text.length());
  }

  private String shown() {
    var shown = new StringBuilder(text.length());
    var at = 0;
    for (var start = hidden.nextSetBit(0); start >= 0; start = hidden.nextSetBit(at)) {
      shown.append(text, at, start);
      at = hidden.nextClearBit(start);
      shown.append(mask(text.codePointCount(start, at), ""));
    }
    return shown.append(text, at, text.length()).toString();
  }

  private static String mask(int length, String with) {
    return "[masked: " + length + (length == 1 ? " character" : " characters") + with + "]";
  }

  private static String with(String value) {
    var spaces = value.codePoints().anyMatch(Masks::isSpace);
    var read = value.codePoints().anyMatch(point -> !isSpace(point) && isRead(point));
    return spaces && read
        ? ", with spaces and characters that a shell reads"
        : spaces ? ", with spaces" : read ? ", with characters that a shell reads" : "";
  }

  private static boolean isSpace(int point) {
    return Character.isWhitespace(point) || Character.isSpaceChar(point);
  }

  private static boolean isRead(int point) {
    return !isInert(point) && Character.getType(point) != Character.OTHER_SYMBOL;
  }

  private static Form form(String secret, String... hints) {
    return new Form(Pattern.compile(secret), List.of(hints));
  }

  /// @param secret its first group is masked
  /// @param hints one of them is in every text that holds such a secret; much cheaper to look for
  private record Form(Pattern secret, List<String> hints) {

    Stream<MatchResult> find(String text) {
      return hints.stream().anyMatch(text::contains) ? secret.matcher(text).results() : Stream.of();
    }
  }
}
