package io.streamfleet.helm.monitoring;

import java.util.Set;

/**
 * What happens to one fleet, and which alerts it is to raise there.
 *
 * @param fleet the name of the fleet, which says what happens to it
 * @param path of its handler, see {@link Handlers}
 * @param spec what its manifest has beside what all have
 * @param cause what is done, time and again
 * @param raises alerts that have to fire
 * @param mayRaise alerts that follow from the same cause sooner or later
 */
record Incident(
    String fleet, String path, String spec, Cause cause, Set<String> raises, Set<String> mayRaise) {

  /** What is done to a fleet twice a second. */
  interface Cause {

    /**
     * Does it once more.
     *
     * @param turn counts from 0
     */
    void act(Scene scene, String fleet, int turn) throws InterruptedException;
  }

  Incident raises(String... alerts) {
    return new Incident(fleet, path, spec, cause, Set.of(alerts), mayRaise);
  }

  Incident mayRaise(String... alerts) {
    return new Incident(fleet, path, spec, cause, raises, Set.of(alerts));
  }

  static Incident of(String fleet, String path, String spec, Cause cause) {
    return new Incident(fleet, path, spec, cause, Set.of(), Set.of());
  }
}
