package io.streamfleet.torture;

import io.streamfleet.torture.evidence.DeadLetterRecord;
import io.streamfleet.torture.evidence.Departure;
import io.streamfleet.torture.evidence.Evidence;
import io.streamfleet.torture.evidence.Handling;
import io.streamfleet.torture.verdict.History;
import io.streamfleet.torture.verdict.Violation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The report of a run.
 *
 * @param options of the run other than the seed and the rounds, each preceded by a space
 * @param brokenOff why the run was aborted; empty if it was not
 */
record Report(
    long seed,
    String options,
    int rounds,
    double seconds,
    Evidence evidence,
    List<Violation> violations,
    String brokenOff) {

  /**
   * The number of histories printed in full for each promise: the shortest ones are the most
   * useful.
   */
  private static final int MAX_HISTORIES = 2;

  boolean good() {
    return violations.isEmpty() && brokenOff.isEmpty();
  }

  String text() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "seed %d: %d rounds in %.0f s: %s"
            .formatted(seed, rounds, seconds, good() ? "all promises kept" : "FAILED"));
    lines.add("");
    figures().forEach((what, count) -> lines.add("  %8d  %s".formatted(count, what)));
    if (!brokenOff.isEmpty()) {
      lines.add("");
      lines.add("broken off: " + brokenOff);
    }
    Map<String, List<Violation>> byPromise =
        violations.stream()
            .collect(Collectors.groupingBy(Violation::promise, TreeMap::new, Collectors.toList()));
    byPromise.forEach((promise, broken) -> addBroken(promise, broken, lines));
    if (!good()) {
      lines.add("");
      lines.add(
          "To repeat this run: ./streamfleet torture --seed %d --rounds %d%s"
              .formatted(seed, rounds, options));
    }
    return String.join("\n", lines) + "\n";
  }

  /** Everything that happened to the fleet, one line each, for analysis. */
  List<String> incidents() {
    return Stream.concat(evidence.incidents().stream(), evidence.departures().stream())
        .map(Object::toString)
        .toList();
  }

  private void addBroken(String promise, List<Violation> broken, List<String> lines) {
    lines.add("");
    lines.add("BROKEN: %s (%d times)".formatted(promise, broken.size()));
    broken.stream()
        .sorted(Comparator.comparingInt(it -> history(it).size()))
        .limit(MAX_HISTORIES)
        .forEach(
            it -> {
              lines.add("  " + it);
              history(it).forEach(line -> lines.add("    " + line));
            });
    broken.stream().skip(MAX_HISTORIES).limit(20).forEach(it -> lines.add("  also: " + it));
  }

  private List<String> history(Violation violation) {
    return violation.entry() == null ? List.of() : History.of(evidence, violation.entry());
  }

  /** Counts of the faults, entries and handler calls of the run. */
  Map<String, Long> figures() {
    Map<String, Long> figures = new java.util.LinkedHashMap<>();
    figures.put("entries published", (long) evidence.published().size());
    figures.put("calls of the handler", (long) evidence.handlings().size());
    counted(figures, "calls that ended with ", evidence.handlings().stream(), Handling::ending);
    figures.put("entries handled more than once with success", duplicates());
    counted(figures, "dead letters: ", evidence.letters().stream(), DeadLetterRecord::reason);
    counted(figures, "faults: ", evidence.incidents().stream(), it -> it.kind() + " " + it.what());
    counted(figures, "workers that ended, ", evidence.departures().stream(), Departure::why);
    return figures;
  }

  private long duplicates() {
    return evidence.byEntry().values().stream()
        .filter(calls -> calls.stream().filter(Handling::isDone).count() > 1)
        .count();
  }

  private static <T> void counted(
      Map<String, Long> figures, String what, Stream<T> all, Function<T, Object> kind) {
    all.collect(
            Collectors.groupingBy(it -> what + kind.apply(it), TreeMap::new, Collectors.counting()))
        .forEach(figures::put);
  }
}
