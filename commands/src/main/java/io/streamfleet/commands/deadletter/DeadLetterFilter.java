package io.streamfleet.commands.deadletter;

import io.streamfleet.redis.EntryId;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Which dead letters are meant. An empty set restricts nothing; of several values of one kind any
 * may match, of several kinds all must.
 *
 * @param ids their own ids
 * @param originalIds the ids that they had in their streams
 * @param streams the streams that they were read from
 * @param reasons why they died; {@link #NO_REASON} means those that carry none
 * @param channels values of the ordering field in their payloads
 * @param olderThan how long they have been dead at least, by the clock of Redis
 * @param newerThan how long they have been dead at most, by the clock of Redis
 */
public record DeadLetterFilter(
    Set<EntryId> ids,
    Set<String> originalIds,
    Set<String> streams,
    Set<String> reasons,
    Set<String> channels,
    Optional<Duration> olderThan,
    Optional<Duration> newerThan) {

  /** Stands for the missing reason of letters that the original Python consumer wrote. */
  public static final String NO_REASON = "-";

  /** Whether it lets everything through. */
  public boolean isEmpty() {
    return ids.isEmpty()
        && originalIds.isEmpty()
        && streams.isEmpty()
        && reasons.isEmpty()
        && channels.isEmpty()
        && olderThan.isEmpty()
        && newerThan.isEmpty();
  }

  /** Whether all fits but the age, which the range that is read sees to. */
  boolean fits(DeadLetter letter, DeclaredStreams known) {
    return (ids.isEmpty() || ids.contains(letter.id()))
        && among(originalIds, letter.text(DeadLetter.ORIGINAL_ID).orElse(""))
        && among(streams, letter.text(DeadLetter.ORIGINAL_STREAM).orElse(""))
        && among(reasons, letter.text(DeadLetter.REASON).orElse(NO_REASON))
        // Last, for it decodes the payload.
        && (channels.isEmpty() || known.channelOf(letter).filter(channels::contains).isPresent());
  }

  private static boolean among(Set<String> wanted, String value) {
    return wanted.isEmpty() || wanted.contains(value);
  }
}
