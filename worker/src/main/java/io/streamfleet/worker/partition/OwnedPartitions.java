package io.streamfleet.worker.partition;

import io.streamfleet.worker.loop.CallReport;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.partition.Holding.Phase;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions of one worker: acquires those that are assigned to it, renews their leases, and
 * releases those that are assigned to others. Belongs to the loop.
 */
public final class OwnedPartitions {

  private static final Logger LOG = LoggerFactory.getLogger(OwnedPartitions.class);

  /** The operations, in metrics and logs. */
  public static final String ANNOUNCE = "announce the worker";

  public static final String ACQUIRE = "acquire leases";
  public static final String RELEASE = "release leases";

  /**
   * How long it takes others to notice a worker that joins or leaves: what one gave up that leaves
   * waits for that. It is one short call.
   */
  private static final Duration LOOK = Duration.ofMillis(200);

  /** Between two attempts to acquire a lease; a released partition waits at most so long. */
  private static final Duration POLL = Duration.ofMillis(100);

  private final EventLoop loop;
  private final Leases leases;
  private final Members members;
  private final Replication replication;
  private final Worker worker;
  private final RebalanceListener listener;
  private final CallReport calls;
  private final Holdings holdings = new Holdings();
  private final LeaseRenewal renewal;
  private Set<Integer> assigned = Set.of();
  private List<String> names = List.of();
  private final AwaitedPartitions awaited;
  private long highestEpoch;
  private boolean asking;
  private boolean polling;
  private @Nullable CompletableFuture<Void> draining;

  /**
   * The worker and its stream.
   *
   * @param partitions the number of partitions of the stream
   * @param term the time after which a lease expires that is not renewed
   */
  public record Worker(String consumer, int partitions, Duration term) {}

  public OwnedPartitions(
      EventLoop loop,
      Leases leases,
      Members members,
      Replication replication,
      Worker worker,
      RebalanceListener listener,
      CallReport calls) {
    this.loop = loop;
    this.leases = leases;
    this.members = members;
    this.replication = replication;
    this.worker = worker;
    this.listener = listener;
    this.calls = calls;
    this.awaited = new AwaitedPartitions(loop::now);
    this.renewal = new LeaseRenewal(loop, leases, holdings, worker.term(), listener, calls);
  }

  /** Starts to announce the worker and to acquire partitions. */
  public void start() {
    loop.assertOwned();
    look();
    renewal.start(this::lose);
  }

  /** The partitions that are read. */
  public Set<Integer> held() {
    return Set.copyOf(holdings.in(Phase.HELD).keySet());
  }

  /** Whether an entry of a partition may start: no other worker can have the lease at that time. */
  public boolean isSurelyHeld(int partition, long at) {
    Holding holding = holdings.get(partition);
    return holding != null && holding.isSure(at);
  }

  // --- members and assignment

  private void look() {
    if (draining != null) {
      return;
    }
    answer(ANNOUNCE, members.announce(worker.consumer()), this::seen);
    loop.after(LOOK, this::look);
  }

  private void seen(List<String> all) {
    if (draining != null) {
      return;
    }
    if (!all.equals(names)) {
      names = all;
      List<String> owners = Assignment.of(worker.partitions(), all);
      assigned =
          new TreeSet<>(
              IntStream.range(0, owners.size())
                  .filter(partition -> owners.get(partition).equals(worker.consumer()))
                  .boxed()
                  .toList());
      LOG.atInfo()
          .addKeyValue("workers", all.size())
          .addKeyValue("partitions", assigned.size())
          .log("partitions are assigned");
    }
    holdings
        .in(Phase.HELD)
        .forEach(
            (partition, holding) -> {
              if (!assigned.contains(partition)) {
                revoke(partition, holding);
              }
            });
    acquire();
  }

  // --- acquiring

  private void acquire() {
    List<Integer> wanted = assigned.stream().filter(p -> !holdings.has(p)).toList();
    awaited.are(wanted);
    if (wanted.isEmpty() || asking || draining != null) {
      return;
    }
    asking = true;
    long sentAt = loop.now();
    leases
        .acquire(wanted, highestEpoch)
        .whenComplete(
            (grants, failure) ->
                loop.execute(
                    () -> {
                      asking = false;
                      if (failure != null) {
                        calls.failed(ACQUIRE, failure);
                      } else {
                        calls.worked(ACQUIRE);
                        granted(grants, sentAt);
                      }
                      pollAgain();
                      endIfDrained();
                    }));
  }

