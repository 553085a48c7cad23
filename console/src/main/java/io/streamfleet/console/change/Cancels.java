package io.streamfleet.console.change;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.commands.stream.RedisReply;
import io.streamfleet.console.access.Caller;
import io.streamfleet.console.cluster.FleetResource;
import io.streamfleet.console.look.FleetLink;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.worker.control.CancelOrder;

/** Stops an entry that a worker has in flight: the command {@code cancel}. */
public final class Cancels {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Audit audit;

  public Cancels(Audit audit) {
    this.audit = audit;
  }

  /**
   * Tells the workers.
   *
   * @throws Refused if no worker hears it
   */
  public void cancel(
      Caller caller, FleetResource resource, FleetLink fleet, String stream, EntryId entry) {
    audit.begin(
        caller, resource, Audit.Change.ConsoleCancel, "cancels entry " + entry + " of " + stream);
    Link link = fleet.link();
    String to = link.channel(fleet.spec().control().cancelChannel());
    String order = new CancelOrder.OfEntry(stream, entry).text(JSON);
    long heard =
        RedisReply.of(() -> link.number(CommandType.PUBLISH, Link.args().add(to).add(order)));
    // One node of a cluster counts its own listeners only.
    if (heard == 0 && !link.isCluster()) {
      throw new Refused("nobody listens on " + to + ": no worker was told");
    }
  }
}
