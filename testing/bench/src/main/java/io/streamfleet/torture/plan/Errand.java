package io.streamfleet.torture.plan;

import java.time.Duration;
import java.util.Locale;

/**
 * What a message asks of the handler, so that nobody has to remember it.
 *
 * @param millis how long the handler takes before its last word
 */
public record Errand(Kind kind, int millis) {

  /** Longer than it takes to replace all workers of a fleet. */
  public static final Duration POSTPONEMENT = Duration.ofSeconds(20);

  /** What becomes of it. */
  public enum Kind {
    /** Done. */
    PLAIN,
    /** Done, with a message to the outbound stream. */
    EMIT,
    /** Fails the first time. */
    FAIL_ONCE,
    /** Fails twice. */
    FAIL_TWICE,
    /** Closes the connection without an answer, the first time. */
    DROP_ONCE,
    /** Gives no answer the first time, until the worker has lost patience. */
    HANG_ONCE,
    /** Is not to be tried again before {@link #POSTPONEMENT}, the first time. */
    POSTPONE,
    /** Answers what fails when it is read, the first time; by HTTP it just fails. */
    FAIL_LATE,
    /** Done, with a message to each of two streams. */
    EMIT_BOTH,
    /** Fails for ever. */
    POISON,
    /** Kills the worker that calls, each time. */
    FATAL,
    /** Is refused for good. */
    REFUSE,
    /** Cannot be decoded: no handler ever sees it. */
    GARBAGE,
    /** Is larger than a worker takes: no handler ever sees it. */
    TOO_LARGE;

    /** How often the handler fails before it is done. */
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

    /** Whether a handler ever sees it. */
    public boolean isForHandlers() {
      return this != GARBAGE && this != TOO_LARGE;
    }

    /** Whether it must end in the dead letters. */
    public boolean isDoomed() {
      return this == POISON || this == FATAL || this == REFUSE || !isForHandlers();
    }
  }

  /** Reads what {@link #toString()} wrote. */
  public static Errand parse(String text) {
    String[] words = text.split(" ", 2);
    return new Errand(Kind.valueOf(words[0].toUpperCase(Locale.ROOT)), Integer.parseInt(words[1]));
  }

  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT) + " " + millis;
  }
}
