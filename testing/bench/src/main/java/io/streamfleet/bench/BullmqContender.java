package io.streamfleet.bench;

import io.streamfleet.bench.Observer.Progress;
import java.io.IOException;
import java.util.List;

/**
 * BullMQ: a job queue of lists, hashes and scripts, without a Redis Stream. Its jobs are the
 * entries' payloads as JSON, the usual format of BullMQ jobs. Unordered only: groups (one job of a
 * key at a time) are not in the free version.
 */
record BullmqContender(BullmqProgram program) implements Contender {

  /** The prefix of its keys. */
  private static final String PREFIX = "bench";

  /** The highest and the fastest of the values that were tried. */
  private static final int CONCURRENCY = 1_000;

  /** A few seconds of its work. Filling takes a while and is repeated for each lap. */
  private static final long MAX_ENTRIES = 60_000;

  @Override
  public String name() {
    return "BullMQ";
  }

  @Override
  public String version() {
    return program.version();
  }

  @Override
  public String configuration() {
    return "concurrency %d, jobs removed once completed; payload as JSON".formatted(CONCURRENCY);
  }

  @Override
  public List<String> doesNotGuarantee() {
    return List.of(
        "one handler at a time in a channel, and order in it: groups are not in the free version",
        "at least once, quite: a job whose worker died twice counts as failed (maxStalledCount)",
        "retries, unless a job asks for them (attempts, backoff)",
        "Redis Streams: publishers and consumers have to use BullMQ");
  }

  @Override
  public boolean takes(Work work) {
    return !work.ordered() && !work.traced();
  }

  @Override
  public boolean readsStreams() {
    return false;
  }

  @Override
  public int readers() {
    return 0;
  }

  @Override
  public long maxEntries() {
    return MAX_ENTRIES;
  }

  @Override
  public Child start(Lab lab, Work work, String consumer) throws IOException {
    return Child.of(
        lab.log(consumer),
        program.worker(
            lab.redis().url(),
            queue(work.stream()),
            PREFIX,
            PeerContender.handler(work.handler()),
            Integer.toString(CONCURRENCY),
            Long.toString(work.minIdle().toMillis()),
            Long.toString(work.claimEvery().toMillis())));
  }

  @Override
  public void fill(Lab lab, String stream, Messages messages, long count)
      throws IOException, InterruptedException {
    clear(lab, stream);
    try (Adder adder = adder(lab, stream)) {
      for (long n = 0; n < count; n++) {
        adder.add(messages.payload(n));
      }
      adder.end(count);
    }
  }

  @Override
  public Publisher publisher(Lab lab, String stream, Messages messages, double perSecond) {
    return new BullmqOpenLoop(() -> adder(lab, stream), messages, perSecond);
  }

  private Adder adder(Lab lab, String stream) throws IOException {
    return new Adder(program.add(lab.redis().url(), queue(stream), PREFIX));
  }

  @Override
  public Progress progress(Lab lab, String stream) {
    return lab.redis().queueProgress(key(stream));
  }

  @Override
  public void clear(Lab lab, String stream) {
    lab.redis().deleteMatching(key(stream) + ":*");
  }

  /** A queue's name must not contain colons. */
  private static String queue(String stream) {
    return stream.replace(':', '-');
  }

  private static String key(String stream) {
    return PREFIX + ":" + queue(stream);
  }
}
