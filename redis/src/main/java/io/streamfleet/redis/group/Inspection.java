package io.streamfleet.redis.group;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one look at Redis showed.
 *
 * @param at when, by the clock of Redis
 * @param groups in the order in which they were asked for
 * @param lengths of the further streams that were asked for, such as of dead letters; one that does
 *     not exist has none, one that Redis would not tell is absent
 * @param writesRefused what Redis says to every write, if it takes none: its memory is full, say
 */
public record Inspection(
    Instant at,
    List<ObservedGroup> groups,
    Map<String, Long> lengths,
    Optional<String> writesRefused) {

  public Inspection {
    groups = List.copyOf(groups);
    lengths = Map.copyOf(lengths);
  }

  /** Entries in one of the further streams, if Redis told. */
  public OptionalLong lengthOf(String stream) {
    Long length = lengths.get(stream);
    return length == null ? OptionalLong.empty() : OptionalLong.of(length);
  }

  /** Whether Redis took every question. */
  public boolean complete() {
    return groups.stream().allMatch(group -> group.refused().isEmpty());
  }
}
