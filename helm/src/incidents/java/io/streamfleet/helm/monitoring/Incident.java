package io.streamfleet.helm.monitoring;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What happens to one fleet, and which alerts it is to raise there.
 *
 * @param fleet the name of the fleet, which says what happens to it
 * @param path of its handler, see {@link Handlers}
 * @param spec what its manifest has beside what all have
 * @param cause what is done, time and again
 * @param clues of each alert that has to fire, how the runbook leads from it to the cause
 * @param mayRaise alerts that follow from the same cause sooner or later
 * @param condition what the status says while its alerts fire; empty if it shows numbers only
 */
record Incident(
    String fleet,
    String path,
    String spec,
    Cause cause,
    List<Clue> clues,
    Set<String> mayRaise,
    String condition) {

  static final String ONE_WORKER = "workers: {replicas: 1}";

  /** What is done to a fleet twice a second. */
  interface Cause {

    /**
     * Does it once more.
     *
     * @param turn counts from 0
     */
    void act(Scene scene, String fleet, int turn) throws InterruptedException;
  }

  static Incident of(String fleet, String path, String spec, Cause cause) {
    return new Incident(fleet, path, spec, cause, List.of(), Set.of(), "");
  }

  /**
   * It has to raise this alert.
   *
   * @param command of the alert's section, or its beginning
   * @param tells a regular expression for what that prints
   */
  Incident raises(String alert, String command, String tells) {
    List<Clue> more = new ArrayList<>(clues);
    more.add(new Clue(alert, command, tells));
    return new Incident(fleet, path, spec, cause, List.copyOf(more), mayRaise, condition);
  }

  Incident mayRaise(String... alerts) {
    return new Incident(fleet, path, spec, cause, clues, Set.of(alerts), condition);
  }

  /** Its status has to show this condition, such as {@code WorkersAvailable=False}. */
  Incident shows(String condition) {
    return new Incident(fleet, path, spec, cause, clues, mayRaise, condition);
  }

  /** The alerts that have to fire. */
  Set<String> alerts() {
    return clues.stream().map(Clue::alert).collect(Collectors.toSet());
  }
}
