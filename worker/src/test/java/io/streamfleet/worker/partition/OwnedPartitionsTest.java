package io.streamfleet.worker.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.embedded.RedisServer;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Workers that share the partitions of a stream, on a real Redis; what they read is not tried. */
class OwnedPartitionsTest {

  private static final Partitions SIXTEEN = new Partitions("in", 16);

  /** Short, since the tests wait for it; long enough for a machine that is busy. */
  private static final Duration TERM = Duration.ofSeconds(3);

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
  private final List<Worker> workers = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (Worker worker : workers) {
      worker.die();
    }
    traffic.close();
    redis.close();
  }

  @Test
  void eachPartitionHasOneOwnerAsWorkersJoinAndLeave() throws Exception {
    Worker a = new Worker("a");
    await().until(() -> a.owns(SIXTEEN.count()));

    Worker b = new Worker("b");
    Worker c = new Worker("c");
    await().untilAsserted(this::allAreShared);
    assertThat(b.owned).isNotEmpty();
    assertThat(c.owned).isNotEmpty();

    b.leave();
    await().untilAsserted(this::allAreShared);
    assertThat(b.owned).isEmpty();
    assertThat(Worker.overlaps).isEmpty();
  }

  @Test
  void aPartitionMovesOnlyWhenItsHandlersHaveEnded() {
    Worker a = new Worker("a");
    await().until(() -> a.owns(SIXTEEN.count()));
    a.isBusy = true;

    Worker b = new Worker("b");
    await().until(() -> !a.waiting.isEmpty());
    // It asks again and again meanwhile, and is told that the lease is another's.
    long asked = calls("evalsha");
    await().until(() -> calls("evalsha") > asked + 10);
    assertThat(b.owned).isEmpty();

    a.rest();
    await().untilAsserted(this::allAreShared);
    assertThat(b.owned).isNotEmpty();
  }

  @Test
  void thePartitionsOfADeadWorkerGoToTheOthers() throws Exception {
    Worker a = new Worker("a");
    Worker b = new Worker("b");
    await().untilAsserted(this::allAreShared);

    a.die();

    await().until(() -> b.owns(SIXTEEN.count()));
  }

  @Test
  void aWorkerThatLosesItsLeasesLearnsOfItAndGetsThemWithALargerEpoch() {
    Worker a = new Worker("a");
    await().until(() -> a.owns(SIXTEEN.count()));
    long before = a.epochOf(5);

    traffic.redis().flushall();

    await().until(() -> a.lost.contains(5));
    await().until(() -> a.owns(SIXTEEN.count()) && a.epochOf(5) > before);
  }

  @Test
  void aWorkerBeginsAgainWhoseCountsAreNotThoseOfRedis() {
    Worker a = new Worker("a");
    await().until(() -> a.owns(SIXTEEN.count()));
    long before = a.epochOf(5);

    traffic.redis().hset("in:{5}:lease:g", "settlements", Traffic.text("7"));

    await().until(() -> a.epochOf(5) > before);
    assertThat(a.lost).containsExactly(5);
  }

  @Test
  void nothingIsBegunWithoutARenewalUntilTheLeaseRunsOut() {
    Worker a = new Worker("a");
    await().until(() -> a.owns(SIXTEEN.count()));

    assertThat(a.isSure(0, Duration.ZERO)).isTrue();
    assertThat(a.isSure(0, TERM)).isFalse();
  }

  private void allAreShared() {
    Set<Integer> all = new TreeSet<>();
    workers.forEach(worker -> all.addAll(worker.owned));
    assertThat(all).hasSize(SIXTEEN.count());
    assertThat(workers.stream().mapToInt(worker -> worker.owned.size()).sum())
        .isEqualTo(SIXTEEN.count());
    assertThat(workers)
        .allSatisfy(worker -> assertThat(worker.owned).isEqualTo(worker.assigned(workers)));
  }

  private long calls(String command) {
    return traffic
        .redis()
        .info("commandstats")
        .lines()
        .filter(line -> line.startsWith("cmdstat_" + command + ":calls="))
        .mapToLong(line -> Long.parseLong(line.replaceAll(".*?calls=(\\d+),.*", "$1")))
        .sum();
  }

  /** A worker that only takes note of what it has. */
  private final class Worker implements RebalanceListener {

    /** Partitions that two had at once. */
    private static final Set<Integer> overlaps = ConcurrentHashMap.newKeySet();

    private final Set<Integer> owned = ConcurrentHashMap.newKeySet();
    private final Set<Integer> lost = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Grant> grants = new ConcurrentHashMap<>();
    private final Map<Integer, Runnable> waiting = new ConcurrentHashMap<>();
    private final String name;
    private final RedisConnector connector =
        RedisConnector.to(RedisSettings.plain(redis.url()), Duration.ofSeconds(1));
    private final Link link = connector.connect();
    private final EventLoop loop;
    private final OwnedPartitions partitions;
    private volatile boolean isBusy;
    private volatile boolean isAlive = true;

    Worker(String name) {
      this.name = name;
      this.loop =
          new EventLoop(
              name,
              System::nanoTime,
              () -> {},
              failure -> {
                throw new AssertionError(failure);
              });
      this.partitions =
          new OwnedPartitions(
              loop,
              new Leases(link, SIXTEEN::streamOf, "g", name, UUID.randomUUID(), TERM),
              new Members(link, SIXTEEN, "g", TERM),
              new Replication(link),
              new OwnedPartitions.Worker(name, SIXTEEN.count(), TERM),
              this,
              (what, failure) -> {});
      workers.add(this);
      overlaps.clear();
      loop.execute(partitions::start);
      loop.start();
    }

    @Override
    public void assigned(int partition, Grant grant, LongPredicate isSure) {
      grants.put(partition, grant);
      owned.add(partition);
      if (workers.stream().anyMatch(w -> w != this && w.isAlive && w.owned.contains(partition))) {
        overlaps.add(partition);
      }
    }

    @Override
    public void revoked(int partition, Runnable drained) {
      Runnable ended =
          () -> {
            owned.remove(partition);
            drained.run();
          };
      if (isBusy) {
        waiting.put(partition, ended);
      } else {
        ended.run();
      }
    }

    @Override
    public void lost(int partition, Runnable drained) {
      lost.add(partition);
      owned.remove(partition);
      drained.run();
    }

    @Override
    public CallCount settlements(int partition) {
      return CallCount.NONE;
    }

    boolean owns(int count) {
      return owned.size() == count;
    }

    long epochOf(int partition) {
      Grant grant = grants.get(partition);
      return grant == null ? 0 : grant.epoch();
    }

    boolean isSure(int partition, Duration later) {
      CompletableFuture<Boolean> sure = new CompletableFuture<>();
      loop.execute(
          () -> sure.complete(partitions.isSurelyHeld(partition, loop.now() + later.toNanos())));
      return sure.orTimeout(10, TimeUnit.SECONDS).join();
    }

    Set<Integer> assigned(List<Worker> all) {
      List<String> living = all.stream().filter(w -> w.isAlive).map(w -> w.name).toList();
      List<String> to = Assignment.of(SIXTEEN.count(), living);
      return new TreeSet<>(
          IntStream.range(0, to.size()).filter(p -> to.get(p).equals(name)).boxed().toList());
    }

    void rest() {
      isBusy = false;
      waiting.values().forEach(loop::execute);
    }

    void leave() throws InterruptedException {
      CompletableFuture<Void> left = new CompletableFuture<>();
      loop.execute(() -> partitions.drain().thenRun(() -> left.complete(null)));
      left.orTimeout(10, TimeUnit.SECONDS).join();
      die();
    }

    void die() throws InterruptedException {
      isAlive = false;
      loop.stop(Duration.ofSeconds(1));
      link.close();
      connector.close();
    }
  }
}
