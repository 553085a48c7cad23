package io.streamfleet.torture.field;

import io.streamfleet.torture.evidence.Evidence;
import io.streamfleet.torture.evidence.Published;
import io.streamfleet.torture.evidence.Rules;
import io.streamfleet.torture.plan.Messages;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** All that a run consists of, from Redis to the handler. */
public final class Field implements AutoCloseable {

  /** More than the handler ever fails, so that only what is poison uses them up. */
  private static final int MAX_ATTEMPTS = 4;

  /** So many workers a message kills that kills; few of the innocent that go with it. */
  private static final int MAX_DELIVERIES = 6;

  private final Journal journal;
  private final RedisPlace redis;
  private final HandlerServer handler;
  private final Workers workers;
  private final Originals originals;
  private final Producer producer;
  private final Look look;
  private final StallWatch stalls;
  private final Rules rules;

  private Field(
      Journal journal,
      RedisPlace redis,
      HandlerServer handler,
      Workers workers,
      Originals originals,
      Producer producer,
      Look look,
      Rules rules) {
    this.journal = journal;
    this.redis = redis;
    this.handler = handler;
    this.workers = workers;
    this.originals = originals;
    this.producer = producer;
    this.look = look;
    this.rules = rules;
    this.stalls = new StallWatch(journal);
    handler.executioner(this::execute);
  }

  /**
   * Sets it up; nothing is published yet, and no worker is there.
   *
   * @param folder where manifests and logs go
   */
  public static Field open(RedisPlace redis, Crew crew, long seed, Path folder, Timing timing)
      throws IOException {
    Journal journal = new Journal(System::nanoTime);
    Rules rules =
        new Rules(
            MAX_ATTEMPTS,
            MAX_DELIVERIES,
            timing.lockTtl().toNanos(),
            timing.handlerTimeout().toNanos(),
            timing.drainTimeout().toNanos(),
            !redis.isCluster());
    HandlerServer handler = HandlerServer.start(journal);
    Manifest manifest = new Manifest(timing, rules);
    Duration longest = timing.beyond().plusMillis(500);
    Messages messages = new Messages(seed, CHANNELS, longest);
    return new Field(
        journal,
        redis,
        handler,
        crew.gather(journal, redis, handler, manifest, folder),
        new Originals(journal, redis, handler, timing, folder),
        new Producer(journal, messages, redis),
        new Look(redis),
        rules);
  }

  /** Enough that all workers have work, few enough that they meet in the busy ones. */
  private static final int CHANNELS = 12;

  public Journal journal() {
    return journal;
  }

  RedisPlace redis() {
    return redis;
  }

  Workers workers() {
    return workers;
  }

  Originals originals() {
    return originals;
  }

  Producer producer() {
    return producer;
  }

  Look look() {
    return look;
  }

  private void execute(String worker) {
    workers.kill(worker, true);
    originals.kill(worker);
  }

  /** Everything that is known; to be asked when all is over. */
  public Evidence evidence() {
    List<Published> published = new ArrayList<>(look.published(producer));
    published.addAll(look.emitted());
    return new Evidence(
        rules,
        List.copyOf(published),
        journal.handlings(),
        look.letters(),
        journal.incidents(),
        journal.departures(),
        journal.solos(),
        look.remains());
  }

  @Override
  public void close() throws IOException {
    stalls.close();
    producer.close();
    originals.close();
    workers.close();
    look.close();
    handler.close();
    redis.close();
  }
}
