package io.streamfleet.commands.deadletter;

import io.streamfleet.redis.EntryId;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Selects dead letters. An empty set does not restrict the selection. A letter must match all
 * criteria; it matches a criterion if it has one of its values.
 *
 * @param ids ids in the dead-letter stream
 * @param originalIds ids that the entries had in their streams
 * @param streams the streams that the entries were read from
 * @param reasons why entries became dead letters; {@link #NO_REASON} selects letters without one
 * @param causes their errors as {@link DeadLetter#cause} returns them
 * @param channels values of the ordering field in the payloads
 * @param olderThan the minimum age of the letter, by the clock of Redis
 * @param newerThan the maximum age of the letter, by the clock of Redis
 */
public record DeadLetterFilter(
    Set<EntryId> ids,
    Set<String> originalIds,
    Set<String> streams,
    Set<String> reasons,
    Set<String> causes,
    Set<String> channels,
    Optional<Duration> olderThan,
    Optional<Duration> newerThan) {

  /** Selects letters without a reason, as the original Python consumer writes them. */
  public static final String NO_REASON = "-";

  /** Whether the filter selects all letters. */
  public boolean isEmpty() {
    return ids.isEmpty()
        && originalIds.isEmpty()
        && streams.isEmpty()
        && reasons.isEmpty()
        && causes.isEmpty()
        && channels.isEmpty()
        && olderThan.isEmpty()
        && newerThan.isEmpty();
  }

  /** Whether a letter matches all criteria but the age, which the walk checks. */
  boolean fits(DeadLetter letter, DeclaredStreams known) {
    return (ids.isEmpty() || ids.contains(letter.id()))
        && among(originalIds, letter.text(DeadLetter.ORIGINAL_ID).orElse(""))
        && among(streams, letter.text(DeadLetter.ORIGINAL_STREAM).orElse(""))
        && among(reasons, letter.text(DeadLetter.REASON).orElse(NO_REASON))
        && (causes.isEmpty() || causes.contains(letter.cause()))
        // Last, as it is the most expensive: it decodes the payload.
        && (channels.isEmpty() || known.channelOf(letter).filter(channels::contains).isPresent());
  }

  private static boolean among(Set<String> wanted, String value) {
    return wanted.isEmpty() || wanted.contains(value);
  }
}
