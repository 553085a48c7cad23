package io.streamfleet.redis;

/** A URL that can't be used to connect. The message quotes it without credentials. */
public final class UnreadableUrl extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  UnreadableUrl(String message) {
    super(message);
  }
}
