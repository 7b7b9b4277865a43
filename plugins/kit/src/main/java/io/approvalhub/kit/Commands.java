package io.approvalhub.kit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a shell would run of a text in which something looks like a secret.
///
/// It does not read the text as a shell does, whose quotes depend on which shell it is and on what
/// runs it. It says yes where it cannot know. What is random, as keys are and programs are not, is
/// then a secret still: [#isRandom].
final class Commands {

  /// A variable in the place of a command: after what ends another one, or what runs one.
  private static final Pattern RUN =
      Pattern.compile(
          "(?:^|[;&|`\\n]|(?<!\\w)[({!]|(?<![\\w-])(?:\\.|-c|call|command|do|else|env|eval|exec|iex"
              + "|nohup|source|sudo|then|time|xargs)[ \\t])"
              + ("[ \\t]{0,9}+[\"']?+[$%!][{(]?+(?:\\w{1,20}+:)?(?<name>\\w{1,60}+)"));

  private static final Pattern CALLED =
      Pattern.compile("(?:(?:&|\\.|iex)[ \\t]{0,9}+\\$|\\$(?=\\w{1,60}+\\())(\\w{1,60}+)");

  private static final Pattern ALIAS = Pattern.compile("alias|doskey", Pattern.CASE_INSENSITIVE);

  /// PowerShell runs the words in a table.
  private static final Pattern TABLE = Pattern.compile("@\\{");

  private static final Pattern ASSIGNMENT =
      Pattern.compile("(?<![\\w-])[A-Za-z_]\\w*+\\+?=|\\]\\+?=");

  /// Programs that run the words behind them.
  private static final Pattern RUNNER =
      Pattern.compile(
          "(?<![\\w-])(?:busybox|chroot|doas|env|exec|find|flock|ionice|nice|nohup|nsenter|parallel"
              + "|runas|runuser|setsid|ssh|start|stdbuf|strace|su|sudo|systemd-run|time|timeout"
              + "|unshare|watch|xargs)(?![\\w-])");

  private static final Pattern END_OF_FLAGS = Pattern.compile("\\s--\\s");

  private static final Pattern NONE =
      Pattern.compile("(?!/)(?=[A-Za-z_+/=]{0,200}+\\d)[\\w+/=]{12}|\\d++(?![\\w./+=@:-])");

  private static final Pattern RANDOM =
      Pattern.compile(
          "(?!0[xX])(?=[A-Za-z_+=-]{0,200}+\\d)(?=[\\d_+=-]{0,200}+[A-Za-z])[\\w+=-]{12,}+(?![./:@])"
              + "|(?!/)(?=[a-z\\d_+/=-]{0,200}+[A-Z])(?=[A-Z\\d_+/=-]{0,200}+[a-z])"
              + "(?=[A-Za-z_+/=-]{0,200}+\\d)[\\w+/=-]{32,}+(?![.:@])");

  private static final Pattern MIXED =
      Pattern.compile(
          "(?!0[xX])(?=[A-Za-z_+=-]{0,200}+\\d)(?=[\\d_+=-]{0,200}+[A-Za-z])[\\w+=-]{6,}+(?![./:@])");

  private static final String INTERPRETER =
      "(?:(?:ba|da|z|k|c|tc|fi|a)?sh|busybox|python[\\d.]{0,5}+|perl|ruby|node|php|lua|tclsh|xargs"
          + "|parallel|source|eval|cmd|pwsh|powershell|iex|Invoke-Expression|at|batch|crontab|ssh|su)"
          + "(?![\\w-])";

  /// What is printed becomes what is run.
  private static final Pattern PIPED =
      Pattern.compile(
          "\\|&?+[\\s\\\\]{0,99}+(?:(?:sudo|doas|env|nohup|exec|command|time|stdbuf|tee)[ \\t]"
              + "[^\\n|;]{0,200}?)?[\"']?+(?:[\\w./-]{0,60}/)?"
              + INTERPRETER,
          Pattern.CASE_INSENSITIVE);

