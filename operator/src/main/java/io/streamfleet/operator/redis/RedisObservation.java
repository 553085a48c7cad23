package io.streamfleet.operator.redis;

import io.streamfleet.redis.group.ObservedGroup;
import io.streamfleet.redis.group.PartitionedGroup;
import io.streamfleet.redis.group.WorkersTold;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What is known about a resource's Redis and its groups. */
public sealed interface RedisObservation {

  /** Not observed yet. */
  record Untried() implements RedisObservation {}

  /**
   * Redis could not be asked.
   *
   * @param reason in one word
   * @param message a sentence that stays the same as long as the cause does
   */
  record Away(Reason reason, String message) implements RedisObservation {
    /** Whether a changed Secret may fix it. */
    public boolean isAboutSecrets() {
      return switch (reason) {
        case SecretMissing, SecretUnusable, AuthenticationFailed -> true;
        case ConnectionFailed, NotServing, NoAnswer -> false;
      };
    }
  }

  /**
   * What Redis answered.
   *
   * @param groups in the order of the resource
   * @param deadLetters entries of the dead-letter stream
   * @param deadLettersRefused the dead-letter stream and the error if Redis refused to tell
   * @param writesRefused the error for every write, if it accepts none
   * @param workers what the workers report of themselves, if Redis can be asked
   * @param partitions who has the partitions of the streams that have some
   */
  record Seen(
      List<ObservedGroup> groups,
      OptionalLong deadLetters,
      Optional<String> deadLettersRefused,
      Optional<String> writesRefused,
      Optional<WorkersTold> workers,
      List<PartitionsSeen> partitions)
      implements RedisObservation {
    public Seen {
      groups = List.copyOf(groups);
      partitions = List.copyOf(partitions);
    }

    /** The groups, with one for all partitions of a stream. */
    public List<ObservedGroup> wholes() {
      return PartitionedGroup.wholes(
          groups, partitions.stream().map(it -> it.observed().group()).toList());
    }

    /** The first stream with which Redis refused something, and its error. */
    public Optional<String> refused() {
      return groups.stream()
          .flatMap(it -> it.refused().map(error -> it.group().stream() + ": " + error).stream())
          .findFirst()
          .or(() -> deadLettersRefused);
    }
  }

  /** Why Redis could not be asked. */
  enum Reason {
    /** No connection could be opened. */
    ConnectionFailed,
    /** The connection was opened, but authentication or authorization failed. */
    AuthenticationFailed,
    /** A required Secret is missing, lacks a key, or has an empty value. */
    SecretMissing,
    /** The content of a Secret can't be used, such as an encrypted key. */
    SecretUnusable,
    /** The server can't serve commands, such as a replica, or a server that loads its data. */
    NotServing,
    /** The connection was opened, but no reply came in time. */
    NoAnswer
  }
}
