package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.control.Notices;
import io.streamfleet.worker.loop.EventLoop;
import java.util.List;

/** Hands what is heard about one stream, on a thread of the client, to the pipeline's loop. */
record FlowNotices(EventLoop loop, Flow flow) implements Notices.Listener {

  @Override
  public void handedOver(List<EntryId> ids) {
    loop.execute(() -> flow.handedToUs(ids));
  }

  @Override
  public void sweep() {
    loop.execute(() -> flow.parts().sweeper().nudge());
  }

  @Override
  public void cancelEntry(EntryId id) {
    loop.execute(() -> flow.cancelling().entry(id));
  }

  @Override
  public void cancelChannel(String channel) {
    loop.execute(() -> flow.cancelling().channel(channel));
  }
}
