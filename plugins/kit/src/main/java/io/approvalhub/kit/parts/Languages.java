package io.approvalhub.kit.parts;

import static java.util.Map.entry;

import io.approvalhub.kit.Json;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// In which language a text is written, as highlighters name it, and what a file of it is called.
final class Languages {

  static final String NONE = "";
  static final String SHELL = "bash";
  static final String SQL = "sql";

  private static final Map<String, String> ENDINGS =
      Map.ofEntries(
          entry("sh", SHELL),
          entry("bash", SHELL),
          entry("zsh", SHELL),
          entry("py", "python"),
          entry("ipynb", "json"),
          entry("js", "javascript"),
          entry("mjs", "javascript"),
          entry("jsx", "javascript"),
          entry("ts", "typescript"),
          entry("tsx", "typescript"),
          entry("java", "java"),
          entry("kt", "kotlin"),
          entry("go", "go"),
          entry("rs", "rust"),
          entry("rb", "ruby"),
          entry("php", "php"),
          entry("c", "c"),
          entry("h", "c"),
          entry("cpp", "cpp"),
          entry("hpp", "cpp"),
          entry("cs", "csharp"),
          entry("swift", "swift"),
          entry("lua", "lua"),
          entry("pl", "perl"),
          entry("r", "r"),
          entry("ps1", "powershell"),
          entry("sql", SQL),
          entry("json", "json"),
          entry("yaml", "yaml"),
          entry("yml", "yaml"),
          entry("toml", "toml"),
          entry("ini", "ini"),
          entry("xml", "xml"),
          entry("html", "html"),
          entry("css", "css"),
          entry("md", "markdown"),
          entry("tf", "hcl"),
          entry("proto", "protobuf"),
          entry("graphql", "graphql"),
          entry("diff", "diff"),
          entry("patch", "diff"),
          entry("http", "http"),
          entry("txt", NONE));

  /// The ending by which a language is known, where several are.
  private static final List<String> USUAL =
      List.of("sh", "js", "ts", "c", "cpp", "yaml", "diff", "json", "txt");

  private static final Map<String, String> ALIASES =
      Map.of(
          "shell", SHELL,
          "python3", "python",
          "node", "javascript",
          "nodejs", "javascript",
          "golang", "go",
          "c++", "cpp",
          "c#", "csharp",
          "pwsh", "powershell");

  private static final Map<String, String> TITLES =
      Map.of(
          "javascript",
          "JavaScript",
          "typescript",
          "TypeScript",
          "php",
          "PHP",
          "cpp",
          "C++",
          "csharp",
          "C#",
          "powershell",
          "PowerShell",
          SHELL,
          "shell",
          SQL,
          "SQL");

