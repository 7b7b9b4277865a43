package io.approvalhub.approval;

import io.approvalhub.database.Database;
import io.approvalhub.plugin.Approval.Status;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Counts of approvals.
@Singleton
public final class Statistics {

  private static final double MICROS = 1_000_000.0;

  /// Agents name the tools, so only so many are told apart where all are asked for.
  private static final int MOST_TOOLS = 200;

  private final Database database;

  Statistics(Database database) {
    this.database = database;
  }

  /// Counts per tool, of one agent or all, of one tool or all.
  public List<Tool> tools(Optional<String> agent, Optional<String> tool) {
    var counts = new TreeMap<String, Map<String, Long>>();
    for (var count : counts(agent, tool)) {
      counts
          .computeIfAbsent(count.tool(), _ -> new HashMap<>())
          .put(count.status(), count.number());
    }
    var medians = medians(agent, tool);
    return counts.entrySet().stream()
        .map(
            entry ->
                new Tool(
                    entry.getKey(),
                    Counts.of(entry.getValue()),
                    Optional.ofNullable(medians.get(entry.getKey()))))
        .toList();
  }

  /// Counts over everything.
  public Counts summary(Optional<String> agent) {
    var counts = new HashMap<String, Long>();
    counts(agent, Optional.empty())
        .forEach(count -> counts.merge(count.status(), count.number(), Long::sum));
    return Counts.of(counts);
  }

  /// How many wait, by agent and tool: the tools of which most wait, and the others together.
  public List<Waiting> waiting() {
    return database.read(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT agent, CASE WHEN place <= :most THEN tool ELSE :others END AS shown,
                      SUM(number) AS number
                    FROM (
                      SELECT agent, tool, COUNT(*) AS number,
                        ROW_NUMBER() OVER (ORDER BY COUNT(*) DESC, agent, tool) AS place
                      FROM approvals WHERE status = 'PENDING' GROUP BY agent, tool) AS ranked
                    GROUP BY agent, shown\
                    """)
                .bind("most", MOST_TOOLS)
                .bind("others", Waits.OTHERS)
                .map((row, _) -> new Waiting(row.getString(1), row.getString(2), row.getLong(3)))
                .list());
  }

  private List<Count> counts(Optional<String> agent, Optional<String> tool) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "SELECT tool, status, COUNT(*) AS number FROM approvals"
                        + where(agent, tool, "1 = 1")
                        + " GROUP BY tool, status")
                .bind("agent", agent.orElse(""))
                .bind("tool", tool.orElse(""))
                .map((row, _) -> new Count(row.getString(1), row.getString(2), row.getLong(3)))
                .list());
  }

  /// The lower median of the time to a decision.
  private Map<String, Double> medians(Optional<String> agent, Optional<String> tool) {
    var sql =
        """
        SELECT tool, waited FROM (
          SELECT tool, decided_at - raised_at AS waited,
            ROW_NUMBER() OVER (PARTITION BY tool ORDER BY decided_at - raised_at) AS place,
            COUNT(*) OVER (PARTITION BY tool) AS number
          FROM approvals\
        """
            + where(agent, tool, "status IN ('APPROVED', 'DENIED')")
            + ") AS ranked WHERE place = (number + 1) / 2";
    var medians = new HashMap<String, Double>();
    database.read(
        handle -> {
          handle
              .createQuery(sql)
              .bind("agent", agent.orElse(""))
              .bind("tool", tool.orElse(""))
              .map((row, _) -> medians.put(row.getString(1), row.getLong(2) / MICROS))
              .list();
          return medians;
        });
    return medians;
  }

  private static String where(Optional<String> agent, Optional<String> tool, String condition) {
    return " WHERE "
        + condition
        + (agent.isPresent() ? " AND agent = :agent" : "")
        + (tool.isPresent() ? " AND tool = :tool" : "");
  }

  private record Count(String tool, String status, long number) {}

  /// Counts by status.
  public record Counts(
      long pending, long approved, long denied, long cancelled, long expired, long total) {

    static Counts of(Map<String, Long> counts) {
      return new Counts(
          count(counts, Status.PENDING),
          count(counts, Status.APPROVED),
          count(counts, Status.DENIED),
          count(counts, Status.CANCELLED),
          count(counts, Status.EXPIRED),
          counts.values().stream().mapToLong(Long::longValue).sum());
    }

    private static long count(Map<String, Long> counts, Status status) {
      return counts.getOrDefault(status.name(), 0L);
    }
  }

  /// Counts of one tool.
  ///
  /// @param medianSeconds the median of the time until it was decided
  public record Tool(String name, Counts counts, Optional<Double> medianSeconds) {}

  /// How many approvals for a tool of an agent wait.
  public record Waiting(String agent, String tool, long number) {}
}
