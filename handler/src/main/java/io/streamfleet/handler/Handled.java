package io.streamfleet.handler;

import java.util.List;

/**
 * The result of a handled message.
 *
 * @param outbound messages to append to the outbound streams, in this order, before the entry is
 *     acknowledged
 */
public record Handled(List<OutboundMessage> outbound) {

  private static final Handled NOTHING = new Handled(List.of());

  public Handled {
    outbound = List.copyOf(outbound);
  }

  /** Handled, without outbound messages. */
  public static Handled nothing() {
    return NOTHING;
  }

  public static Handled emitting(OutboundMessage... messages) {
    return new Handled(List.of(messages));
  }
}
