package io.streamfleet.torture.plan;

import io.streamfleet.torture.plan.Setting.Redis;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What only some runs have beside the faults that all have. All of them in each run would leave no
 * run in which the usual faults meet.
 */
public enum Part {
  /** The group of a stream is destroyed. */
  GROUP_LOST,
  /** The stream is deleted, and comes again with lower ids. */
  STREAM_LOST,
  /** Redis is flushed. */
  FLUSHED,
  /** Groups start at the end of their stream, where they are not there yet. */
  FROM_END,
  /** Redis answers reads and refuses writes. */
  WRITES_REFUSED,
  /** A channel's lock is a key of another type. */
  BAD_LOCK,
  /** Some messages are large. */
  LARGE_MESSAGES,
  /** Some messages are larger than a worker takes. */
  TOO_LARGE,
  /** A worker's name begins with the whole name of another one and a slash. */
  NESTED_NAMES,
  /** A worker comes that has the name of another one and reads another stream. */
  NAMESAKES,
  /** The fleet uses a database of a Redis in whose other one somebody cancels entries. */
  OTHER_DATABASE,
  /** The handler names a time before which it wants nothing again, and the fleet is rolled. */
  RETRY_AFTER,
  /** One of two streams that a message is emitted to takes nothing. */
  STREAM_REFUSES,
  /** A worker comes whose log nobody reads. */
  UNREAD_LOG,
  /** A worker comes with a Java handler whose answers fail when they are read. */
  JAVA_HANDLER;

  /** Beside names of parts: without the usual faults. */
  public static final String ONLY = "only";

  /** In the place of names: what the seed draws. */
  public static final String DRAWN = "drawn";

  /** Of four. */
  private static final int CHANCE = 1;

  /** The parts of a run. */
  public static Set<Part> drawn(long seed, boolean operated, Redis redis) {
    SplittableRandom random = new SplittableRandom(seed ^ 0x9e3779b97f4a7c15L);
    Set<Part> drawn = EnumSet.noneOf(Part.class);
    for (Part part : values()) {
      // Each takes its turn, so that a part that is impossible here does not change the others.
      boolean taken = random.nextInt(4) < CHANCE;
      if (taken && part.isPossible(operated, redis)) {
        drawn.add(part);
      }
    }
    return drawn;
  }

  /**
   * Those that are named, or all of them or none; without those that cannot be done there.
   *
   * @throws IllegalArgumentException if a name is none
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

  /** Whether it can be done there. */
  public boolean isPossible(boolean operated, Redis redis) {
    return switch (this) {
      // The names of pods are Kubernetes' to give, and their logs are files.
      case NESTED_NAMES, NAMESAKES, UNREAD_LOG, JAVA_HANDLER -> !operated;
      // A Cluster has one database.
      case OTHER_DATABASE -> redis == Redis.SINGLE;
      // Another master would take the writes that this one refuses.
      case WRITES_REFUSED -> redis == Redis.SINGLE;
      case GROUP_LOST,
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

  /** As it is named on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
