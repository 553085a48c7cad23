package io.streamfleet.redis;

/** An address that no client could connect to. The message quotes it without credentials. */
public final class UnreadableUrl extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  UnreadableUrl(String message) {
    super(message);
  }
}
