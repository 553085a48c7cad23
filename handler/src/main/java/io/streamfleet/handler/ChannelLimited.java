package io.streamfleet.handler;

import java.time.Duration;

/**
 * A limit of this message's channel is used up, such as the rate that a chat platform allows for
 * one channel. The message is tried again after the wait without using up an attempt; its channel
 * waits with it, and all other messages go on.
 */
public class ChannelLimited extends HandlerUnavailable {

  private static final long serialVersionUID = 1;

  /**
   * @param message what happened, for the log: no payload, no credential
   * @param retryAfter how long the channel should wait; an hour at most, and never shorter than the
   *     back-off of {@code retry}
   */
  public ChannelLimited(String message, Duration retryAfter) {
    super(message, retryAfter);
  }
}