  /** For how many nanoseconds one was assigned here without being ours. From anywhere. */
  public long waited() {
    return awaited.longest();
  }

  /** Who is to have a partition waits for its owner to release it, or for the lease to run out. */
  private void pollAgain() {
    if (!polling) {
      polling = true;
      loop.after(
          POLL,
          () -> {
            polling = false;
            acquire();
          });
    }
  }

  private void granted(Map<Integer, Grant> grants, long sentAt) {
    if (grants.isEmpty()) {
      return;
    }
    Map<Integer, Holding> fresh = new LinkedHashMap<>();
    grants.forEach(
        (partition, grant) -> {
          highestEpoch = Math.max(highestEpoch, grant.epoch());
          fresh.put(partition, new Holding(grant, renewal.surelyUntil(sentAt, worker.term())));
        });
    fresh.forEach(holdings::put);
    replication
        .leasesArrived(fresh.keySet().stream().map(leases::keyOf).toList())
        .whenComplete((arrived, failure) -> loop.execute(() -> fresh.forEach(this::begin)));
  }

  private void begin(int partition, Holding holding) {
    if (!holding.is(Phase.GRANTED)) {
      return;
    }
    if (draining != null || !assigned.contains(partition)) {
      // No entry was started, so there is nothing to wait for.
      release(partition, holding);
      return;
    }
    holding.become(Phase.HELD);
    listener.assigned(partition, holding.grant, holding::isSure);
  }

  /** Renews all leases now: a connection was restored, perhaps to another server. */
  public void renew() {
    renewal.renew(this::lose);
  }

  // --- losing and releasing

  /**
   * A script found that the lease is lost, or that Redis has other counts: the partition is
   * acquired again when its handlers have ended.
   */
  public void lost(int partition, Grant grant) {
    loop.assertOwned();
    Holding holding = holdings.get(partition);
    if (holding != null && holding.grant.equals(grant) && !holding.is(Phase.LOST)) {
      lose(partition, holding);
    }
  }

  private void lose(int partition, Holding holding) {
    boolean wasBegun = holding.is(Phase.HELD);
    boolean isDraining = holding.is(Phase.REVOKED);
    holding.become(Phase.LOST);
    if (wasBegun) {
      listener.lost(partition, onLoop(() -> forget(partition, holding)));
    } else if (!isDraining) {
      forget(partition, holding);
    }
  }

  private void revoke(int partition, Holding holding) {
    holding.become(Phase.REVOKED);
    listener.revoked(partition, onLoop(() -> release(partition, holding)));
  }

  private void release(int partition, Holding holding) {
    if (!holdings.isCurrent(partition, holding)) {
      return;
    }
    // If it fails, the lease expires.
    CompletableFuture<Void> released = leases.release(Map.of(partition, holding.grant));
    released.whenComplete(
        (done, failure) ->
            loop.execute(
                () -> {
                  if (failure != null) {
                    calls.failed(RELEASE, failure);
                  } else {
                    calls.worked(RELEASE);
                  }
                  forget(partition, holding);
                }));
  }

  private void forget(int partition, Holding holding) {
    holdings.remove(partition, holding);
    acquire();
    endIfDrained();
  }

  /** A lease that is asked for may still be granted, and would be nobody's until it runs out. */
  private void endIfDrained() {
    CompletableFuture<Void> done = draining;
    if (done != null && holdings.isEmpty() && !asking) {
      done.complete(null);
    }
  }

  /** Releases all partitions; completes when others can acquire them. */
  public CompletableFuture<Void> drain() {
    loop.assertOwned();
    CompletableFuture<Void> done = new CompletableFuture<>();
    draining = done;
    answer(ANNOUNCE, members.leave(worker.consumer()), left -> {});
    holdings.in(Phase.HELD).forEach(this::revoke);
    endIfDrained();
    return done;
  }

  private Runnable onLoop(Runnable task) {
    return () -> loop.execute(task);
  }

  private <T> void answer(String what, CompletableFuture<T> call, Consumer<T> then) {
    BiConsumer<T, @Nullable Throwable> answered =
        (value, failure) -> {
          if (failure != null) {
            calls.failed(what, failure);
          } else {
            calls.worked(what);
            then.accept(value);
          }
        };
    call.whenComplete((value, failure) -> loop.execute(() -> answered.accept(value, failure)));
  }
}
