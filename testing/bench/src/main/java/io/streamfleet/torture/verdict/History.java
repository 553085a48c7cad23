package io.streamfleet.torture.verdict;

import io.streamfleet.torture.evidence.EntryKey;
import io.streamfleet.torture.evidence.Evidence;
import io.streamfleet.torture.evidence.Handling;
import io.streamfleet.torture.evidence.Incident;
import io.streamfleet.torture.evidence.Published;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The history of one entry: its calls, other calls in its channel between them, and the faults of
 * the workers that had it.
 */
public final class History {

  private record Line(long at, String text) {
    @Override
    public String toString() {
      return "%10.3f s  %s".formatted(at / 1e9, text);
    }
  }

  private History() {}

  /** The lines, ordered by time. */
  public static List<String> of(Evidence evidence, EntryKey entry) {
    List<Line> lines = new ArrayList<>();
    List<Handling> own =
        evidence.handlings().stream().filter(it -> it.entry().equals(entry)).toList();
    long from = own.isEmpty() ? 0 : own.getFirst().began();
    long to = own.isEmpty() ? Long.MAX_VALUE : own.getLast().ended();
    for (Published it : evidence.published()) {
      if (it.entry().equals(entry) && !it.isEmitted()) {
        lines.add(
            new Line(
                it.sent(),
                "sent: number %d, channel %s%s, %s"
                    .formatted(
                        it.number(), it.channel(), it.ordered() ? "" : " (no turn)", it.errand())));
        from = own.isEmpty() ? it.sent() : from;
      }
    }
    own.forEach(it -> add(lines, it, ""));
    neighbours(evidence, own, from, to).forEach(it -> add(lines, it, " with " + it.entry().id()));
    Set<String> workers = own.stream().map(Handling::worker).collect(Collectors.toSet());
    for (Incident it : evidence.incidents()) {
      boolean concerns =
          workers.isEmpty()
              || workers.contains(it.worker())
              || it.worker().equals(Incident.HANDLER);
      if (it.touches(concerns ? it.worker() : "", from, to)) {
        lines.add(
            new Line(
                it.from(),
                "%s %s for %.3f s: %s"
                    .formatted(it.worker(), it.kind(), (it.to() - it.from()) / 1e9, it.what())));
      }
    }
    evidence.letters().stream()
        .filter(it -> it.entry().equals(entry))
        .forEach(it -> lines.add(new Line(Long.MAX_VALUE, "dead letter: " + it)));
    lines.sort(Comparator.comparingLong(Line::at));
    return lines.stream()
        .map(it -> it.at() == Long.MAX_VALUE ? " ".repeat(14) + it.text() : it.toString())
        .toList();
  }

  private static void add(List<Line> lines, Handling it, String which) {
    lines.add(
        new Line(
            it.began(),
            "%s begins%s, attempt %d, until %.3f s: %s"
                .formatted(it.worker(), which, it.attempt(), it.ended() / 1e9, it.ending())));
  }

  private static List<Handling> neighbours(
      Evidence evidence, List<Handling> own, long from, long to) {
    if (own.isEmpty() || !own.getFirst().ordered()) {
      return List.of();
    }
    Handling first = own.getFirst();
    return evidence.handlings().stream()
        .filter(it -> it.ordered() && it.channel().equals(first.channel()))
        .filter(it -> !it.entry().equals(first.entry()))
        .filter(it -> it.began() <= to && it.ended() >= from)
        .toList();
  }
}
