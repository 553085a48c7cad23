package io.streamfleet.worker.channel;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What keeps the entries of a channel from being handled twice at a time, for as long as needed.
 */
public interface LaneLocks {

  /** Whether somebody else may want a lock, so that who has it gives it up from time to time. */
  boolean areShared();

  /**
   * Tries to take locks.
   *
   * @param then hears on the loop, for each page, of the keys with their holders; a key that is
   *     ours now has the holder {@code ""}. Or of a failure, with the keys it concerns
   */
  void acquire(List<String> keys, Callback<Map<String, String>> then);

  /** Renews locks; hears of those that are not ours any more. */
  void renew(List<String> keys, Callback<List<String>> then);

  /**
   * Releases locks; completes when all of that is over.
   *
   * @param then hears on the loop, for each page of keys, that they are released, or of the failure
   */
  CompletableFuture<Void> release(
      List<String> keys, BiConsumer<List<String>, @Nullable Throwable> then);

  /** Gets the result for one page of keys, on the loop. */
  interface Callback<T> {

    /**
     * Redis answered.
     *
     * @param sentAt when the call was sent, in the loop's nanoseconds
     */
    void answered(List<String> keys, T answer, long sentAt);

    /** Redis did not answer, or refuses all such calls. */
    void failed(List<String> keys, Throwable failure);

    /**
     * Redis refuses this key: it has another type, or an ACL forbids it. Other keys are not
     * affected.
     */
    void refused(String key, String reason);
  }
}
