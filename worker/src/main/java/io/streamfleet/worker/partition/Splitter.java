package io.streamfleet.worker.partition;

import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.process.log.Sparingly;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.worker.loop.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the entries of a plain stream to its partitions, under the same ids and in the same order,
 * for publishers that can't choose the partition. Only one splitter is active at a time, under a
 * lease of the plain stream. Runs on a thread of its own.
 */
public final class Splitter implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Splitter.class);

  /** Entries in one read: appending and acknowledging them takes about four calls in all. */
  private static final int BATCH = 500;

  /** Between two attempts to acquire the lease; the next splitter takes over so soon. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** The longest wait for new entries, so that the lease is renewed in time. */
  private static final Duration LONGEST_WAIT = Duration.ofMillis(500);

  /** What is pending is looked at once under each grant. */
  private static final int LOOKS = 1;

  private final Link link;
  private final Link waiting;
  private final String stream;
  private final Leases leases;
  private final OwnerCalls calls;
  private final PartitionAppender appender;
  private final Replication replication;
  private final Duration term;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private final CountDownLatch stopped = new CountDownLatch(1);

  /**
   * @param link the connection for everything that does not block
   * @param waiting a connection for waits only
   * @param stream the plain stream
   * @param leases the leases of the plain stream, which counts as partition 0
   * @param term the time after which a lease expires that is not renewed
   */
  public Splitter(
      Link link,
      Link waiting,
      String stream,
      Leases leases,
      PartitionAppender appender,
      Duration term,
      LongSupplier nanoTime,
      RandomGenerator random) {
    this.link = link;
    this.waiting = waiting;
    this.stream = stream;
    this.leases = leases;
    this.calls = leases.calls();
    this.appender = appender;
    this.replication = new Replication(link);
    this.term = term;
    this.nanoTime = nanoTime;
    this.random = random;
  }

  /** The work under one grant. */
  private final class Turn {

    private final Grant grant;
    private EntryId newest = EntryId.ZERO;
    private long settlements;
    private long renewAt = nanoTime.getAsLong() + term.toNanos() / 3;

    Turn(Grant grant) {
      this.grant = grant;
      appender.begin();
    }

    /** Splits until the lease is lost, Redis has lost data, or {@link Splitter#stop} was called. */
    void run() {
      if (movePending()) {
        boolean goesOn = true;
        while (goesOn && stopped.getCount() > 0) {
          goesOn = renewInTime() && moveNew();
        }
      }
      get(leases.release(Map.of(0, grant)));
    }

    /** Moves pending entries first: they were read and perhaps not appended, and are older. */
    private boolean movePending() {
      String start = "-";
      do {
        List<Page> pages = get(calls.take(0, grant, start, LOOKS));
        if (pages.isEmpty() || !renewInTime()) {
          return false;
        }
        Page page = pages.getFirst();
        List<WholeEntry> entries =
            page.ids().stream().map(this::fetch).flatMap(Optional::stream).toList();
        if (entries.size() < page.ids().size()) {
          LOG.atWarn()
              .addKeyValue("stream", stream)
              .addKeyValue("entries", page.ids().size() - entries.size())
              .log("the stream was trimmed before these entries were split; they are lost");
        }
        if (!move(entries, page.ids())) {
          return false;
        }
        start = page.next();
        newest = page.newest();
      } while (!start.isEmpty());
      return true;
    }

    private Optional<WholeEntry> fetch(EntryId id) {
      List<Object> found =
          get(
              link.list(
                  CommandType.XRANGE,
                  Link.args().addKey(stream).add(id.toString()).add(id.toString())));
      if (found.isEmpty()) {
        return Optional.empty();
      }
      List<?> row = (List<?>) found.getFirst();
      return Optional.of(new WholeEntry(id, (List<?>) row.get(1)));
    }

    private boolean moveNew() {
      List<Object> reply =
          get(
              calls.read(
                  link,
                  new NestedMultiOutput<>(Link.CODEC),
                  List.of(calls.fenced(0, grant, LOOKS)),
                  BATCH));
      List<WholeEntry> entries = entries(reply);
      if (entries.isEmpty()) {
        await(newest.toString());
        return true;
      }
      newest = entries.getLast().id();
      return move(entries, entries.stream().map(WholeEntry::id).toList());
    }

    /** A reply is a list of one pair, or a map of one stream, by the protocol; or nil. */
    private static List<WholeEntry> entries(List<Object> reply) {
      if (reply.isEmpty() || reply.getFirst() == null) {
        return List.of();
      }
      List<?> rows =
          (List<?>) (reply.getFirst() instanceof List<?> pair ? pair.get(1) : reply.get(1));
      List<WholeEntry> entries = new ArrayList<>(rows.size());
      for (Object row : rows) {
        List<?> parts = (List<?>) row;
        entries.add(
            new WholeEntry(EntryId.parse(Link.text(parts.getFirst())), (List<?>) parts.get(1)));
      }
      return entries;
    }

    private boolean move(List<WholeEntry> entries, List<EntryId> ids) {
      if (!entries.isEmpty() && !get(appender.append(entries))) {
        LOG.atWarn()
            .addKeyValue("stream", stream)
            .log("a partition has lost entries that were appended; appending them again");
        return false;
      }
      if (ids.isEmpty()) {
        return true;
      }
      Settlement settlement = new Settlement(0, grant, settlements + 1, ids);
      boolean taken = get(calls.settle(List.of(settlement))).get(0) == Settlement.Result.TAKEN;
      settlements++;
      return taken;
    }

    private boolean renewInTime() {
      if (nanoTime.getAsLong() - renewAt < 0) {
        return true;
      }
      Renewed renewed = get(leases.renew(Map.of(0, grant))).get(0);
      renewAt = nanoTime.getAsLong() + term.toNanos() / 3;
      return renewed != null && renewed.settlements() == settlements;
    }
  }

  @Override
  public void run() {
    Sparingly failing = new Sparingly(Duration.ofMinutes(1), nanoTime);
    int failures = 0;
    while (stopped.getCount() > 0) {
      Duration pause = LOOK;
      try {
        Grant grant = get(leases.acquire(List.of(0), 0)).get(0);
        if (grant != null) {
          get(replication.arrived());
          new Turn(grant).run();
          pause = Duration.ZERO;
        }
        failures = 0;
        failing.over(
            times ->
                LOG.atInfo()
                    .addKeyValue("stream", stream)
                    .addKeyValue("failures", times)
                    .log("splitting again"));
      } catch (RuntimeException e) {
        failures++;
        pause = Backoff.REDIS.after(failures, random);
        failing.say(
            unsaid ->
                LOG.atWarn()
                    .addKeyValue("stream", stream)
                    .addKeyValue("failure", Failures.line(Failures.root(e)))
                    .addKeyValue("unsaid", unsaid)
                    .log("splitting failed; trying again"));
      }
      pause(pause);
    }
  }

  /** Requests the end; the current step is completed. Thread-safe. */
  public void stop() {
    stopped.countDown();
  }

  private void pause(Duration time) {
    try {
      if (stopped.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      stop();
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for an entry after the last one, without reading it. */
  private void await(String last) {
    Duration wait =
        LONGEST_WAIT.compareTo(term.dividedBy(3)) < 0 ? LONGEST_WAIT : term.dividedBy(3);
    get(
        waiting.list(
            CommandType.XREAD,
            Link.args()
                .add("COUNT")
                .add(1)
                .add("BLOCK")
                .add(wait.toMillis())
                .add("STREAMS")
                .addKey(stream)
                .add(last)));
  }

  /** Waits without a limit, since the client ends each call by its time-out. */
  private static <T> T get(CompletableFuture<T> call) {
    return call.join();
  }
}
