package io.streamfleet.commands.publish;

import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Trace ids as the original makes them: UUIDs of version 7 (RFC 9562, section 5.7). */
final class TraceIds {

  private final RandomGenerator random;

  /**
   * @param random not one that is seeded by hand: two runs of one seed must differ in these
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
