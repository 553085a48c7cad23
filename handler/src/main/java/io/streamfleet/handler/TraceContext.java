package io.streamfleet.handler;

import java.util.Optional;

/**
 * A position in a distributed trace, as <a href="https://www.w3.org/TR/trace-context/">W3C Trace
 * Context</a> writes it: two headers of HTTP, two fields of an entry.
 *
 * @param traceparent version, trace id, parent id and flags: {@code
 *     00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01}
 * @param tracestate what tracing systems add for themselves; empty if there is nothing
 */
public record TraceContext(String traceparent, String tracestate) {

  /** The length of version 00. Later versions may append to it, but not change it. */
  private static final int LENGTH = 55;

  /** Nobody has more; without a limit each entry could hold a megabyte of it. */
  private static final int LONGEST_PARENT = 128;

  /** W3C, section 3.3.1.5: as much must be passed on; more may be dropped. */
  private static final int LONGEST_STATE = 512;

  private static final int TRACE_ID = 3;
  private static final int PARENT_ID = 36;
  private static final int FLAGS = 53;

  /**
   * Creates a context from valid text.
   *
   * @throws IllegalArgumentException if either is not valid
   */
  public TraceContext {
    if (!isValidParent(traceparent)) {
      throw new IllegalArgumentException("not a traceparent as W3C Trace Context defines it");
    }
    if (!isValidState(tracestate)) {
      throw new IllegalArgumentException("not a tracestate of at most 512 printable characters");
    }
  }

  /**
   * Reads what somebody else has written. As W3C asks for, an invalid {@code traceparent} counts as
   * absent, and an invalid {@code tracestate} as empty.
   */
  public static Optional<TraceContext> of(String traceparent, String tracestate) {
    return isValidParent(traceparent)
        ? Optional.of(new TraceContext(traceparent, isValidState(tracestate) ? tracestate : ""))
        : Optional.empty();
  }

  /** The id of the trace: 32 hexadecimal digits. */
  public String traceId() {
    return traceparent.substring(TRACE_ID, TRACE_ID + 32);
  }

  /** The id of the span in which this was written: 16 hexadecimal digits. */
  public String parentId() {
    return traceparent.substring(PARENT_ID, PARENT_ID + 16);
  }

  /** Whether the trace is being recorded. */
  public boolean sampled() {
    return (Character.digit(traceparent.charAt(FLAGS + 1), 16) & 1) != 0;
  }

  private static boolean isValidParent(String text) {
    if (text.length() < LENGTH || text.length() > LONGEST_PARENT) {
      return false;
    }
    boolean isLater = !text.startsWith("00");
    return isHex(text, 0, 2)
        && !text.startsWith("ff")
        && text.charAt(2) == '-'
        && isId(text, TRACE_ID, PARENT_ID - 1)
        && text.charAt(PARENT_ID - 1) == '-'
        && isId(text, PARENT_ID, FLAGS - 1)
        && text.charAt(FLAGS - 1) == '-'
        && isHex(text, FLAGS, LENGTH)
        && (text.length() == LENGTH
            || (isLater && text.charAt(LENGTH) == '-' && isPrintable(text)));
  }

  private static boolean isValidState(String text) {
    return text.length() <= LONGEST_STATE && isPrintable(text);
  }

  /** An id of zeros alone is invalid. */
  private static boolean isId(String text, int from, int to) {
    boolean isZero = true;
    for (int i = from; i < to; i++) {
      isZero &= text.charAt(i) == '0';
    }
    return !isZero && isHex(text, from, to);
  }

  /** Upper case is invalid. */
  private static boolean isHex(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPrintable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }
}
