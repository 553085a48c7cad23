package io.streamfleet.model;

import java.nio.ByteBuffer;

/**
 * What Redis knows of one partition: its stream and group, and its lease. Sets of entries are bits
 * of a number, entry 0 the lowest.
 */
final class Partition {

  /** Packed. */
  static final int BYTES = 10;

  /** The entries of the stream. */
  int stream;

  /** The group was delivered the entries below this one. */
  int delivered;

  /** The pending entries list. */
  int pending;

  /** The token of the lease: the number of the grant, 0 when it was never granted. */
  int grant;

  int epoch;

  /** The worker that the lease was granted to. */
  int owner;

  /** Turns of the clock until it has run out; 0 also when it was released. */
  int left;

  /** The number of the fence under this grant; 0 where there is none. */
  int fence;

  /** Settlements taken under this grant. */
  int settlements;

  /** Of a plain stream: the entries that its splitters appended to their partitions. */
  int appended;

  /** The entries that are settled: delivered and no longer pending. */
  int settled() {
    return stream & ((1 << delivered) - 1) & ~pending;
  }

  /** Puts everything into bytes. */
  void pack(ByteBuffer to) {
    to.put((byte) stream).put((byte) delivered).put((byte) pending);
    to.put((byte) grant).put((byte) epoch).put((byte) owner).put((byte) left);
    to.put((byte) appended);
    to.put((byte) fence).put((byte) settlements);
  }

  static Partition unpack(ByteBuffer from) {
    Partition partition = new Partition();
    partition.stream = from.get();
    partition.delivered = from.get();
    partition.pending = from.get();
    partition.grant = from.get();
    partition.epoch = from.get();
    partition.owner = from.get();
    partition.left = from.get();
    partition.appended = from.get();
    partition.fence = from.get();
    partition.settlements = from.get();
    return partition;
  }
}
