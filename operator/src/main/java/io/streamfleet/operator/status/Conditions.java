package io.streamfleet.operator.status;

import io.streamfleet.api.Condition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * The conditions of one status, in order. A condition whose status did not change keeps its
 * transition time.
 */
final class Conditions {

  private final List<Condition> before;
  private final long generation;
  private final String now;
  private final List<Condition> conditions = new ArrayList<>();

  /**
   * @param before the conditions of the last status
   * @param generation of the resource
   */
  Conditions(List<Condition> before, long generation, Instant now) {
    this.before = List.copyOf(before);
    this.generation = generation;
    this.now = now.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  void add(ConditionType type, ConditionState state) {
    String status = state.status().name();
    conditions.add(
        new Condition(
            type.name(),
            status,
            generation,
            since(type.name(), status),
            state.reason(),
            state.message()));
  }

  List<Condition> all() {
    return List.copyOf(conditions);
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
