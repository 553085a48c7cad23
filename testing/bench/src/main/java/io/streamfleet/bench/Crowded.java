package io.streamfleet.bench;

import io.lettuce.core.Consumer;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import java.io.IOException;

/**
 * The worker, with additional entries in Redis beside those it handles.
 *
 * @param waiting entries that wait behind the measured ones
 * @param held entries that another consumer of the group has in flight, for less than {@code
 *     minIdle}, as if it were alive and renewed them: they cannot be claimed
 */
record Crowded(WorkerContender worker, long waiting, long held) implements WorkerVariant {

  /** Another consumer of the group, without a process. */
  static final String OTHER = "other";

  /** Replies of about 300 kB. */
  private static final int BATCH = 1_000;

  @Override
  public Child start(Lab lab, Work work, String consumer) throws IOException {
    return worker.start(lab, work, consumer);
  }

  @Override
  public void fill(Lab lab, String stream, Messages messages, long count)
      throws IOException, InterruptedException {
    worker.fill(lab, stream, messages, held + count + waiting);
    for (long left = held; left > 0; left -= BATCH) {
      lab.redis()
          .read(
              Consumer.from(Lab.GROUP, OTHER),
              XReadArgs.Builder.count(Math.min(BATCH, left)),
              StreamOffset.lastConsumed(stream));
    }
  }
}
