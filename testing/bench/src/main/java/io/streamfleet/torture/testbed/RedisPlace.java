package io.streamfleet.torture.testbed;

import io.streamfleet.embedded.FaultyLink;
import io.streamfleet.embedded.RedisBinary;
import io.streamfleet.embedded.RedisCluster;
import io.streamfleet.embedded.RedisSentinels;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.torture.plan.Setting;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** The Redis of a run, which is a target of faults as well. Not thread-safe. */
public sealed interface RedisPlace extends AutoCloseable {

  /** A connection without faults, for observers and the producer. */
  String url();

  /** Whether it is a Redis Cluster. */
  default boolean isCluster() {
    return false;
  }

  /** Whether a failover is possible. */
  default boolean canFailOver() {
    return false;
  }

  /** Kills a master, and returns when another one has taken over and the old one is its replica. */
  default void failOver(RedisServer master) {
    throw new IllegalStateException("there is no other Redis that could take over");
  }

  /**
   * The ports of the current masters that the fleet uses; empty where no failover is possible.
   *
   * @throws io.streamfleet.embedded.ServerFailure while the servers disagree
   */
  default Set<Integer> masters() {
    return Set.of();
  }

  /** Returns when all servers agree on the master and follow it. */
  default void settle() throws InterruptedException {}

  /** The same through a worker's own link. */
  default String url(FaultyLink link) {
    return link.url();
  }

  /** A link for one worker, if possible. */
  default Optional<FaultyLink> newLink() {
    return Optional.empty();
  }

  /** The server that accepts writes now. */
  RedisServer master();

  @Override
  void close();

  /**
   * Starts it.
   *
   * @param database of a single server
   */
  static RedisPlace of(Setting.Redis kind, int database) {
    return switch (kind) {
      case SINGLE ->
          new Single(
              RedisServer.builder().appendOnly(RedisServer.Fsync.EVERYSEC).start(), database);
      case SENTINEL -> new Sentinel(RedisSentinels.start(RedisBinary.find()));
      case CLUSTER -> new Cluster(RedisCluster.start(RedisBinary.find(), 1), new AtomicInteger());
    };
  }

  /** A running failover is noticed within this time. */
  Duration UNNOTICED = Duration.ofSeconds(2);

  /** A failover of ours takes some seconds; after this time it has failed. */
  Duration FAILOVER_TIMEOUT = Duration.ofSeconds(60);

  /** One server. */
  record Single(RedisServer master, int database) implements RedisPlace {

    @Override
    public String url() {
      return inDatabase(master.url());
    }

    @Override
    public String url(FaultyLink link) {
      return inDatabase(link.url());
    }

    private String inDatabase(String url) {
      return url.substring(0, url.lastIndexOf('/') + 1) + database;
    }

    @Override
    public Optional<FaultyLink> newLink() {
      return Optional.of(FaultyLink.to(master));
    }

    @Override
    public void close() {
      master.close();
    }
  }

  /**
   * Its nodes tell clients their real addresses, so no link can be put in between.
   *
   * @param turn selects the node with the keys that is the next target
   */
  record Cluster(RedisCluster all, AtomicInteger turn) implements RedisPlace {

    @Override
    public boolean isCluster() {
      return true;
    }

    @Override
    public boolean canFailOver() {
      return true;
    }

    @Override
    public String url() {
      return all.url();
    }

    @Override
    public RedisServer master() {
      return all.nodeOf(Names.KEYS.get(turn.getAndIncrement() % Names.KEYS.size()));
    }

    @Override
    public Set<Integer> masters() {
      return Names.KEYS.stream().map(it -> all.nodeOf(it).port()).collect(Collectors.toSet());
    }

    @Override
    public void failOver(RedisServer master) {
      String key =
          Names.KEYS.stream().filter(it -> all.nodeOf(it) == master).findFirst().orElseThrow();
      master.kill();
      all.awaitMove(key, master, FAILOVER_TIMEOUT);
      master.start();
    }

    @Override
    public void settle() throws InterruptedException {
      TimeUnit.NANOSECONDS.sleep(UNNOTICED.toNanos());
      all.awaitOk(FAILOVER_TIMEOUT);
    }

    @Override
    public void close() {
      all.close();
    }
  }

  /** Sentinel tells clients the servers' real addresses, so no link can be put in between. */
  record Sentinel(RedisSentinels all) implements RedisPlace {

    @Override
    public String url() {
      return all.url();
    }

    @Override
    public RedisServer master() {
      return all.master();
    }

    @Override
    public boolean canFailOver() {
      return true;
    }

    @Override
    public Set<Integer> masters() {
      return Set.of(all.master().port());
    }

    @Override
    public void failOver(RedisServer master) {
      master.kill();
      all.awaitFailover(master, FAILOVER_TIMEOUT);
      master.start();
    }

    /**
     * A master that was stopped accepts writes again until it learns that it is no longer the
     * master.
     */
    @Override
    public void settle() throws InterruptedException {
      TimeUnit.NANOSECONDS.sleep(UNNOTICED.toNanos());
      all.awaitReplication(FAILOVER_TIMEOUT);
    }

    @Override
    public void close() {
      all.close();
    }
  }
}
