package io.streamfleet.console.shared;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Answers that all who ask the same share for a moment: the first one asks, the others wait for it.
 * A failure is shared as well, but not for long. Thread-safe.
 */
public final class Shared<K, V> {

  /** A failure is asked about again soon: it may have passed, and somebody waits. */
  private static final Duration FAILURE_FRESH = Duration.ofSeconds(2);

  private final long nanos;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final Map<K, Answer<V>> answers;

  private static final class Answer<V> {

    private final CompletableFuture<V> value = new CompletableFuture<>();

    /** Since it is known; guarded by the lock. */
    private long since;

    boolean isFresh(long now, long nanos) {
      return !value.isDone()
          || now - since
              < (value.isCompletedExceptionally()
                  ? Math.min(nanos, FAILURE_FRESH.toNanos())
                  : nanos);
    }
  }

  /**
   * @param fresh how long an answer is good for
   * @param most answers that are kept; the ones that nobody asked for lately go first
   */
  public Shared(Duration fresh, int most) {
    this.nanos = fresh.toNanos();
    this.answers =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<K, Answer<V>> eldest) {
            return size() > most;
          }
        };
  }

  /**
   * The answer.
   *
   * @param ask called by the first who asks; what it throws is thrown to all of them
   */
  public V get(K key, Supplier<V> ask) {
    Answer<V> mine = new Answer<>();
    Optional<Answer<V>> others;
    lock.lock();
    try {
      Answer<V> known = answers.get(key);
      if (known == null || !known.isFresh(System.nanoTime(), nanos)) {
        answers.put(key, mine);
        known = null;
      }
      others = Optional.ofNullable(known);
    } finally {
      lock.unlock();
    }
    if (others.isEmpty()) {
      complete(mine, ask);
    }
    return joined(others.orElse(mine).value);
  }

  private void complete(Answer<V> mine, Supplier<V> ask) {
    try {
      V value = ask.get();
      begin(mine);
      mine.value.complete(value);
    } catch (RuntimeException | Error e) {
      begin(mine);
      mine.value.completeExceptionally(e);
    }
  }

  /** The time of an answer begins when it is known. */
  private void begin(Answer<V> mine) {
    lock.lock();
    try {
      mine.since = System.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  private static <V> V joined(CompletableFuture<V> value) {
    try {
      return value.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Forgets all answers. */
  public void forgetAll() {
    lock.lock();
    try {
      answers.clear();
    } finally {
      lock.unlock();
    }
  }
}
