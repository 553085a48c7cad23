package io.streamfleet.wire;

import java.util.Optional;

/**
 * What the consumer itself reads of a payload. Only the channel is decoded beforehand; the other
 * texts are taken out of the payload at each call.
 *
 * <p>A text may be a number on the wire (the ids of some platforms are 64-bit integers): it then
 * has the form that Python's {@code str()} gives it, because the original builds its keys that way.
 * A value that is false in Python's sense ({@code null}, {@code ""}, 0, an empty list) is absent.
 */
public sealed interface Header permits MsgpackHeader, JsonHeader {

  /** The channel of entries that have none: they keep order among themselves. */
  String GLOBAL = "global";

  /** The ordering field's value, or {@link #GLOBAL}. */
  String channel();

  /** False where {@code is_addressed} is there and false in Python's sense. */
  boolean addressed();

  Optional<String> traceId();

  Optional<String> messageId();

  Optional<String> platform();

  Optional<String> userId();
}
