package io.approvalhub;

import io.approvalhub.demo.Demo;
import io.approvalhub.demo.Rehearsal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/// The commands of `approval-hub`.
final class CommandLine {

  private static final String HELP =
      """
      approval-hub demo [--script]                    try it: three approvals, nothing to configure
      approval-hub serve [--config FILE] [--port N]   run the hub; FILE is config/hub.yml if not named
      approval-hub key [--config FILE]                another operator key for a hub without hub.keys, when it is lost
      approval-hub rehearse                           what its launcher has it do once, so that it starts fast
      approval-hub help                               this text

      Every setting is explained in config/hub.yml. Placeholders such as ${TELEGRAM_TOKEN} are filled in from the
      environment. SIGTERM finishes what is in hand and ends the hub.\
      """;

  private static final List<String> OPTIONS = List.of("--config", "--port");

  private CommandLine() {}

  /// Runs a command.
  ///
  /// @return what the process exits with
  static int run(String[] args) {
    var words = List.of(args).iterator();
    var command = words.hasNext() ? words.next() : "help";
    return switch (command) {
      case "serve" -> serve(words);
      case "key" -> key(words);
      case "demo" -> demo(words);
      case "rehearse" -> Rehearsal.run(config -> Application.start(config, Map.of()));
      case "help", "--help", "-h" -> say(HELP);
      default -> wrong("there is no command '" + command + "'");
    };
  }

  private static int serve(Iterator<String> words) {
    return options(words, OPTIONS, CommandLine::serve);
  }

  private static int key(Iterator<String> words) {
    return options(words, List.of("--config"), options -> Application.key(config(options)));
  }

  private static int options(
      Iterator<String> words, List<String> known, ToIntFunction<Map<String, String>> command) {
    var options = new HashMap<String, String>();
    while (words.hasNext()) {
      var option = words.next();
      if (!known.contains(option)) {
        return wrong("there is no option '" + option + "'");
      }
      if (!words.hasNext()) {
        return wrong(option + " needs a value");
      }
      options.put(option, words.next());
    }
    var config = options.get("--config");
    if (config == null || !Files.isReadable(Path.of(config))) {
      return wrong(
          config == null ? "--config FILE is required" : "--config " + config + " cannot be read");
    }
    return command.applyAsInt(options);
  }

  private static int serve(Map<String, String> options) {
    var port = options.get("--port");
    if (port != null && (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535)) {
      return wrong("--port must be a number from 0 to 65535, not '" + port + "'");
    }
    return Application.serve(
        config(options), port == null ? Map.of() : Map.of("micronaut.server.port", port));
  }

  private static Path config(Map<String, String> options) {
    return Path.of(options.getOrDefault("--config", ""));
  }

  private static int demo(Iterator<String> words) {
    var scripted = false;
    while (words.hasNext()) {
      var option = words.next();
      if (!option.equals("--script")) {
        return wrong("there is no option '" + option + "'");
      }
      scripted = true;
    }
    return Demo.run(scripted, config -> Application.start(config, Map.of()));
  }

  private static int say(String text) {
    System.out.println(text);
    return 0;
  }

  private static int wrong(String what) {
    System.err.println("approval-hub: " + what + "; try approval-hub help");
    return 2;
  }
}
