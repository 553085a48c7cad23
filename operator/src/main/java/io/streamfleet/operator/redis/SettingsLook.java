package io.streamfleet.operator.redis;

import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.FleetId;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.NoticeChannels;
import io.streamfleet.redis.group.SettingsChannels;
import io.streamfleet.redis.group.SettingsSpread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Asks which settings the workers run with, for all resources of one Redis in one call. */
final class SettingsLook {

  private SettingsLook() {}

  /**
   * Asks. Completes empty when Redis does not answer: a node of a Cluster that is silent must not
   * fail the observation of the groups.
   *
   * @param timeout after which it completes empty
   */
  static CompletableFuture<Optional<Map<FleetId, SettingsSpread>>> at(
      Link link, List<Watched> watched, Duration timeout) {
    List<String> channels = new ArrayList<>();
    for (Watched one : watched) {
      SettingsChannels fleet = channels(link, one.fleet());
      channels.addAll(List.of(fleet.all(), fleet.of(one.settings()), fleet.refused()));
    }
    return SettingsChannels.listeners(link, channels)
        .completeOnTimeout(Optional.empty(), timeout.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(failure -> Optional.empty())
        .thenApply(reply -> reply.map(counts -> spreads(link, watched, counts)));
  }

  private static Map<FleetId, SettingsSpread> spreads(
      Link link, List<Watched> watched, Map<String, Long> counts) {
    Map<FleetId, SettingsSpread> spreads = new HashMap<>();
    for (Watched one : watched) {
      spreads.put(one.fleet().id(), spread(one, channels(link, one.fleet()), counts));
    }
    return spreads;
  }

  private static SettingsSpread spread(
      Watched one, SettingsChannels fleet, Map<String, Long> counts) {
    return new SettingsSpread(
        one.settings(),
        counts.getOrDefault(fleet.all(), 0L),
        counts.getOrDefault(fleet.of(one.settings()), 0L),
        counts.getOrDefault(fleet.refused(), 0L));
  }

  private static SettingsChannels channels(Link link, Fleet fleet) {
    return SettingsChannels.of(
        NoticeChannels.of(link, fleet.spec().control().noticePrefix()),
        fleet.namespace(),
        fleet.name());
  }
}
