package io.streamfleet.redis;

/**
 * A Secret that lacks what it was named for, or holds it in a form that nobody can use. The message
 * names the Secret and the key and says how to mend it; it never tells what is under the key.
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

  /** Whether the key is not there, rather than wrong. */
  public boolean isMissing() {
    return missing;
  }
}
