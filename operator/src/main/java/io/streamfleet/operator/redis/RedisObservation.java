package io.streamfleet.operator.redis;

import io.streamfleet.redis.group.ObservedGroup;
import io.streamfleet.redis.group.SettingsSpread;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What is known of what a resource declares in Redis. */
public sealed interface RedisObservation {

  /** Nobody has looked yet. */
  record Untried() implements RedisObservation {}

  /**
   * Redis could not be asked.
   *
   * @param reason in one word
   * @param message in a sentence that stays the same as long as the trouble does
   */
  record Away(Reason reason, String message) implements RedisObservation {
    /** Whether another content of a Secret may be all that it takes. */
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
   * @param groups in the order in which the resource declares them
   * @param deadLetters entries of the dead-letter stream
   * @param writesRefused what it says to every write, if it takes none
   * @param settings by which settings the workers run, if it tells
   */
  record Seen(
      List<ObservedGroup> groups,
      OptionalLong deadLetters,
      Optional<String> writesRefused,
      Optional<SettingsSpread> settings)
      implements RedisObservation {
    public Seen {
      groups = List.copyOf(groups);
    }
  }

  /** Why Redis could not be asked. */
  enum Reason {
    /** No connection came about. */
    ConnectionFailed,
    /** There was a connection, and we were not let in. */
    AuthenticationFailed,
    /** A Secret that is needed to get in is missing, lacks a key, or has nothing under it. */
    SecretMissing,
    /** What a Secret holds cannot be used, such as an encrypted key. */
    SecretUnusable,
    /** It answers that it can't do what is asked: a replica, one that loads its data. */
    NotServing,
    /** There was a connection, and no answer in time. */
    NoAnswer
  }
}
