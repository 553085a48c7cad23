package io.streamfleet.torture.field;

import io.streamfleet.embedded.FaultyLink;
import io.streamfleet.embedded.RedisBinary;
import io.streamfleet.embedded.RedisSentinels;
import io.streamfleet.embedded.RedisServer;
import java.time.Duration;
import java.util.Optional;

/** The Redis of a run, which is hurt as well. Not for several threads at a time. */
public sealed interface RedisPlace extends AutoCloseable {

  /** A link that has no fault, for who looks on and who publishes. */
  String url();

  /** A network of its own for a worker, if there can be one. */
  Optional<FaultyLink> newLink();

  /** The server that takes writes now. */
  RedisServer master();

  @Override
  void close();

  /** One server with an append-only file. */
  static RedisPlace single() {
    return new Single(RedisServer.builder().appendOnly(RedisServer.Fsync.EVERYSEC).start());
  }

  /** A master and its replica under Sentinel. */
  static RedisPlace sentinel() {
    return new Sentinel(RedisSentinels.start(RedisBinary.find()));
  }

  /** One server. */
  record Single(RedisServer master) implements RedisPlace {

    @Override
    public String url() {
      return master.url();
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

  /** Sentinel tells clients where the servers really are, so nothing can be put in between. */
  record Sentinel(RedisSentinels all) implements RedisPlace {

    /** A failover of ours takes a second or two; more means that there will be none. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Override
    public String url() {
      return all.url();
    }

    @Override
    public Optional<FaultyLink> newLink() {
      return Optional.empty();
    }

    @Override
    public RedisServer master() {
      return all.master();
    }

    /** Kills the master, and returns when the replica has taken over and has a replica itself. */
    void failOver() {
      RedisServer lost = all.killMaster();
      all.awaitFailover(lost, PATIENCE);
      lost.start();
      all.awaitReplication(PATIENCE);
    }

    @Override
    public void close() {
      all.close();
    }
  }
}
