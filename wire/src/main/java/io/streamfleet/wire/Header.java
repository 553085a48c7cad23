package io.streamfleet.wire;

import java.util.Optional;

/**
 * The fields of a payload that the consumer itself reads. Only the channel is decoded in advance;
 * the other texts are decoded at each call.
 *
 * <p>A value may be a number (the ids of some platforms are 64-bit integers). Its text is then that
 * of Python's {@code str()}, because the Python original builds its keys that way. A value that is
 * false in Python ({@code null}, {@code ""}, 0, an empty list) counts as absent.
 */
public sealed interface Header permits MsgpackHeader, JsonHeader {

  /** The channel of entries that have none: they are in order among themselves. */
  String GLOBAL = "global";

  /** The ordering field's value, or {@link #GLOBAL}. */
  String channel();

  /** False if {@code is_addressed} is present and false in Python. */
  boolean addressed();

  Optional<String> traceId();

  Optional<String> messageId();

  Optional<String> platform();

  Optional<String> userId();
}
