package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.channel.ChannelLocks;
import io.streamfleet.worker.channel.Gate;
import io.streamfleet.worker.channel.LaneLocks;
import io.streamfleet.worker.channel.LaneWork;
import io.streamfleet.worker.channel.Lanes;
import io.streamfleet.worker.channel.LockKeys;
import io.streamfleet.worker.channel.OwnLocks;
import io.streamfleet.worker.channel.ServerClock;
import io.streamfleet.worker.loop.CallReport;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Creates the lanes of a pipeline, if its entries keep the order of their channel. */
final class ChannelLanes {

  /** Of a lock that nobody else wants; the lease of the partition is what may be lost. */
  private static final Duration FOR_EVER = Duration.ofDays(1);

  private ChannelLanes() {}

  static @Nullable Lanes of(
      Shared shared,
      ByStream<StreamParts> streams,
      CallReport calls,
      ServerClock clock,
      Gate gate,
      LaneWork work) {
    PipelineSettings settings = shared.settings();
    if (!settings.ordered()) {
      return null;
    }
    boolean alone = settings.partitions().isPresent();
    Duration ttl = alone ? FOR_EVER : settings.ordering().lockTtl();
    LaneLocks locks =
        alone
            ? new OwnLocks(shared.loop())
            : new ChannelLocks(
                shared.loop(), shared.commands(), settings.lockToken(), ttl.toMillis(), clock);
    return new Lanes(
        shared.loop(),
        new LockKeys(settings.ordering().lockTemplate(), settings.platform()),
        locks,
        settings.consumer(),
        ttl,
        gate,
        work,
        new LockLog(streams, shared.log(), calls),
        settings.random());
  }
}
