package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.channel.LockReport;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.CallReport;

/**
 * Reports the state of channels' locks to log and metrics.
 *
 * @param calls notified of calls for all streams together
 */
record LockLog(ByStream<StreamParts> streams, PipelineLog log, CallReport calls)
    implements LockReport {

  @Override
  public void lockWaited(StreamConsumer stream, long nanos) {
    streams.of(stream).entries().metrics().lockWait(nanos);
  }

  @Override
  public void lockLost(StreamConsumer stream) {
    streams.of(stream).entries().metrics().lockLost();
    log.lockLost(stream);
  }

  @Override
  public boolean lockRefused(StreamConsumer stream, String key, String reason, boolean named) {
    return log.lockRefused(stream, key, reason, named);
  }

  @Override
  public void locksUsableAgain() {
    log.locksUsableAgain();
  }
}
