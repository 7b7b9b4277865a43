package io.approvalhub.kit.parts;

import com.github.difflib.DiffUtils;
import com.github.difflib.algorithm.myers.MyersDiffWithLinearSpace;
import com.github.difflib.patch.AbstractDelta;
import java.util.ArrayList;
import java.util.List;

/// What changes between two texts, line by line. Nothing is left out: the lines that stay and those
/// that go are the one text, the lines that stay and those that come are the other.
public final class Differences {

  /// Finding the least change takes time with the square of the lines; beyond, all that is not the
  /// same at both ends counts as changed.
  private static final int MOST = 4_000;

  private Differences() {}

  /// Every line of both, each behind a space, `-` or `+`.
  public static String between(String before, String after) {
    return String.join(
        "\n", lines(List.of(before.split("\n", -1)), List.of(after.split("\n", -1))));
  }

  /// The same with at most `around` unchanged lines beside each change; `@@` stands for the others.
  public static String between(String before, String after, int around) {
    var lines = lines(List.of(before.split("\n", -1)), List.of(after.split("\n", -1)));
    var shown = new ArrayList<String>();
    var skipped = false;
    for (var at = 0; at < lines.size(); at++) {
      if (isNear(lines, at, around)) {
        if (skipped) {
          shown.add("@@");
        }
        shown.add(lines.get(at));
      }
      skipped = !isNear(lines, at, around);
    }
    return String.join("\n", shown);
  }

  private static boolean isNear(List<String> lines, int at, int around) {
    var from = Math.max(0, at - around);
    var to = Math.min(lines.size(), at + around + 1);
    return lines.subList(from, to).stream().anyMatch(line -> !line.startsWith(" "));
  }

  private static List<String> lines(List<String> before, List<String> after) {
    var head = head(before, after);
    var tail = tail(before.subList(head, before.size()), after.subList(head, after.size()));
    var lines = new ArrayList<String>();
    add(lines, " ", before.subList(0, head));
    changes(
        lines,
        before.subList(head, before.size() - tail),
        after.subList(head, after.size() - tail));
    add(lines, " ", before.subList(before.size() - tail, before.size()));
    return lines;
  }

  /// What goes stands before what comes in its place.
  private static void changes(List<String> lines, List<String> before, List<String> after) {
    if (before.size() + after.size() > MOST) {
      add(lines, "-", before);
      add(lines, "+", after);
      return;
    }
    var at = 0;
    var come = new ArrayList<String>();
    for (var delta : deltas(before, after)) {
      var source = delta.getSource();
      if (source.getPosition() > at) {
        add(lines, "+", come);
        come.clear();
      }
      add(lines, " ", before.subList(at, source.getPosition()));
      add(lines, "-", source.getLines());
      come.addAll(delta.getTarget().getLines());
      at = source.getPosition() + source.size();
    }
    add(lines, "+", come);
    add(lines, " ", before.subList(at, before.size()));
  }

  private static List<AbstractDelta<String>> deltas(List<String> before, List<String> after) {
    return DiffUtils.diff(before, after, new MyersDiffWithLinearSpace<>()).getDeltas();
  }

  private static void add(List<String> lines, String sign, List<String> texts) {
    texts.forEach(text -> lines.add(sign + text));
  }

  private static int head(List<String> before, List<String> after) {
    var most = Math.min(before.size(), after.size());
    var head = 0;
    while (head < most && before.get(head).equals(after.get(head))) {
      head++;
    }
    return head;
  }

  private static int tail(List<String> before, List<String> after) {
    return head(before.reversed(), after.reversed());
  }
}
