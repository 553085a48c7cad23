package io.streamfleet.torture.plan;

import io.streamfleet.torture.plan.Setting.Redis;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Optional faults of a run, in addition to the usual ones. With all of them in each run, no run
 * would combine the usual faults.
 */
public enum Part {
  /** The group of a stream is destroyed. */
  GROUP_LOST,
  /** The stream is deleted, and created again with lower ids. */
  STREAM_LOST,
  /** Redis is flushed. */
  FLUSHED,
  /** New groups start at the end of their stream. */
  FROM_END,
  /** Redis answers reads and refuses writes. */
  WRITES_REFUSED,
  /** A channel's lock is a key of another type. */
  BAD_LOCK,
  /** Some messages are large. */
  LARGE_MESSAGES,
  /** Some messages exceed a worker's size limit. */
  TOO_LARGE,
  /** A worker's name begins with the whole name of another one and a slash. */
  NESTED_NAMES,
  /** An additional worker has the name of another one and reads another stream. */
  NAMESAKES,
  /** The fleet uses one database of a Redis, and entries are cancelled in another one. */
  OTHER_DATABASE,
  /** The handler sets a time for the next retry, and the fleet is rolled. */
  RETRY_AFTER,
  /** One of two streams that a message is emitted to rejects entries. */
  STREAM_REFUSES,
  /** An additional worker has a log that is not read. */
  UNREAD_LOG,
  /** An additional worker has a Java handler whose answers fail when they are read. */
  JAVA_HANDLER,
  /** The handler as a whole is unreachable, busy, hangs, flaps and dies. */
  HANDLER_DOWN;

  /** In addition to names of parts: without the usual faults. */
  public static final String ONLY = "only";

  /** Instead of names: chosen by the seed. */
  public static final String DRAWN = "drawn";

  /** In four. */
  private static final int CHANCE = 1;

  /** The parts of a run. */
  public static Set<Part> drawn(long seed, boolean operated, Redis redis) {
    SplittableRandom random = new SplittableRandom(seed ^ 0x9e3779b97f4a7c15L);
    Set<Part> drawn = EnumSet.noneOf(Part.class);
    for (Part part : values()) {
      // Drawn for each part, so that a part that is impossible here does not change the others.
      boolean taken = random.nextInt(4) < CHANCE;
      if (taken && part.isPossible(operated, redis)) {
        drawn.add(part);
      }
    }
    return drawn;
  }

  /**
   * The named ones, all or none, without those that are impossible here.
   *
   * @throws IllegalArgumentException for an unknown name
   */
  public static Set<Part> named(List<String> names, boolean operated, Redis redis) {
    Set<Part> named = EnumSet.noneOf(Part.class);
    for (String name : names) {
      switch (name) {
        case "all" -> named.addAll(EnumSet.allOf(Part.class));
        case "none", DRAWN, ONLY -> {}
        default -> named.add(valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_')));
      }
    }
    named.removeIf(it -> !it.isPossible(operated, redis));
    return named;
  }

  /** Whether it is possible here. */
  public boolean isPossible(boolean operated, Redis redis) {
    return switch (this) {
      // Kubernetes names the pods, and their logs are files.
      case NESTED_NAMES, NAMESAKES, UNREAD_LOG, JAVA_HANDLER -> !operated;
      // A Cluster has one database.
      case OTHER_DATABASE -> redis == Redis.SINGLE;
      // Another master would accept the writes that this one refuses.
      case WRITES_REFUSED -> redis == Redis.SINGLE;
      case GROUP_LOST,
          HANDLER_DOWN,
          STREAM_LOST,
          FLUSHED,
          FROM_END,
          BAD_LOCK,
          LARGE_MESSAGES,
          TOO_LARGE,
          RETRY_AFTER,
          STREAM_REFUSES ->
          true;
    };
  }

  /** The name on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
