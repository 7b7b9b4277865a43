package io.approvalhub.flow;

import io.approvalhub.agent.aar.FakeAar;
import io.approvalhub.plugin.Verdict;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An agent like Aar, which asks through the hub's shim for it.
final class AskingAar implements AskingAgent {

  private static final String CALL =
      "[[{\"tool_name\": \"bash\", \"tool_call_id\": \"%1$s\", \"arguments\": {\"command\":"
          + " \"%1$s\"}}]]";

  private final List<String> marks = new ArrayList<>();
  private Optional<FakeAar> aar = Optional.empty();

  @Override
  public String settings() {
    return "{\"type\": \"push\"}";
  }

  @Override
  public synchronized void ask(URI hub, String mark) {
    if (aar.isEmpty()) {
      aar = Optional.of(FakeAar.start(hub, "aar", "{}"));
    }
    marks.add(mark);
    aar.get().chat(marks.indexOf(mark), CALL.formatted(mark));
  }

  @Override
  public List<Verdict> told(String mark) {
    return output(mark)
        .map(output -> output.startsWith("ran ") ? Verdict.APPROVE : Verdict.DENY)
        .stream()
        .toList();
  }

  @Override
  public boolean obeyed(String mark, Verdict verdict) {
    var end =
        verdict == Verdict.APPROVE
            ? "ran {\"command\": \"" + mark + "\"}"
            : "Error [denied]: tool call denied by user";
    return output(mark).equals(Optional.of(end));
  }

  @Override
  public synchronized void close() {
    aar.ifPresent(FakeAar::close);
  }

  private synchronized Optional<String> output(String mark) {
    var request = marks.indexOf(mark);
    return aar.filter(process -> process.isOver(request)).map(process -> process.output(request));
  }
}
