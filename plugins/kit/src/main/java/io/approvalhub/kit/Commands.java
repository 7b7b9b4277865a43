package io.approvalhub.kit;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/// What a shell would run of a text in which something looks like a secret.
///
/// It does not read the text as a shell does, whose quotes depend on which shell it is and on what
/// runs it. It says yes where it cannot know.
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

  private static final Pattern NONE =
      Pattern.compile("(?!/)(?=[A-Za-z_+/=]{0,200}+\\d)[\\w+/=]{12}|\\d++(?![\\w./+=@:-])");

  private static final Pattern BLANK = Pattern.compile("[ \\t]");

  /// How far back the beginning of a word is looked for.
  private static final int REACH = 200;

  private final String text;
  private final Set<String> run = new HashSet<>();
  private final int firstAlias;
  private final int firstTable;
  private final int firstAssignment;
  private final int firstRunner;

  Commands(String text) {
    this.text = text;
    firstAlias = first(ALIAS);
    firstTable = first(TABLE);
    firstAssignment = first(ASSIGNMENT);
    firstRunner = first(RUNNER);
    RUN.matcher(text).results().forEach(found -> run.add(found.group("name")));
    CALLED.matcher(text).results().forEach(found -> run.add("$" + found.group(1)));
  }

  /// Whether the word that begins here is no program's name, but random or a number.
  static boolean isNone(String text, int word) {
    return NONE.matcher(text).region(word, text.length()).lookingAt();
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