  private static final Pattern READ =
      Pattern.compile(
          "(?<![\\w-])"
              + INTERPRETER
              + "[^\\n;|&]{0,200}?<(?:<<|\\()"
              + "|(?<!\\S)\\.[ \\t]{1,9}+<\\("
              + "|(?<![\\w-])(?:iex|Invoke-Expression)[ \\t]{0,9}+[(\"'@]"
              + "|(?:^|[;&|\\n({]|(?<![\\w-])(?:eval|exec|-c|do|then|else|sudo|env|if|while)[ \\t])"
              + "[ \\t]{0,9}+[\"']?+(?:\\$\\(|`)(?![ \\t]{0,9}+(?:curl|wget)[ \\t])"
              + "|\\$\\{!|(?<![\\w-])eval[ \\t(]|(?<![\\w-])(?:declare|local|typeset)[ \\t]{1,9}+-n"
              + "|(?<![\\w-])(?:cut|sed|awk|tr|head|tail|grep|xxd|base64|rev|jq|yq)(?![\\w-])"
              + "[^\\n;>]{0,300}>",
          Pattern.CASE_INSENSITIVE);

  /// Parts of a program that answers over the net: what they print is not what the command holds.
  private static final Pattern REMOTE =
      Pattern.compile("[\\s(]{0,99}+(?:sudo[ \\t]{1,9}+)?(?:curl|wget)[ \\t]");

  private static final Pattern EXPANSION =
      Pattern.compile("(?:\\$(?:\\w{1,20}+:|\\{[!#]?+(?:\\w{1,20}+:)?)?|[%!])(\\w{1,60}+)");

  /// What may stand before a variable that is sent as a secret.
  private static final Pattern SENT =
      Pattern.compile(
          "(?:(?i:bearer|basic|digest|token|api-?key)[ \\t]{1,9}"
              + "|://[^\\s/@]{0,60}:|(?<!\\S)-u[ \\t]{0,9}[\"']?[\\w.@-]{1,60}:|(?<!\\S)-p[\"']?"
              + "|\\[[ \\t]-[nz][ \\t][\"']?)$");

  private static final Pattern TAKER =
      Pattern.compile(
          "(?<![\\w.-])(?<name>[\\w.-]{1,60}+)[\"']?"
              + "(?:(?<sign>[ \\t]{0,9}:[ \\t]{0,9}|=)|[ \\t]{1,9})[\"']?$");

  /// The names that a program in another language hands to what runs them.
  private static final Pattern HANDED =
      Pattern.compile(
          "(?:system|popen|spawn\\w*|exec\\w*|eval|run|call|check_output|check_call|Popen|Start-Process|shell|Command|ProcessBuilder|passthru|proc_open)["
              + " \\t]{0,9}+\\(([^)\\n"
              + "]{1,200})");

  private static final Pattern ASSIGNED = Pattern.compile("\\}?[ \\t]{0,9}+=(?!=)");

  private static final Pattern WORD = Pattern.compile("\\w{1,60}+");

  private static final Pattern BLANK = Pattern.compile("[ \\t]");

  /// How far back the beginning of a word is looked for.
  private static final int REACH = 200;

  /// How far back what a variable is for is looked for.
  private static final int NEAR = 90;

  /// How far back the beginning of a pipe is looked for.
  private static final int LINE = 2000;

  private final String text;
  private final Set<String> run = new HashSet<>();
  private final Set<String> used = new HashSet<>();
  private final Map<String, Boolean> secrets = new HashMap<>();
  private final BitSet quoted;
  private final boolean readsData;
  private final int firstAlias;
  private final int firstTable;
  private final int firstAssignment;
  private final int firstRunner;
  private final int firstEndOfFlags;

  Commands(String text) {
    this.text = text;
    firstAlias = first(ALIAS);
    firstTable = first(TABLE);
    firstAssignment = first(ASSIGNMENT);
    firstRunner = first(RUNNER);
    firstEndOfFlags = first(END_OF_FLAGS);
    quoted = quoted(text);
    readsData = READ.matcher(text).find() || isPiped();
    findUses();
    RUN.matcher(text).results().forEach(found -> run.add(found.group("name")));
    CALLED.matcher(text).results().forEach(found -> run.add("$" + found.group(1)));
  }

