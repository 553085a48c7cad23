package io.streamfleet.operator.redis;

import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.FleetId;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.FleetChannels;
import io.streamfleet.redis.group.NoticeChannels;
import io.streamfleet.redis.group.SettingsSpread;
import io.streamfleet.redis.group.WorkersTold;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Asks what the workers report of themselves, for all resources of one Redis in one call. */
final class WorkersLook {

  private WorkersLook() {}

  /**
   * Asks. Completes empty when Redis does not answer: a node of a Cluster that is silent must not
   * fail the observation of the groups.
   *
   * @param timeout after which it completes empty
   */
  static CompletableFuture<Optional<Map<FleetId, WorkersTold>>> at(
      Link link, List<Watched> watched, Duration timeout) {
    List<String> channels = new ArrayList<>();
    for (Watched one : watched) {
      FleetChannels fleet = channels(link, one.fleet());
      channels.addAll(List.of(fleet.all(), fleet.of(one.settings()), fleet.refused()));
      one.fleet().loops().forEach(loop -> channels.add(fleet.unavailable(loop)));
    }
    return FleetChannels.listeners(link, channels)
        .completeOnTimeout(Optional.empty(), timeout.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(failure -> Optional.empty())
        .thenApply(reply -> reply.map(counts -> reports(link, watched, counts)));
  }

  private static Map<FleetId, WorkersTold> reports(
      Link link, List<Watched> watched, Map<String, Long> counts) {
    Map<FleetId, WorkersTold> reports = new HashMap<>();
    for (Watched one : watched) {
      FleetChannels fleet = channels(link, one.fleet());
      reports.put(
          one.fleet().id(),
          new WorkersTold(spread(one, fleet, counts), unavailable(one, fleet, counts)));
    }
    return reports;
  }

  private static Map<String, Long> unavailable(
      Watched one, FleetChannels fleet, Map<String, Long> counts) {
    Map<String, Long> unavailable = new HashMap<>();
    for (String loop : one.fleet().loops()) {
      long workers = counts.getOrDefault(fleet.unavailable(loop), 0L);
      if (workers > 0) {
        unavailable.put(loop, workers);
      }
    }
    return unavailable;
  }

  private static SettingsSpread spread(Watched one, FleetChannels fleet, Map<String, Long> counts) {
    return new SettingsSpread(
        one.settings(),
        counts.getOrDefault(fleet.all(), 0L),
        counts.getOrDefault(fleet.of(one.settings()), 0L),
        counts.getOrDefault(fleet.refused(), 0L));
  }

  private static FleetChannels channels(Link link, Fleet fleet) {
    return FleetChannels.of(
        NoticeChannels.of(link, fleet.spec().control().noticePrefix()),
        fleet.namespace(),
        fleet.name());
  }
}
