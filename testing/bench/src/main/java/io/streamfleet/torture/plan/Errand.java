package io.streamfleet.torture.plan;

import java.time.Duration;
import java.util.Locale;

/**
 * The instruction that a message carries for the handler, so that the handler needs no state.
 *
 * @param millis how long the handler takes before its answer
 */
public record Errand(Kind kind, int millis) {

  /** Longer than it takes to replace all workers of a fleet. */
  public static final Duration POSTPONEMENT = Duration.ofSeconds(20);

  /** The outcome. */
  public enum Kind {
    /** Succeeds. */
    PLAIN,
    /** Succeeds, with a message to the outbound stream. */
    EMIT,
    /** Fails the first time. */
    FAIL_ONCE,
    /** Fails twice. */
    FAIL_TWICE,
    /** Closes the connection without an answer, the first time. */
    DROP_ONCE,
    /** Gives no answer the first time, until the worker's timeout. */
    HANG_ONCE,
    /** Asks for no retry before {@link #POSTPONEMENT}, the first time. */
    POSTPONE,
    /** Returns an answer that fails when it is read, the first time; by HTTP it just fails. */
    FAIL_LATE,
    /** Succeeds, with a message to each of two streams. */
    EMIT_BOTH,
    /** Always fails. */
    POISON,
    /** Kills the worker that calls, each time. */
    FATAL,
    /** Is rejected for good. */
    REFUSE,
    /** Cannot be decoded: it never reaches a handler. */
    GARBAGE,
    /** Exceeds the worker's size limit: it never reaches a handler. */
    TOO_LARGE;

    /** The number of failures before success. */
    public int failures() {
      return switch (this) {
        case FAIL_ONCE, DROP_ONCE, HANG_ONCE, POSTPONE, FAIL_LATE -> 1;
        case FAIL_TWICE -> 2;
        case POISON, FATAL -> Integer.MAX_VALUE;
        case PLAIN, EMIT, EMIT_BOTH, REFUSE, GARBAGE, TOO_LARGE -> 0;
      };
    }

    /** Whether it emits a message. */
    public boolean emits() {
      return this == EMIT || this == EMIT_BOTH;
    }

    /** Whether it reaches a handler. */
    public boolean isForHandlers() {
      return this != GARBAGE && this != TOO_LARGE;
    }

    /** Whether it must end as a dead letter. */
    public boolean isDoomed() {
      return this == POISON || this == FATAL || this == REFUSE || !isForHandlers();
    }
  }

  /** Parses the format of {@link #toString()}. */
  public static Errand parse(String text) {
    String[] words = text.split(" ", 2);
    return new Errand(Kind.valueOf(words[0].toUpperCase(Locale.ROOT)), Integer.parseInt(words[1]));
  }

  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT) + " " + millis;
  }
}
