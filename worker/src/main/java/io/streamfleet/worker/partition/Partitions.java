package io.streamfleet.worker.partition;

import io.streamfleet.api.PartitionsSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The partitions of a stream: streams whose names end with the number of the partition in braces.
 * The number is the hash tag, so a partition and its lease share a slot of a Cluster, and
 * partitions spread over its nodes.
 *
 * @param stream the common part of the names
 * @param count the number of partitions, a power of two
 */
public record Partitions(String stream, int count) {

  /** CRC-16/XMODEM of each byte: polynomial 0x1021, initial value 0, not reflected. */
  private static final int[] CRC = crcOfBytes();

  public Partitions {
    if (Integer.bitCount(count) != 1) {
      throw new IllegalArgumentException("not a power of two: " + count);
    }
  }

  /** The stream of a partition. */
  public String streamOf(int partition) {
    return PartitionsSpec.streamOf(stream, partition);
  }

  /** The streams of all partitions. */
  public List<String> streams() {
    return IntStream.range(0, count).mapToObj(this::streamOf).toList();
  }

  /**
   * The partition of a channel: the CRC-16 of its UTF-8 bytes, as Redis Cluster computes it for
   * keys, modulo the count. Python's {@code binascii.crc_hqx(channel, 0)} is the same.
   */
  public int of(String channel) {
    return crc(channel.getBytes(StandardCharsets.UTF_8)) & (count - 1);
  }

  /** The CRC-16 of bytes. */
  static int crc(byte[] bytes) {
    int crc = 0;
    for (byte b : bytes) {
      crc = (crc << 8 ^ CRC[(crc >>> 8 ^ b) & 0xff]) & 0xffff;
    }
    return crc;
  }

  private static int[] crcOfBytes() {
    int[] table = new int[256];
    for (int b = 0; b < table.length; b++) {
      int crc = b << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ 0x1021;
      }
      table[b] = crc & 0xffff;
    }
    return table;
  }
}
