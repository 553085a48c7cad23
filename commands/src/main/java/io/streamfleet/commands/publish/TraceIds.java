package io.streamfleet.commands.publish;

import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Generates trace ids like the original: UUIDs of version 7 (RFC 9562, section 5.7). */
final class TraceIds {

  private final RandomGenerator random;

  /**
   * @param random must not be seeded by the user: runs with the same seed need different trace ids
   */
  TraceIds(RandomGenerator random) {
    this.random = random;
  }

  String next(Instant now) {
    long high = (now.toEpochMilli() << 16) | 0x7000 | (random.nextLong() & 0xfff);
    long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }
}