  /// Whether a word is a program that runs the words behind it.
  static boolean runsOthers(String word) {
    return RUNNER.matcher(word).find();
  }

  /// Whether the word that begins here is no program's name, but random or a number.
  static boolean isNone(String text, int word) {
    return NONE.matcher(text).region(word, text.length()).lookingAt();
  }

  /// Whether the word that begins here is random, as no program, file or host is called.
  static boolean isRandom(String text, int word) {
    return RANDOM.matcher(text).region(word, text.length()).lookingAt();
  }

  /// Whether the word that begins here mixes letters with digits, and holds nothing that an address
  /// or a path would.
  static boolean isMixed(String text, int word) {
    return MIXED.matcher(text).region(word, text.length()).lookingAt();
  }

  /// Whether what is printed may be run, as in `echo token=x | cut -d= -f2 | sh`.
  boolean readsData() {
    return readsData;
  }

  /// Whether a variable of this name stands where it may be run or say what something is done to.
  boolean uses(boolean isVariable, String name) {
    return used.contains((isVariable ? "$" : "") + name);
  }

  /// Whether what looks like a flag here may be a plain word, as behind `rm -- `.
  boolean endsFlags(int flag) {
    return flag > firstEndOfFlags;
  }

  /// Whether this place is within quotes, for a shell that reads the text from its beginning.
  boolean isQuoted(int at) {
    return quoted.get(at);
  }

  /// Whether the word that begins here begins a line or a command, or is one of a list in quotes.
  ///
  /// @param isInList whether it may be one of a list without quotes
  boolean opens(int word, boolean isInList) {
    var quote = skipBack(word, "\"'", 1);
    var at = skipBack(quote < word ? skipBack(quote, "\\", 3) : word, " \t", REACH);
    var dash = at > 0 && text.charAt(at - 1) == '-' ? skipBack(at - 1, " \t", REACH) : at;
    if (dash < at && at < word && (dash == 0 || text.charAt(dash - 1) == '\n')) {
      at = dash;
    }
    return at == 0
        || switch (text.charAt(at - 1)) {
          case '\n' -> !isContinued(at - 1);
          case ';', '&', '|', '(' -> true;
          case '{', '[', ',' -> isInList || quote < word;
          default -> false;
        };
  }

  private boolean isContinued(int lineEnd) {
    var end = skipBack(lineEnd, "\r", 1);
    return end > 0 && "\\`^|".indexOf(text.charAt(end - 1)) >= 0;
  }

  private int skipBack(int from, String units, int most) {
    var at = from;
    while (at > 0 && from - at < most && units.indexOf(text.charAt(at - 1)) >= 0) {
      at--;
    }
    return at;
  }

  /// Whether what is assigned to a name is run, there or where the name is used.
  ///
  /// @param end where the name ends
  boolean runAssigned(boolean isVariable, String name, int end, boolean isBare) {
    return end > firstAlias
        || run.contains((isVariable ? "$" : "") + name)
        || (isBare && (isVariable || end > firstTable));
  }

  /// Whether a shell may run a word because of the blank before it, as behind `x='a token': ` or
  /// behind `sudo -p token: `.
  ///
  /// @param before where the word before the blank begins
  /// @param quote where the quote before the word is, if there is one
  boolean begin(int before, int quote, int word) {
    var between = text.substring(before, word);
    if (!BLANK.matcher(between).find() || isNone(text, word)) {
      return false;
    }
    var start = wordStart(before);
    var beginning = text.substring(start, before);
    var isQuoted = hasQuote(text.substring(before, quote));
    return (before > firstAssignment && (isQuoted || mayAssign(beginning)))
        || (before > firstRunner && mayBeTaken(start, beginning, isQuoted));
  }

  private boolean isPiped() {
    return PIPED.matcher(text).results().anyMatch(found -> !isRemote(found.start()));
  }

  /// Whether a pipe leads from the net.
  private boolean isRemote(int pipe) {
    var start = pipe;
    while (start > 0 && pipe - start < LINE && !isEnd(start - 1)) {
      start--;
    }
    return pipe - start < LINE && REMOTE.matcher(text).region(start, pipe).lookingAt();
  }

