package io.streamfleet.operator;

import io.streamfleet.operator.redis.GroupRemoval;
import io.streamfleet.operator.redis.RedisObservatory;
import io.streamfleet.operator.resource.DeclaredGroup;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.FleetId;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.NoticeChannels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Deletes the consumer groups of a resource that is being deleted, except those that others use.
 */
final class GroupDeletion {

  private final RedisObservatory observatory;
  private final Duration timeout;

  /**
   * @param timeout how long to wait for a reply of Redis
   */
  GroupDeletion(RedisObservatory observatory, Duration timeout) {
    this.observatory = observatory;
    this.timeout = timeout;
  }

  /**
   * The result for each group.
   *
   * @param deleted deleted, or did not exist
   * @param kept used by others, with the reason
   * @param unsettled failed, with the reason: to be tried again
   */
  record Result(
      List<ConsumerGroup> deleted,
      Map<ConsumerGroup, String> kept,
      Map<ConsumerGroup, String> unsettled) {}

  /**
   * Deletes what can be deleted; may be called again.
   *
   * @param declarers which other resources declare a group of that name
   */
  Result delete(Fleet fleet, Function<ConsumerGroup, List<FleetId>> declarers)
      throws InterruptedException {
    Result result = new Result(new ArrayList<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
    Optional<Link> link = observatory.link(fleet.id());
    for (DeclaredGroup declared : fleet.groups()) {
      ConsumerGroup group = declared.group();
      if (link.isEmpty()) {
        result.unsettled().put(group, "Redis can't be reached");
        continue;
      }
      GroupRemoval removal =
          new GroupRemoval(
              link.get(), NoticeChannels.of(link.get(), fleet.spec().control().noticePrefix()));
      try {
        Optional<FleetId> other = sharer(fleet, group, declarers.apply(group), removal);
        if (other.isPresent()) {
          result.kept().put(group, "the resource %s declares it, too".formatted(other.get()));
        } else if (within(removal.remove(group, fleet.names()::isWorkerPod))
            instanceof GroupRemoval.Outcome.InUse used) {
          result.kept().put(group, used.why());
        } else {
          result.deleted().add(group);
        }
      } catch (ExecutionException e) {
        result.unsettled().put(group, Failures.line(Failures.cause(e)));
      } catch (TimeoutException e) {
        result.unsettled().put(group, "Redis did not answer in time");
      }
    }
    return result;
  }

  /**
   * The first of these resources that has the group on the same Redis. Fails if one of their Redis
   * servers can't be asked, since it may be the same.
   */
  private Optional<FleetId> sharer(
      Fleet fleet, ConsumerGroup group, List<FleetId> others, GroupRemoval removal)
      throws ExecutionException, InterruptedException, TimeoutException {
    for (FleetId other : others) {
      if (observatory.share(fleet.id(), other)) {
        return Optional.of(other);
      }
    }
    for (FleetId other : others) {
      Link link =
          observatory
              .link(other)
              .orElseThrow(
                  () ->
                      new ExecutionException(
                          new IllegalStateException(
                              ("the resource %s declares one of the same name, and its Redis can't"
                                      + " be asked whether it is the same")
                                  .formatted(other))));
      if (within(removal.isIn(link, group))) {
        return Optional.of(other);
      }
    }
    return Optional.empty();
  }

  private <T> T within(CompletableFuture<T> reply)
      throws ExecutionException, InterruptedException, TimeoutException {
    return reply.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }
}
