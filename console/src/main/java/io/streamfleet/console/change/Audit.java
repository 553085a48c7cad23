package io.streamfleet.console.change;

import io.streamfleet.console.access.Caller;
import io.streamfleet.console.cluster.ClusterFailure;
import io.streamfleet.console.cluster.FleetEvents;
import io.streamfleet.console.cluster.FleetResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records who changed what: a line of the log, and an Event of the fleet. */
public final class Audit {

  private static final Logger log = LoggerFactory.getLogger(Audit.class);

  private final FleetEvents events;

  public Audit(FleetEvents events) {
    this.events = events;
  }

  /** What is recorded; the names are the reasons of the Events. */
  public enum Change {
    ConsolePaused,
    ConsoleResumed,
    ConsoleReplay,
    ConsolePurge,
    ConsoleCancel
  }

  /**
   * Records a change before it is made: who can't be recorded must not change anything.
   *
   * @param what a sentence without payloads, such as {@code pauses inbound}
   * @throws ClusterFailure if the Event cannot be written
   */
  public void begin(Caller caller, FleetResource fleet, Change change, String what) {
    line(caller, fleet, change, what);
    events.write(fleet, change.name(), caller.user() + " " + what);
  }

  /** Records how a change ended, which was recorded when it began. */
  public void end(Caller caller, FleetResource fleet, Change change, String what) {
    line(caller, fleet, change, what);
    try {
      events.write(fleet, change.name(), caller.user() + " " + what);
    } catch (ClusterFailure e) {
      log.atWarn()
          .addKeyValue("fleet", fleet.key())
          .addKeyValue("problem", e.getMessage())
          .log("the Event about the end of a change could not be written");
    }
  }

  private static void line(Caller caller, FleetResource fleet, Change change, String what) {
    log.atInfo()
        .addKeyValue("user", caller.user())
        .addKeyValue("fleet", fleet.key())
        .addKeyValue("change", change)
        .addKeyValue("what", what)
        .log("a user changes a fleet");
  }
}
