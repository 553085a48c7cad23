package io.streamfleet.model;

import io.streamfleet.model.Setup.Fault;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Redis, its replica, the workers, and what was seen of them so far. */
final class State {

  /** A failover loses at most so many writes: what is longer ago has arrived. */
  private static final int MOST_LOST = 3;

  /** Bytes before those of the faults. */
  private static final int HEAD = 7;

  final Partition[] redis;

  /** Where a replica stopped that will take over, unless it catches up. */
  Partition @Nullable [] replica;

  /** Writes that the replica lacks. */
  int unreplicated;

  /** By worker and partition. */
  final Hand[][] hands;

  /** The workers that live. */
  int alive;

  /** How many faults of each kind may still happen. */
  final byte[] faultsLeft;

  /** The highest grant and epoch there ever were, whatever Redis knows of them. */
  int grants;

  int epochs;

  /** The entries whose handlers ended once: well, or so that the entry is a dead letter. */
  int handled;

  /** The entries that are gone with all of Redis. */
  int forgotten;

  private State(Partition[] redis, Hand[][] hands, byte[] faultsLeft) {
    this.redis = redis;
    this.hands = hands;
    this.faultsLeft = faultsLeft;
  }

  static State initial(Setup setup) {
    State state =
        new State(
            new Partition[setup.partitions()],
            new Hand[setup.workers()][setup.partitions()],
            setup.faults().clone());
    for (int p = 0; p < setup.partitions(); p++) {
      state.redis[p] = new Partition();
      state.redis[p].stream = setup.entriesOf(p) & setup.first();
    }
    for (Hand[] of : state.hands) {
      Arrays.setAll(of, p -> new Hand());
    }
    state.alive = (1 << setup.workers()) - 1;
    return state;
  }

  /** Where a packed state has how often a fault may still happen. */
  static int faultAt(Fault fault) {
    return HEAD + fault.place();
  }

  byte[] pack(boolean byRank) {
    if (byRank) {
      rankGrants();
    }
    int partitions = redis.length * (replica == null ? 1 : 2);
    ByteBuffer to =
        ByteBuffer.allocate(
            HEAD
                + faultsLeft.length
                + partitions * Partition.BYTES
                + hands.length * redis.length * Hand.BYTES);
    to.put((byte) (replica == null ? 0 : 1)).put((byte) unreplicated).put((byte) alive);
    to.put((byte) grants).put((byte) epochs).put((byte) handled).put((byte) forgotten);
    to.put(faultsLeft);
    pack(redis, to);
    if (replica != null) {
      pack(replica, to);
    }
    for (Hand[] of : hands) {
      for (Hand hand : of) {
        hand.pack(to);
      }
    }
    return to.array();
  }

  /** Packs it after a write, which a replica that stopped lacks. */
  byte[] packWritten(boolean byRank) {
    if (replica != null && ++unreplicated > MOST_LOST) {
      replica = null;
      unreplicated = 0;
    }
    return pack(byRank);
  }

  private static void pack(Partition[] partitions, ByteBuffer to) {
    for (Partition partition : partitions) {
      partition.pack(to);
    }
  }

  static State unpack(byte[] packed, Setup setup) {
    ByteBuffer from = ByteBuffer.wrap(packed);
    State state =
        new State(
            new Partition[setup.partitions()],
            new Hand[setup.workers()][setup.partitions()],
            new byte[setup.faults().length]);
    boolean hasReplica = from.get() == 1;
    state.unreplicated = from.get();
    state.alive = from.get();
    state.grants = from.get();
    state.epochs = from.get();
    state.handled = from.get();
    state.forgotten = from.get();
    from.get(state.faultsLeft);
    Arrays.setAll(state.redis, p -> Partition.unpack(from));
    if (hasReplica) {
      Partition[] replica = new Partition[setup.partitions()];
      Arrays.setAll(replica, p -> Partition.unpack(from));
      state.replica = replica;
    }
    for (Hand[] of : state.hands) {
      Arrays.setAll(of, p -> Hand.unpack(from));
    }
    return state;
  }

  /**
   * Numbers the grants anew, in their order, so that states differ no more which differ only by how
   * many grants there were before.
   */
  private void rankGrants() {
    boolean[] used = new boolean[grants + 1];
    each(redis, used);
    if (replica != null) {
      each(replica, used);
    }
    for (Hand[] of : hands) {
      for (Hand hand : of) {
        used[hand.grant] = true;
        used[hand.sentGrant] = true;
        used[hand.lateGrant] = true;
      }
    }
    int[] ranks = new int[grants + 1];
    int rank = 0;
    for (int grant = 1; grant <= grants; grant++) {
      ranks[grant] = used[grant] ? ++rank : 0;
    }
    grants = rank;
    epochs = rank;
    renumber(redis, ranks);
    if (replica != null) {
      renumber(replica, ranks);
    }
    for (Hand[] of : hands) {
      for (Hand hand : of) {
        hand.grant = ranks[hand.grant];
        hand.epoch = hand.grant;
        hand.sentGrant = ranks[hand.sentGrant];
        hand.lateGrant = ranks[hand.lateGrant];
      }
    }
  }

  private static void each(Partition[] partitions, boolean[] used) {
    for (Partition partition : partitions) {
      used[partition.grant] = true;
    }
  }

  private static void renumber(Partition[] partitions, int[] ranks) {
    for (Partition partition : partitions) {
      partition.grant = ranks[partition.grant];
      partition.epoch = partition.grant;
    }
  }
}
