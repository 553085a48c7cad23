package io.streamfleet.console.change;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.console.access.Caller;
import io.streamfleet.console.cluster.Cluster;
import io.streamfleet.console.cluster.FleetResource;
import java.util.ArrayList;
import java.util.List;

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
    ObjectNode patch = patch(spec, what, paused);
    audit.begin(
        caller,
        fleet,
        paused ? Audit.Change.ConsolePaused : Audit.Change.ConsoleResumed,
        (paused ? "pauses " : "resumes ") + (what.isEmpty() ? "the intake" : what));
    cluster.patchFleet(fleet.key().namespace(), fleet.key().name(), patch);
  }

  private static ObjectNode patch(StreamConsumerGroupSpec spec, String what, boolean paused) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    ObjectNode change = patch.putObject("spec");
    boolean inbound = spec.inbound() != null && (what.isEmpty() || what.equals("inbound"));
    boolean outbound = spec.outbound() != null && (what.isEmpty() || what.equals("outbound"));
    if (inbound) {
      change.putObject("inbound").put("paused", paused);
    }
    if (outbound) {
      change.putObject("outbound").put("paused", paused);
    }
    if (!inbound && !outbound) {
      if (spec.outbound() == null || !spec.outbound().platforms().contains(what)) {
        throw new Refused("the fleet has no " + what);
      }
      List<String> platforms = new ArrayList<>(spec.outbound().pausedPlatforms());
      platforms.remove(what);
      if (paused) {
        platforms.add(what);
      }
      // A merge patch replaces a list as a whole.
      ArrayNode list = change.putObject("outbound").putArray("pausedPlatforms");
      platforms.forEach(list::add);
    }
    return patch;
  }
}
