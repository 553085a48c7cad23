package io.streamfleet.redis.group;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The result of one observation of Redis.
 *
 * @param at the time, by the clock of Redis
 * @param groups in the order of the request
 * @param lengths of the further streams, such as of dead letters; 0 for a stream that does not
 *     exist, absent if Redis refused to tell
 * @param refusedLengths the error for those streams of which Redis refused to tell the length
 * @param writesRefused the error for every write, if Redis accepts none, such as when its memory is
 *     full
 */
public record Inspection(
    Instant at,
    List<ObservedGroup> groups,
    Map<String, Long> lengths,
    Map<String, String> refusedLengths,
    Optional<String> writesRefused) {

  public Inspection {
    groups = List.copyOf(groups);
    lengths = Map.copyOf(lengths);
    refusedLengths = Map.copyOf(refusedLengths);
  }

  /** The length of one of the further streams, if known. */
  public OptionalLong lengthOf(String stream) {
    Long length = lengths.get(stream);
    return length == null ? OptionalLong.empty() : OptionalLong.of(length);
  }

  /** Why the length of one of the further streams is not known, such as a key of another type. */
  public Optional<String> lengthRefused(String stream) {
    return Optional.ofNullable(refusedLengths.get(stream));
  }

  /** Whether Redis accepted every command. */
  public boolean complete() {
    return groups.stream().allMatch(group -> group.refused().isEmpty());
  }
}
