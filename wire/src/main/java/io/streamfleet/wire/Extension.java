package io.streamfleet.wire;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** A msgpack extension. */
final class Extension {

  /** The extension type of timestamps, which msgpack itself defines. */
  private static final int TIMESTAMP = -1;

  private static final long MAX_NANOS = 999_999_999;

  /** The range of RFC 3339: years of four digits. */
  private static final Instant EARLIEST = Instant.parse("0000-01-01T00:00:00Z");

  private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

  private final int type;
  private final byte[] data;

  Extension(int type, byte[] data) {
    this.type = type;
    this.data = data;
  }

  int type() {
    return type;
  }

  byte[] data() {
    return data;
  }

  /** The RFC 3339 text of a timestamp; empty for any other extension and for an invalid one. */
  Optional<String> timestamp() {
    if (type != TIMESTAMP) {
      return Optional.empty();
    }
    return switch (data.length) {
      case 4 -> text(BigEndian.uint32(data, 0), 0);
      case 8 -> {
        long both = BigEndian.int64(data, 0);
        yield text(both & 0x3_ffff_ffffL, both >>> 34);
      }
      case 12 -> text(BigEndian.int64(data, 4), BigEndian.uint32(data, 0));
      default -> Optional.empty();
    };
  }

  private static Optional<String> text(long seconds, long nanos) {
    if (nanos > MAX_NANOS) {
      return Optional.empty();
    }
    try {
      Instant instant = Instant.ofEpochSecond(seconds, nanos);
      return instant.isBefore(EARLIEST) || !instant.isBefore(END)
          ? Optional.empty()
          : Optional.of(instant.toString());
    } catch (DateTimeException outOfRange) {
      return Optional.empty();
    }
  }
}
