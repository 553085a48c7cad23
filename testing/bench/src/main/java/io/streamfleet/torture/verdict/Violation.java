package io.streamfleet.torture.verdict;

import io.streamfleet.torture.evidence.EntryKey;
import org.jspecify.annotations.Nullable;

/**
 * A broken guarantee.
 *
 * @param promise the heading in the guarantees
 * @param entry the entry concerned; null if there is none
 * @param what happened, in a sentence
 */
public record Violation(String promise, @Nullable EntryKey entry, String what) {

  @Override
  public String toString() {
    return promise + ": " + (entry == null ? "" : entry + " ") + what;
  }
}
