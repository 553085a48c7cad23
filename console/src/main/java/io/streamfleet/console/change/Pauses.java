package io.streamfleet.console.change;

import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.control.PauseChange;
import io.streamfleet.commands.control.PauseChange.NothingToPause;
import io.streamfleet.console.access.Caller;
import io.streamfleet.console.cluster.Cluster;
import io.streamfleet.console.cluster.FleetResource;

/**
 * Pauses and resumes the intake of a fleet, by its resource, as {@code kubectl streamfleet} does.
 */
public final class Pauses {

  private final Cluster cluster;
  private final Audit audit;

  public Pauses(Cluster cluster, Audit audit) {
    this.cluster = cluster;
    this.audit = audit;
  }

  /**
   * Pauses or resumes.
   *
   * @param what {@code inbound}, {@code outbound}, or a platform; both directions if empty
   * @throws Refused if the fleet has no such thing
   */
  public void set(Caller caller, FleetResource fleet, String what, boolean paused) {
    StreamConsumerGroupSpec spec =
        fleet.spec().orElseThrow(() -> new Refused("the resource is invalid"));
    PauseChange change;
    try {
      change = PauseChange.of(spec, what, paused);
    } catch (NothingToPause e) {
      throw new Refused(String.valueOf(e.getMessage()));
    }
    audit.begin(
        caller,
        fleet,
        paused ? Audit.Change.ConsolePaused : Audit.Change.ConsoleResumed,
        (paused ? "pauses " : "resumes ") + (what.isEmpty() ? "the intake" : what));
    cluster.patchFleet(fleet.key().namespace(), fleet.key().name(), change.patchOfResource());
  }
}
