package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.control.Notices;
import io.streamfleet.worker.loop.EventLoop;
import java.util.List;

/** Passes notices for one stream from the Redis client's thread to the pipeline's loop. */
record IntakeNotices(EventLoop loop, StreamIntake intake) implements Notices.Listener {

  @Override
  public void handedOver(List<EntryId> ids) {
    loop.execute(() -> intake.handedToUs(ids));
  }

  @Override
  public void sweep() {
    loop.execute(() -> intake.parts().sweeper().nudge());
  }

  @Override
  public void cancelEntry(EntryId id) {
    loop.execute(() -> intake.cancellation().entry(id));
  }

  @Override
  public void cancelChannel(String channel) {
    loop.execute(() -> intake.cancellation().channel(channel));
  }
}
