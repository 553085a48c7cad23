package io.streamfleet.bench;

import io.lettuce.core.Consumer;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import java.io.IOException;
import java.util.List;

/**
 * The worker, with more in Redis than it is asked to go through.
 *
 * @param waiting entries that wait behind those that it is measured with
 * @param held entries that another consumer of the group has in flight; it has had them for less
 *     than {@code minIdle}, like one that is alive and renews them, so that nobody may claim them
 */
record Crowded(WorkerContender worker, long waiting, long held) implements Contender {

  /** Another one of the group, of which nothing else is seen. */
  static final String OTHER = "other";

  /** Replies of some 300 kB. */
  private static final int PAGE = 1_000;

  @Override
  public String name() {
    return worker.name();
  }

  @Override
  public String version() {
    return worker.version();
  }

  @Override
  public String configuration() {
    return worker.configuration();
  }

  @Override
  public List<String> doesNotGuarantee() {
    return worker.doesNotGuarantee();
  }

  @Override
  public Child start(Lab lab, Work work, String consumer) throws IOException {
    return worker.start(lab, work, consumer);
  }

  @Override
  public void fill(Lab lab, String stream, Messages messages, long count)
      throws IOException, InterruptedException {
    worker.fill(lab, stream, messages, held + count + waiting);
    for (long left = held; left > 0; left -= PAGE) {
      lab.redis()
          .read(
              Consumer.from(Lab.GROUP, OTHER),
              XReadArgs.Builder.count(Math.min(PAGE, left)),
              StreamOffset.lastConsumed(stream));
    }
  }
}
