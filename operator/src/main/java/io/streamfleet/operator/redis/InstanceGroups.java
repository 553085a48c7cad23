package io.streamfleet.operator.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.streamfleet.operator.resource.DeclaredGroup;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.GroupCreation;
import io.streamfleet.redis.group.GroupPosition;
import io.streamfleet.redis.group.ObservedGroup;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the groups that resources declare on one Redis server, and creates them again when they
 * get lost. Owned by the observer's thread of that server.
 */
final class InstanceGroups {

  private static final Logger LOG = LoggerFactory.getLogger(InstanceGroups.class);

  /** Errors of a server that can't serve anything now; after a failover another one may. */
  private static final Pattern SERVER_ERROR =
      Pattern.compile("LOADING|MASTERDOWN|READONLY|CLUSTERDOWN|TRYAGAIN|BUSY |NOAUTH|WRONGPASS");

  private final Duration timeout;
  private final BiConsumer<Fleet, ConsumerGroup> onCreated;
  private final Map<ConsumerGroup, ObservedGroup.Presence> presences = new HashMap<>();
  private final Map<ConsumerGroup, String> refusals = new HashMap<>();

  /**
   * The last positions of groups that do not start at the beginning. Kept while Redis is
   * unreachable.
   */
  private final Map<ConsumerGroup, GroupPosition> positions = new HashMap<>();

  /**
   * @param timeout how long to wait for a reply of Redis
   */
  InstanceGroups(Duration timeout, BiConsumer<Fleet, ConsumerGroup> onCreated) {
    this.timeout = timeout;
    this.onCreated = onCreated;
  }

  /**
   * Creates a resource's groups if needed. A lost group is created again at its last position. If
   * it starts at the end and no position was observed, only the workers know it, and they create
   * the group.
   *
   * @param first whether this is the first time for this version of the resource
   */
  void see(Link link, Fleet fleet, boolean first)
      throws ExecutionException, InterruptedException, TimeoutException {
    for (DeclaredGroup declared : fleet.groups()) {
      GroupCreation creation = new GroupCreation(link, declared.startFrom());
      if (first || isLost(declared) || refusals.containsKey(declared.group())) {
        create(creation, fleet, declared);
      }
      if (creation.needsPosition()) {
        note(creation, declared.group());
      }
    }
  }

  private void note(GroupCreation creation, ConsumerGroup group)
      throws ExecutionException, InterruptedException, TimeoutException {
    try {
      creation
          .position(group)
          .get(timeout.toMillis(), TimeUnit.MILLISECONDS)
          .ifPresent(position -> positions.put(group, position));
    } catch (ExecutionException e) {
      // If the command is refused, the workers create the group again.
      if (!Failures.isRefusal(e)) {
        throw e;
      }
    }
  }

  private boolean isLost(DeclaredGroup declared) {
    ObservedGroup.Presence presence = presences.get(declared.group());
    return (presence == ObservedGroup.Presence.NO_GROUP
            || presence == ObservedGroup.Presence.NO_STREAM)
        && (!declared.startFrom().equals("End") || positions.containsKey(declared.group()));
  }

  /** An error that concerns one group does not affect the others. */
  private void create(GroupCreation creation, Fleet fleet, DeclaredGroup declared)
      throws ExecutionException, InterruptedException, TimeoutException {
    ConsumerGroup group = declared.group();
    try {
      GroupPosition known = positions.get(group);
      boolean created =
          (known == null ? creation.create(group) : creation.recreate(group, known))
              .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      refusals.remove(group);
      if (created) {
        tell(fleet, group);
      }
    } catch (ExecutionException e) {
      Throwable cause = Failures.cause(e);
      String said = String.valueOf(cause.getMessage());
      if (!(cause instanceof RedisCommandExecutionException)
          || SERVER_ERROR.matcher(said).lookingAt()) {
        throw e;
      }
      if (!said.equals(refusals.put(group, said))) {
        LOG.atWarn()
            .addKeyValue("resource", fleet.id())
            .addKeyValue("stream", group.stream())
            .addKeyValue("group", group.group())
            .addKeyValue("failure", said)
            .log("the consumer group could not be created");
      }
    }
  }

  /** A failing listener does not affect the group. */
  private void tell(Fleet fleet, ConsumerGroup group) {
    try {
      onCreated.accept(fleet, group);
    } catch (RuntimeException | Error e) {
      LOG.atWarn()
          .addKeyValue("resource", fleet.id())
          .setCause(e)
          .log("could not report that a group was created");
    }
  }

  /** Remembers the result of an observation. */
  void observed(Collection<ObservedGroup> groups) {
    presences.clear();
    groups.forEach(observed -> presences.put(observed.group(), observed.presence()));
    refusals.keySet().retainAll(presences.keySet());
    positions.keySet().retainAll(presences.keySet());
  }

  /** Called when Redis is unreachable: what comes back may be another server. */
  void forget() {
    presences.clear();
    refusals.clear();
  }

  /** Adds the error of a group that could not be created, since somebody has to act on it. */
  ObservedGroup withRefusal(ObservedGroup observed) {
    String refusal = refusals.get(observed.group());
    return refusal == null
        ? observed
        : new ObservedGroup(
            observed.group(),
            observed.presence(),
            observed.length(),
            observed.pending(),
            observed.lag(),
            observed.trimmed(),
            observed.oldestUnread(),
            observed.oldest(),
            observed.consumers(),
            Optional.of(
                "group %s of stream %s can't be created: %s"
                    .formatted(observed.group().group(), observed.group().stream(), refusal)));
  }
}
