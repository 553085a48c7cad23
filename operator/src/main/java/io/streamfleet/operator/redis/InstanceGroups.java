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
 * The groups that resources declare on one Redis: there before the workers are, and made again when
 * they get lost. Belongs to the thread that looks at that Redis.
 */
final class InstanceGroups {

  private static final Logger LOG = LoggerFactory.getLogger(InstanceGroups.class);

  /** What a server says that can do nothing for anybody now; another one may, after a failover. */
  private static final Pattern OF_THE_SERVER =
      Pattern.compile("LOADING|MASTERDOWN|READONLY|CLUSTERDOWN|TRYAGAIN|BUSY |NOAUTH|WRONGPASS");

  private final Duration timeout;
  private final BiConsumer<Fleet, ConsumerGroup> onCreated;
  private final Map<ConsumerGroup, ObservedGroup.Presence> presences = new HashMap<>();
  private final Map<ConsumerGroup, String> refusals = new HashMap<>();

  /** Where groups that do not begin with their stream were last; also while Redis is away. */
  private final Map<ConsumerGroup, GroupPosition> positions = new HashMap<>();

  /**
   * @param timeout how long Redis may take to answer
   */
  InstanceGroups(Duration timeout, BiConsumer<Fleet, ConsumerGroup> onCreated) {
    this.timeout = timeout;
    this.onCreated = onCreated;
  }

  /**
   * Sees to a resource's groups. One that gets lost later is made again where it was, unless it
   * starts at the end and was never seen: then only the workers know, and they make it again.
   *
   * @param first whether this was not done before for this version of the resource
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
      // Where the question is refused, the workers make the group again.
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

  /** What Redis has against one group is no matter of the others that it has. */
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
          || OF_THE_SERVER.matcher(said).lookingAt()) {
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

  /** A group that is there is there, whether or not somebody can hear of it. */
  private void tell(Fleet fleet, ConsumerGroup group) {
    try {
      onCreated.accept(fleet, group);
    } catch (RuntimeException | Error e) {
      LOG.atWarn()
          .addKeyValue("resource", fleet.id())
          .setCause(e)
          .log("that a group was created could not be told");
    }
  }

  /** What a look came to. */
  void observed(Collection<ObservedGroup> groups) {
    presences.clear();
    groups.forEach(observed -> presences.put(observed.group(), observed.presence()));
    refusals.keySet().retainAll(presences.keySet());
    positions.keySet().retainAll(presences.keySet());
  }

  /** Redis is away, and what comes back may be another one. */
  void forget() {
    presences.clear();
    refusals.clear();
  }

  /** A group that could not be created is one that somebody has to see to. */
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
