package io.approvalhub.demo;

import io.approvalhub.demo.Screen.Colour;
import io.approvalhub.kit.Disclosure;
import io.approvalhub.kit.Words;
import io.approvalhub.kit.Words.Fact;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Approval.Status;
import io.approvalhub.plugin.Reader;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An example agent stops, a hub asks, somebody decides here, and the agent is told.
public final class Demo {

  private static final Words WORDS = Words.of(Reader.DEFAULT);

  private static final Logger LOG = LoggerFactory.getLogger(Demo.class);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String WELCOME =
      "An example agent is at work on this computer. Before every risky step it stops and waits for"
          + " you. Nothing is real: no mail is sent, no money moves, no file is deleted.";

  private final InstantSource clock = InstantSource.system();
  private final Screen screen;
  private final Chooser chooser;
  private final Function<Path, ApplicationContext> starter;
  private final Duration patience;

  /// @param patience how long the hub may be silent when it should say something
  Demo(
      Screen screen,
      Chooser chooser,
      Function<Path, ApplicationContext> starter,
      Duration patience) {
    this.screen = screen;
    this.chooser = chooser;
    this.starter = starter;
    this.patience = patience;
  }

  /// Runs in the terminal of this process, or without one by a script.
  ///
  /// @param scripted whether to decide by the script even where somebody could
  /// @param starter starts a hub with a configuration file
  /// @return what the process exits with: 0 if the agent received what was decided
  public static int run(boolean scripted, Function<Path, ApplicationContext> starter) {
    var terminal = Terminal.find();
    var screen = Screen.of(terminal);
    var chooser =
        terminal
            .filter(_ -> !scripted)
            .<Chooser>map(keys -> new Keyboard(keys, screen, System.in))
            .orElseGet(() -> new Script(screen));
    try {
      var folder = new TemporaryFolder(Path.of(System.getProperty("java.io.tmpdir")));
      cleanUpAtExit(terminal, folder);
      folder.logOutput();
      return new Demo(screen, chooser, starter, PATIENCE).run(folder);
    } catch (IOException e) {
      screen.line("The demo needs a temporary folder: " + e.getMessage());
      return 1;
    }
  }

  int run(TemporaryFolder folder) {
    try {
      screen.gap();
      screen.line(Colour.STRONG, "Approval Hub");
      screen.line(WELCOME);
      return play(folder);
    } catch (IOException e) {
      return failed(folder, List.of(String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      LOG.error("demo failed", e);
      return failed(folder, List.of("The hub failed: " + root(e)));
    }
  }

  private int play(TemporaryFolder folder) throws IOException {
    try (var agent = new ExampleAgent(clock);
        var inbox = new Inbox(clock, patience);
        var hub = new DemoHub(folder.path(), starter, agent, inbox)) {
      agent.work();
      var decided = decisions(agent.stops(), inbox);
      if (decided.size() < agent.stops()) {
        screen.gap();
        screen.line("The agent still waits. What nobody approves does not run.");
        return 0;
      }
      return judge(folder, new Report(decided, agent.received(), hub.decided(), hub.statistics()));
    }
  }

  /// Fewer than there are stops when somebody has had enough.
  private List<DemoDecision> decisions(int stops, Inbox inbox) throws IOException {
    var decided = new ArrayList<DemoDecision>();
    while (decided.size() < stops) {
      var approval = inbox.next();
      show(approval, (decided.size() + 1) + " of " + stops);
      var choice = chooser.choose();
      if (choice.isEmpty()) {
        return decided;
      }
      inbox.decide(approval, choice.get());
      decided.add(new DemoDecision(approval.tool(), choice.get()));
      showOutcome(inbox.settled(approval));
    }
    return decided;
  }

  private void show(Approval approval, String place) {
    var bar = approval.risk().equals("high") ? Colour.RED : Colour.YELLOW;
    screen.measure();
    screen.gap();
    screen.line(Colour.FAINT, place);
    screen.part(bar, Colour.STRONG, approval.headline(), 2);
    var facts = WORDS.facts(approval);
    facts.forEach(
        (fact, value) -> {
          if (!fact.isQuiet()) {
            screen.part(bar, Colour.NONE, said(fact, value), 2);
          }
        });
    for (var part : approval.parts()) {
      screen.part(bar, Colour.NONE, "", 0);
      if (!WORDS.label(part).isEmpty()) {
        screen.part(bar, Colour.STRONG, WORDS.label(part), 2);
      }
      screen.part(bar, Colour.NONE, part.text(), 2);
    }
    screen.part(bar, Colour.NONE, "", 0);
    var quiet =
        facts.entrySet().stream()
            .filter(fact -> fact.getKey().isQuiet())
            .map(fact -> said(fact.getKey(), fact.getValue()));
    screen.part(bar, Colour.FAINT, quiet.collect(Collectors.joining(" · ")), 2);
    screen.gap();
    explain(approval.arguments());
  }

  private static String said(Fact fact, String value) {
    var label = WORDS.label(fact);
    return label.isEmpty() ? value : label + ": " + value;
  }

  private void explain(String arguments) {
    if (arguments.contains(Disclosure.MASK)) {
      screen.line(Colour.FAINT, "Secrets are masked here; the agent keeps the real ones.");
    }
    if (arguments.contains("[U+")) {
      screen.line(Colour.FAINT, "Characters that cannot be seen are written out in brackets.");
    }
  }

  private void showOutcome(Approval copy) {
    var colour = copy.status() == Status.APPROVED ? Colour.GREEN : Colour.RED;
    screen.gap();
    screen.part(colour, colour, WORDS.status(copy), 2);
  }

  private int judge(TemporaryFolder folder, Report report) {
    report.print(screen);
    screen.gap();
    var differences = report.differences();
    if (differences.isEmpty()) {
      screen.line(Colour.GREEN, "The agent received exactly what was decided.");
      screen.line("Five minutes to your first real approval, on Telegram: see README.md.");
      return 0;
    }
    return failed(folder, differences);
  }

  private int failed(TemporaryFolder folder, List<String> problems) {
    problems.forEach(problem -> screen.line(Colour.RED, problem));
    screen.line("What the hub logged: " + folder.keptLog());
    return 1;
  }

  private static Throwable root(Throwable e) {
    return e.getCause() == null ? e : root(e.getCause());
  }

  /// Also after Ctrl-C.
  private static void cleanUpAtExit(Optional<Terminal> terminal, TemporaryFolder folder) {
    Runnable cleanUp =
        () -> {
          terminal.ifPresent(Terminal::wholeLines);
          folder.delete();
        };
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(cleanUp));
  }
}