  private boolean isEnd(int at) {
    return !quoted.get(at)
        && switch (text.charAt(at)) {
          case ';' -> true;
          case '&' -> at > 0 && text.charAt(at - 1) == '&';
          case '|' -> at > 0 && text.charAt(at - 1) == '|';
          case '\n' -> at == 0 || (text.charAt(at - 1) != '\\' && text.charAt(at - 1) != '|');
          default -> false;
        };
  }

  private void findUses() {
    Map<String, List<String>> sources = new HashMap<>();
    EXPANSION.matcher(text).results().forEach(found -> use(found, sources));
    HANDED
        .matcher(text)
        .results()
        .flatMap(found -> WORD.matcher(found.group(1)).results())
        .forEach(word -> addUsed(word.group()));
    var open = new ArrayDeque<>(used);
    while (!open.isEmpty()) {
      for (var source : sources.getOrDefault(open.pop(), List.of())) {
        if (!used.contains(source)) {
          addUsed(source);
          open.add(source);
        }
      }
    }
  }

  /// Notes where a variable goes: to another one, to a server as a secret, or where it may be run.
  private void use(MatchResult variable, Map<String, List<String>> sources) {
    var name = variable.group(1);
    if (used.contains("$" + name) || !secrets.computeIfAbsent(name, SecretNames::secret)) {
      return;
    }
    var before = text.substring(Math.max(0, variable.start() - NEAR), variable.start());
    if (SENT.matcher(before).find()) {
      return;
    }
    var taker = TAKER.matcher(before);
    if (!taker.find() || !isSecret(taker)) {
      used.add(name);
      if (!ASSIGNED.matcher(text).region(variable.end(), text.length()).lookingAt()) {
        addUsed(name);
      }
    } else if ("=".equals(taker.group("sign"))) {
      sources.computeIfAbsent(taker.group("name"), _ -> new ArrayList<>()).add(name);
    }
  }

  private void addUsed(String name) {
    used.add(name);
    used.add("$" + name);
  }

  private static boolean isSecret(Matcher taker) {
    var name = taker.group("name");
    return taker.group("sign") == null ? SecretNames.secretFlag(name) : SecretNames.secret(name);
  }

  private static BitSet quoted(String text) {
    var quoted = new BitSet(text.length());
    var quote = 0;
    for (var at = 0; at < text.length(); at++) {
      var unit = text.charAt(at);
      quoted.set(at, quote != 0);
      if (unit == '\\' && quote != '\'' && at + 1 < text.length()) {
        quoted.set(++at, quote != 0);
      } else if (unit == quote) {
        quote = 0;
      } else if (quote == 0 && (unit == '\'' || unit == '"')) {
        quote = unit;
      }
    }
    return quoted;
  }

  private static boolean mayAssign(String beginning) {
    return beginning.indexOf('=') >= 0 || hasQuote(beginning) || beginning.length() >= REACH;
  }

  /// Whether what runs a command may take what is before it for an option's value.
  private boolean mayBeTaken(int start, String beginning, boolean isQuoted) {
    return followsOption(start)
        ? beginning.isEmpty() || (isQuoted && !beginning.matches("[\"'].+"))
        : beginning.length() == 1 && hasQuote(beginning);
  }

  private boolean followsOption(int word) {
    var end = word;
    while (end > 0 && word - end < REACH && isBlank(text.charAt(end - 1))) {
      end--;
    }
    return end < word && text.startsWith("-", wordStart(end));
  }

  private int wordStart(int at) {
    var start = at;
    while (start > 0 && at - start < REACH && !Character.isWhitespace(text.charAt(start - 1))) {
      start--;
    }
    return start;
  }

  private static boolean hasQuote(String part) {
    return part.indexOf('"') >= 0 || part.indexOf('\'') >= 0;
  }

  private static boolean isBlank(char unit) {
    return unit == ' ' || unit == '\t';
  }

  private int first(Pattern pattern) {
    var found = pattern.matcher(text);
    return found.find() ? found.start() : text.length();
  }
}
