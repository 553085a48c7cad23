package io.streamfleet.torture.verdict;

import io.streamfleet.torture.evidence.EntryKey;
import org.jspecify.annotations.Nullable;

/**
 * Something that was promised and not kept.
 *
 * @param promise the heading in the guarantees
 * @param entry the entry in question; null where it is about none
 * @param what happened, in a sentence
 */
public record Violation(String promise, @Nullable EntryKey entry, String what) {

  @Override
  public String toString() {
    return promise + ": " + (entry == null ? "" : entry + " ") + what;
  }
}
