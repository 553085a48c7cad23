package io.streamfleet.worker.partition;

import io.lettuce.core.output.NestedMultiOutput;
import io.streamfleet.redis.Link;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A nested reply of limited size: null takes the place of values above the limit. */
final class BoundedOutput extends NestedMultiOutput<String, byte[]> {

  /** Ids, and nearly all names of fields, are kept in any case. */
  private static final int SMALL = 64;

  private long left;

  /**
   * @param most the limit in bytes, for all values that are not small
   */
  BoundedOutput(long most) {
    super(Link.CODEC);
    this.left = most;
  }

  @Override
  public void set(@Nullable ByteBuffer bytes) {
    if (bytes == null || bytes.remaining() <= SMALL) {
      super.set(bytes);
      return;
    }
    left -= bytes.remaining();
    super.set(left >= 0 ? bytes : null);
  }
}
