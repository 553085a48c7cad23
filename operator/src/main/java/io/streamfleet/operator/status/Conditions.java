package io.streamfleet.operator.status;

import io.streamfleet.api.Condition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * The conditions of one report, in the order in which they are said. One whose status is as it was
 * keeps its time.
 */
final class Conditions {

  private final List<Condition> before;
  private final long generation;
  private final String now;
  private final List<Condition> said = new ArrayList<>();

  /**
   * @param before those of the last report
   * @param generation of the resource that this is about
   */
  Conditions(List<Condition> before, long generation, Instant now) {
    this.before = List.copyOf(before);
    this.generation = generation;
    this.now = now.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  void add(ConditionType type, ConditionState state) {
    String status = state.status().name();
    said.add(
        new Condition(
            type.name(),
            status,
            generation,
            since(type.name(), status),
            state.reason(),
            state.message()));
  }

  List<Condition> all() {
    return List.copyOf(said);
  }

  private String since(String type, String status) {
    for (Condition old : before) {
      String time = old.lastTransitionTime();
      if (old.type().equals(type) && old.status().equals(status) && time != null) {
        return time;
      }
    }
    return now;
  }
}
