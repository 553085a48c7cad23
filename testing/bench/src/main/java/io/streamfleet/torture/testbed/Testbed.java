package io.streamfleet.torture.testbed;

import io.lettuce.core.RedisException;
import io.streamfleet.torture.evidence.Evidence;
import io.streamfleet.torture.evidence.Published;
import io.streamfleet.torture.evidence.Rules;
import io.streamfleet.torture.plan.Messages;
import io.streamfleet.torture.plan.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** All parts of a run, from Redis to the handler. */
public final class Testbed implements AutoCloseable {

  /** More than the handler's failures, so that only poison messages use them up. */
  private static final int MAX_ATTEMPTS = 4;

  /** The number of workers that a killing message kills; few other messages reach it too. */
  private static final int MAX_DELIVERIES = 6;

  private static final Duration RETRY_INTERVAL = Duration.ofMillis(500);

  private final Journal journal;
  private final RedisPlace redis;
  private final HandlerServer handler;
  private final Workers workers;
  private final Originals originals;
  private final Producer producer;
  private final RedisInspection look;
  private final StallWatch stalls;
  private final TakeoverWatch takeovers;
  private final Rules rules;
  private final DataLoss losses;

  private Testbed(
      Journal journal,
      RedisPlace redis,
      HandlerServer handler,
      Workers workers,
      Originals originals,
      Producer producer,
      RedisInspection look,
      Rules rules,
      boolean startsAtEnd) {
    this.journal = journal;
    this.redis = redis;
    this.handler = handler;
    this.workers = workers;
    this.originals = originals;
    this.producer = producer;
    this.look = look;
    this.rules = rules;
    this.losses = new DataLoss(journal, producer, look, startsAtEnd, Torturer.STUCK_AFTER);
    this.stalls = new StallWatch(journal);
    this.takeovers = new TakeoverWatch(journal, redis);
    handler.executioner(this::execute);
  }

  /**
   * Sets it up; nothing is published yet, and no worker is running.
   *
   * @param parts the optional faults
   * @param folder for manifests and logs
   */
  public static Testbed open(
      RedisPlace redis, Crew crew, long seed, Set<Part> parts, Path folder, Timing timing)
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
    boolean startsAtEnd = parts.contains(Part.FROM_END);
    Manifest manifest = new Manifest(timing, rules, startsAtEnd);
    Duration longest = timing.beyond().plusMillis(500);
    Messages messages = new Messages(seed, CHANNELS, longest);
    return new Testbed(
        journal,
        redis,
        handler,
        crew.gather(journal, redis, handler, manifest, parts, folder),
        new Originals(journal, redis, handler, timing, folder),
        new Producer(journal, messages, redis),
        new RedisInspection(redis),
        rules,
        startsAtEnd);
  }

  /** Enough for all workers to have work, few enough for them to compete for the busy ones. */
  static final int CHANNELS = 12;

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

  RedisInspection look() {
    return look;
  }

  HandlerServer handler() {
    return handler;
  }

  DataLoss losses() {
    return losses;
  }

  private void execute(String worker) {
    workers.kill(worker, true);
    originals.kill(worker);
  }

  /**
   * Everything known; to be called at the end. An aborted run may still be executing a fault of
   * Redis, so this retries.
   */
  public Evidence evidence() throws InterruptedException {
    long since = journal.now();
    while (true) {
      try {
        return known();
      } catch (RedisException e) {
        if (journal.now() - since > Torturer.STUCK_AFTER.toNanos()) {
          throw e;
        }
      }
      TimeUnit.NANOSECONDS.sleep(RETRY_INTERVAL.toNanos());
    }
  }

  private Evidence known() {
    List<Published> published = new ArrayList<>(look.published(producer));
    published.addAll(look.emitted());
    return new Evidence(
        rules,
        losses.published(published),
        journal.handlings(),
        losses.letters(look.letters()),
        journal.incidents(),
        journal.departures(),
        journal.solos(),
        journal.forgotten(),
        journal.logVolumes(),
        look.remains());
  }

  @Override
  public void close() throws IOException {
    stalls.close();
    takeovers.close();
    producer.close();
    originals.close();
    workers.close();
    look.close();
    handler.close();
    redis.close();
  }
}