  /// What the text of an argument of this name is written in, unless it shows otherwise.
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          entry("command", SHELL),
          entry("cmd", SHELL),
          entry("shell", SHELL),
          entry("bash", SHELL),
          entry("shellcommand", SHELL),
          entry("commandline", SHELL),
          entry("powershell", "powershell"),
          entry("python", "python"),
          entry("pythoncode", "python"),
          entry("javascript", "javascript"),
          entry("js", "javascript"),
          entry("sql", SQL),
          entry("yaml", "yaml"),
          entry("html", "html"),
          entry("css", "css"),
          entry("graphql", "graphql"),
          entry("markdown", "markdown"));

  private static final Pattern FIRST_LINE_OF_SQL =
      pattern(
          "(?:--.*+\\n"
              + "\\s*+)*+"
              + "(?:select|insert\\s+into|update|delete\\s+from|create|alter|drop|truncate|with|grant"
              + "|revoke|merge|begin|explain|vacuum)\\b");

  private static final Pattern PYTHON =
      pattern("^(?:def \\w+\\(.*|class \\w++.*:|import \\w+|from [\\w.]+ import .*|print\\(.*)");

  private static final Pattern JAVASCRIPT =
      pattern("^(?:const|let|var|export|async function|function) .*|=> \\{|require\\(");

  private static final Pattern YAML = pattern("\\A(?:---\\n|apiVersion: )");
  private static final Pattern HTML = pattern("\\A\\s*<(?:!doctype html|html)\\b");
  private static final Pattern DIFF =
      pattern("^--- .*\\n\\+\\+\\+ .*\\n@@ |^\\*\\*\\* Begin Patch\\n|^diff --git ");
  private static final Pattern HTTP =
      pattern("\\A(?:GET|HEAD|POST|PUT|PATCH|DELETE) \\S+ HTTP/[\\d.]+\\n");
  private static final Pattern MARKDOWN = pattern("^(?:#{1,6} \\S.*|```\\w*)$");
  private static final Pattern SHEBANG =
      Pattern.compile("\\A#!.*?/(?:env +)?(\\w+?)[\\d.]*(?:\\s|\\z)");
  private static final Pattern WORD = Pattern.compile("[a-z0-9+#]{1,20}");

  private static final int BEGINNING = 10_000;
  private static final int LONGEST_FIRST_LINE = 200;

  private Languages() {}

  /// What a text is written in, by the argument's name and by what it looks like.
  static String of(String name, String text) {
    var shown = ofContent(text);
    return shown.isEmpty() ? NAMES.getOrDefault(plain(name), NONE) : shown;
  }

  /// The same for the content of a file.
  static String ofFile(String fileName, String text) {
    var dot = fileName.lastIndexOf('.');
    var ending = fileName.substring(dot + 1).toLowerCase(Locale.ROOT);
    if (dot >= 0 && ENDINGS.containsKey(ending)) {
      return ENDINGS.get(ending);
    }
    return fileName.endsWith("Dockerfile") ? "dockerfile" : ofContent(text);
  }

  /// A language as a person or an agent names it, if it can be one.
  static Optional<String> named(String name) {
    var word = name.strip().toLowerCase(Locale.ROOT);
    return Optional.of(ALIASES.getOrDefault(word, ENDINGS.getOrDefault(word, word)))
        .filter(language -> WORD.matcher(language).matches());
  }

  /// What it is called in a sentence.
  static String title(String language) {
    return TITLES.getOrDefault(
        language,
        language.isEmpty()
            ? ""
            : language.substring(0, 1).toUpperCase(Locale.ROOT) + language.substring(1));
  }

  /// The ending of a file in this language.
  static String ending(String language) {
    return USUAL.stream()
        .filter(ending -> language.equals(ENDINGS.get(ending)))
        .findFirst()
        .or(
            () ->
                ENDINGS.entrySet().stream()
                    .filter(entry -> entry.getValue().equals(language))
                    .map(Map.Entry::getKey)
                    .min(String::compareTo))
        .orElse("txt");
  }

  /// Whether an argument of this name is code, however short it is.
  static boolean isCode(String name) {
    return NAMES.containsKey(plain(name));
  }

  static boolean isSql(String text) {
    return FIRST_LINE_OF_SQL.matcher(beginning(text).stripLeading()).lookingAt();
  }

  static boolean isDiff(String text) {
    return DIFF.matcher(beginning(text)).find();
  }

  /// What a text is shows early; looking at all of a long one would take its time.
  private static String beginning(String text) {
    return text.substring(0, Math.min(text.length(), BEGINNING));
  }

  /// A name without what only separates its words.
  static String plain(String name) {
    return name.replaceAll("[_.\\s-]", "").toLowerCase(Locale.ROOT);
  }

  private static String ofContent(String whole) {
    var shebang = SHEBANG.matcher(whole).region(0, Math.min(whole.length(), LONGEST_FIRST_LINE));
    var text = beginning(whole);
    if (shebang.find()) {
      return named(shebang.group(1)).map(word -> word.endsWith("sh") ? SHELL : word).orElse(NONE);
    }
    if (isDiff(text)) {
      return "diff";
    }
    if (isJson(whole)) {
      return "json";
    }
    if (YAML.matcher(text).find()) {
      return "yaml";
    }
    if (HTML.matcher(text).find()) {
      return "html";
    }
    if (HTTP.matcher(text).find()) {
      return "http";
    }
    if (text.contains("\n")) {
      return ofLines(text);
    }
    return NONE;
  }

  private static String ofLines(String text) {
    if (isSql(text) && text.contains(";")) {
      return SQL;
    }
    if (PYTHON.matcher(text).find()) {
      return "python";
    }
    if (JAVASCRIPT.matcher(text).find()) {
      return "javascript";
    }
    return MARKDOWN.matcher(text).find() ? "markdown" : NONE;
  }

  private static boolean isJson(String text) {
    var start = text.stripLeading();
    if (!start.startsWith("{") && !start.startsWith("[")) {
      return false;
    }
    try {
      return Json.parse(text).isContainerNode();
    } catch (IOException _) {
      return false;
    }
  }

  private static Pattern pattern(String regex) {
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);
  }
}
