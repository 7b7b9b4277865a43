package io.approvalhub.kit.parts;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.Text;
import io.approvalhub.kit.parts.Headline.Kind;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// What kind of call it is, by the shape of its arguments. The tool's name counts only where the
/// arguments leave it open, and the headline always says it: what runs is the tool.
///
/// @param headline what it does
/// @param lead the names of the short values that come first
/// @param main the name of the text that comes before them, such as the command
/// @param languages in which language the text of a name is written
/// @param fileNames what a file with the text of a name is called
record Shape(
    Headline headline,
    List<String> lead,
    Optional<String> main,
    Map<String, String> languages,
    Map<String, String> fileNames) {

  private static final int LONGEST_VALUE = 80;

  private static final List<String> PATHS =
      List.of("path", "filepath", "file", "filename", "targetfile", "notebookpath", "relativepath");
  private static final List<String> CONTENTS =
      List.of("content", "contents", "filetext", "filecontent", "newcontent", "newsource");
  private static final List<String> COMMANDS =
      List.of("command", "cmd", "shellcommand", "commandline", "bash", "shell");
  private static final List<String> FOLDERS =
      List.of("cwd", "workdir", "workingdirectory", "workingdir", "directory");
  private static final List<String> TIMEOUTS = List.of("timeout", "timeoutms", "timeoutseconds");
  private static final List<String> CODES =
      List.of("code", "source", "program", "script", "python", "pythoncode", "javascript", "js");
  private static final List<String> LANGUAGES = List.of("language", "lang", "interpreter");
  private static final List<String> QUERIES = List.of("sql", "query", "statement");
  private static final List<String> ADDRESSES = List.of("url", "uri", "endpoint");
  private static final List<String> METHODS = List.of("method", "httpmethod", "verb");
  private static final List<String> BODIES = List.of("body", "data", "json", "payload");
  private static final List<String> RECIPIENTS = List.of("to", "recipient", "recipients");
  private static final List<String> PAYEES =
      List.of("recipient", "payee", "beneficiary", "to", "destination", "iban", "account");
  private static final List<String> TARGETS =
      List.of(
          "cluster",
          "environment",
          "env",
          "host",
          "hostname",
          "server",
          "namespace",
          "database",
          "target",
          "project",
          "repository",
          "repo",
          "bucket",
          "service",
          "region",
          "table");
  private static final Set<String> CLEAR_PAIRS =
      Set.of("oldstring", "oldstr", "oldtext", "oldcontent", "oldsource");
  private static final Map<String, String> PAIRS =
      Map.ofEntries(
          Map.entry("oldstring", "newstring"),
          Map.entry("oldstr", "newstr"),
          Map.entry("oldtext", "newtext"),
          Map.entry("oldcontent", "newcontent"),
          Map.entry("oldsource", "newsource"),
          Map.entry("old", "new"),
          Map.entry("search", "replace"),
          Map.entry("find", "replace"),
          Map.entry("original", "modified"),
          Map.entry("before", "after"));

  private static final Pattern SHELL_TOOL =
      Pattern.compile("(?i).*(?:bash|shell|terminal|exec|command|powershell|ssh|run).*");
  private static final Pattern SHELL_TEXT = Pattern.compile("[\\s;&|<>$`]");
  private static final Pattern REQUEST_TOOL =
      Pattern.compile("(?i).*(?:http|fetch|request|webhook).*");
  private static final Pattern DELETE_TOOL =
      Pattern.compile("(?i).*(?:delete|remove|unlink|rmdir).*");
  private static final Pattern WRITE_TOOL = Pattern.compile("(?i).*(?:write|create|save|file).*");
  private static final Pattern MCP_TOOL = Pattern.compile("mcp__(.+?)__(.+)");

  /// @param tool its name
  /// @param arguments as people may see them
  static Shape of(String tool, JsonNode arguments) {
    var call = new Call(tool, arguments, new Names(arguments));
    return payment(call)
        .or(() -> mail(call))
        .or(() -> edit(call))
        .or(() -> write(call))
        .or(() -> command(call))
        .or(() -> query(call))
        .or(() -> code(call))
        .or(() -> request(call))
        .or(() -> delete(call))
        .orElseGet(() -> other(call));
  }

  /// The names of texts that are replaced by others beside them, each with the name of the other.
  static Map<String, String> replacements(JsonNode object) {
    var names = new Names(object);
    var replacements = new HashMap<String, String>();
    PAIRS.forEach(
        (old, other) -> {
          var before = names.find(List.of(old), JsonNode::isTextual);
          var after = names.find(List.of(other), JsonNode::isTextual);
          if (before.isPresent()
              && after.isPresent()
              && !replacements.containsValue(after.get())
              && (CLEAR_PAIRS.contains(old) || isEdit(names, before.get(), after.get()))) {
            replacements.put(before.get(), after.get());
          }
        });
    return replacements;
  }

  private static boolean isEdit(Names names, String before, String after) {
    return (names.text(before) + names.text(after)).contains("\n")
        || names.find(PATHS, JsonNode::isTextual).isPresent();
  }

  private static Optional<Shape> payment(Call call) {
    var amount = call.find(List.of("amount"), JsonNode::isValueNode);
    var currency = call.text(List.of("currency", "currencycode"));
    if (amount.isEmpty() || currency.isEmpty()) {
      return Optional.empty();
    }
    var payee = call.text(PAYEES);
    var sum = call.value(amount.get());
    var unit = call.value(currency.get());
    var headline =
        payee
            .map(name -> call.headline(Kind.PAYMENT_TO, sum, unit, call.value(name)))
            .orElseGet(() -> call.headline(Kind.PAYMENT, sum, unit));
    return Optional.of(of(headline, lead(amount, currency, payee)));
  }

  private static Optional<Shape> mail(Call call) {
    var to = call.find(RECIPIENTS, node -> node.isTextual() || node.isArray());
    var subject = call.text(List.of("subject"));
    if (to.isEmpty() || subject.isEmpty()) {
      return Optional.empty();
    }
    var headline = call.headline(Kind.MAIL, call.value(to.get()));
    var others = List.of("cc", "bcc", "from", "replyto");
    return Optional.of(of(headline, lead(to, call.find(others, JsonNode::isValueNode), subject)));
  }

  private static Optional<Shape> edit(Call call) {
    var path = call.text(PATHS);
    var patch = call.names(node -> node.isTextual() && Languages.isDiff(node.textValue()));
    var pairs = !replacements(call.arguments).isEmpty();
    var several = call.find(List.of("edits", "changes"), JsonNode::isArray).isPresent();
    if (patch.isEmpty() && !pairs && !(several && path.isPresent())) {
      return Optional.empty();
    }
    var headline =
        path.map(name -> call.headline(Kind.EDIT, call.value(name)))
            .orElseGet(() -> call.headline(Kind.PATCH));
    var languages = new HashMap<String, String>();
    var fileNames = new HashMap<String, String>();
    for (var name : patch) {
      languages.put(name, "diff");
      fileNames.put(name, "patch.diff");
    }
    return Optional.of(new Shape(headline, lead(path), Optional.empty(), languages, fileNames));
  }

  private static Optional<Shape> write(Call call) {
    var path = call.text(PATHS);
    var content =
        call.text(CONTENTS)
            .or(
                () ->
                    call.text(List.of("text"))
                        .filter(_ -> WRITE_TOOL.matcher(call.tool).matches()));
    if (path.isEmpty() || content.isEmpty()) {
      return Optional.empty();
    }
    var file = fileName(call.value(path.get()));
    var language = Languages.ofFile(file, call.value(content.get()));
    return Optional.of(
        new Shape(
            call.headline(Kind.WRITE, call.value(path.get())),
            lead(path),
            Optional.empty(),
            Map.of(content.get(), language),
            Map.of(content.get(), file)));
  }

  private static Optional<Shape> command(Call call) {
    var command = call.find(COMMANDS, node -> node.isTextual() || CommandWords.isList(node));
    if (command.filter(call::isCommand).isEmpty()) {
      return Optional.empty();
    }
    var folder = call.text(FOLDERS);
    var headline =
        folder
            .map(name -> call.headline(Kind.COMMAND_IN, call.value(name)))
            .orElseGet(() -> call.headline(Kind.COMMAND));
    var lead = lead(folder, call.find(TIMEOUTS, JsonNode::isValueNode));
    return Optional.of(new Shape(headline, lead, command, Map.of(), Map.of()));
  }

  private static Optional<Shape> query(Call call) {
    return call.text(QUERIES)
        .filter(name -> Languages.isSql(call.value(name)))
        .map(
            name ->
                new Shape(
                    call.headline(Kind.QUERY),
                    List.of(),
                    Optional.of(name),
                    Map.of(name, Languages.SQL),
                    Map.of()));
  }

  private static Optional<Shape> code(Call call) {
    var code = call.text(CODES);
    if (code.isEmpty()) {
      return Optional.empty();
    }
    var name = code.get();
    var named = call.text(LANGUAGES);
    var language =
        named
            .flatMap(argument -> Languages.named(call.value(argument)))
            .orElseGet(() -> call.language(name));
    var headline =
        language.isEmpty()
            ? call.headline(Kind.CODE)
            : call.headline(Kind.CODE_IN, Languages.title(language));
    return Optional.of(new Shape(headline, lead(named), code, Map.of(name, language), Map.of()));
  }

  private static Optional<Shape> request(Call call) {
    var address = call.text(ADDRESSES).filter(name -> call.value(name).matches("(?i)https?://.*"));
    var method = call.text(METHODS);
    var sends = call.find(BODIES, _ -> true).isPresent() || method.isPresent();
    if (address.isEmpty() || !(sends || REQUEST_TOOL.matcher(call.tool).matches())) {
      return Optional.empty();
    }
    var headline =
        call.headline(
            Kind.REQUEST, method.map(call::value).orElse("GET"), host(call.value(address.get())));
    return Optional.of(of(headline, lead(method, address)));
  }

  private static Optional<Shape> delete(Call call) {
    var names = new ArrayList<>(PATHS);
    names.addAll(List.of("directory", "folder", "dir"));
    return call.text(names)
        .filter(_ -> DELETE_TOOL.matcher(call.tool).matches())
        .map(path -> of(call.headline(Kind.DELETE, call.value(path)), lead(Optional.of(path))));
  }

  private static Shape other(Call call) {
    var mcp = MCP_TOOL.matcher(call.tool);
    var target = call.text(TARGETS);
    if (mcp.matches()) {
      return of(Headline.of(Kind.MCP, line(mcp.group(2)), line(mcp.group(1))), lead(target));
    }
    var headline =
        target
            .map(name -> call.headline(Kind.CALL_ON, call.value(name)))
            .orElseGet(() -> call.headline(Kind.CALL));
    return of(headline, lead(target));
  }

  private static Shape of(Headline headline, List<String> lead) {
    return new Shape(headline, lead, Optional.empty(), Map.of(), Map.of());
  }

  @SafeVarargs
  private static List<String> lead(Optional<String>... names) {
    return List.of(names).stream().flatMap(Optional::stream).toList();
  }

  private static String host(String address) {
    try {
      var host = new URI(address).getHost();
      return host == null ? address : host;
    } catch (URISyntaxException _) {
      return address;
    }
  }

  /// What a file is called that is attached for this one.
  private static String fileName(String path) {
    var folder = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
    var name = path.substring(Math.max(folder + 1, path.length() - 60));
    var last = name.replaceAll("[^A-Za-z0-9._-]", "_");
    return last.replaceAll("[._]", "").isEmpty() ? "content.txt" : last;
  }

  static String line(String text) {
    return Text.fit(text.strip().replaceAll("\\s+", " "), LONGEST_VALUE);
  }

  private record Call(String tool, JsonNode arguments, Names index) {

    Headline headline(Kind kind, String... values) {
      var all = new ArrayList<String>();
      all.add(line(tool));
      for (var value : values) {
        all.add(line(value));
      }
      return new Headline(kind, all);
    }

    Optional<String> text(List<String> names) {
      return index.find(names, node -> node.isTextual() && !node.textValue().isBlank());
    }

    Optional<String> find(List<String> names, Predicate<JsonNode> is) {
      return index.find(names, is);
    }

    List<String> names(Predicate<JsonNode> is) {
      return arguments
          .propertyStream()
          .filter(property -> is.test(property.getValue()))
          .map(Map.Entry::getKey)
          .toList();
    }

    boolean isCommand(String name) {
      var value = arguments.path(name);
      return value.isArray()
          || SHELL_TOOL.matcher(tool).matches()
          || SHELL_TEXT.matcher(value.textValue()).find();
    }

    String language(String name) {
      var known = Languages.of(name, arguments.path(name).textValue());
      return known.isEmpty() ? byTool() : known;
    }

    private String byTool() {
      var plain = Languages.plain(tool);
      return plain.contains("python")
          ? "python"
          : plain.contains("javascript") || plain.contains("node") ? "javascript" : Languages.NONE;
    }

    String value(String name) {
      var value = arguments.path(name);
      return value.isTextual() ? value.textValue() : Json.text(value);
    }
  }

  /// The names of an object, by what they are without what only separates their words.
  private static final class Names {

    private final JsonNode object;
    private final Map<String, String> names = new HashMap<>();

    Names(JsonNode object) {
      this.object = object;
      object
          .propertyStream()
          .map(Map.Entry::getKey)
          .forEach(name -> names.putIfAbsent(Languages.plain(name), name));
    }

    Optional<String> find(List<String> wanted, Predicate<JsonNode> is) {
      return wanted.stream()
          .flatMap(name -> Optional.ofNullable(names.get(name)).stream())
          .filter(name -> is.test(object.path(name)))
          .findFirst();
    }

    String text(String name) {
      return object.path(name).textValue();
    }
  }
}
