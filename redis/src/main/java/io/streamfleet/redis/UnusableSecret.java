package io.streamfleet.redis;

/**
 * A Secret that lacks a key or has an invalid value. The message names the Secret and the key and
 * says how to fix it; it never contains the value.
 */
public final class UnusableSecret extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  private final boolean missing;

  private UnusableSecret(String message, boolean missing) {
    super(message);
    this.missing = missing;
  }

  static UnusableSecret lacks(String secret, String key, boolean isThere) {
    return new UnusableSecret(
        secret
            + (isThere ? " has nothing under the key " + key : " has no key " + key)
            + ": put it there, or leave the Secret out of spec.redis",
        true);
  }

  static UnusableSecret bad(String secret, String key, String problem) {
    return new UnusableSecret(secret + ", key " + key + ": " + problem, false);
  }

  /** Whether the key is missing or blank, rather than invalid. */
  public boolean isMissing() {
    return missing;
  }
}
