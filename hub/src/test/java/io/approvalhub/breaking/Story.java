package io.approvalhub.breaking;

import java.util.ArrayList;
import java.util.List;

/// What happened to the jobs about which a promise was not kept.
final class Story {

  private Story() {}

  static List<String> of(Run.Result result, World world) {
    var story = new ArrayList<String>();
    story.add("seed " + result.schedule().seed());
    result.faults().forEach(fault -> story.add("fault " + fault));
    result.violations().forEach(violation -> story.add("VIOLATION " + violation));
    result.violations().stream()
        .map(Violation::job)
        .distinct()
        .forEach(job -> tell(job, world, story));
    story.add("");
    story.add("everything:");
    story.addAll(world.journal().lines());
    return story;
  }

  private static void tell(String job, World world, List<String> story) {
    story.add("");
    story.add(job + ":");
    story.addAll(world.journal().about(job));
    world.log(job).stream()
        .flatMap(line -> id(line).stream())
        .distinct()
        .flatMap(id -> world.log(id).stream())
        .forEach(line -> story.add("   log " + line));
  }

  private static List<String> id(String line) {
    var start = line.indexOf("raised approval=");
    return start < 0 ? List.of() : List.of(line.substring(start + 16, start + 42));
  }
}
