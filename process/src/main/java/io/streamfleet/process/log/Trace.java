package io.streamfleet.process.log;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import org.jspecify.annotations.Nullable;

/** Formats a throwable: itself, its causes, and the innermost frames of each. */
final class Trace {

  /**
   * Frames of each throwable. Outer frames show how the thread got there, which the logger's name
   * tells.
   */
  private static final int MAX_FRAMES = 12;

  /** Throwables of one chain. Ours have three or four; more is a loop or a framework. */
  private static final int MAX_CAUSES = 6;

  /** Characters of a cause's headline, so that the longest chain still fits into a line. */
  private static final int MAX_HEADLINE = 512;

  private Trace() {}

  /** {@code Class: message} without credentials, or only the class when there is no message. */
  static String headline(IThrowableProxy thrown) {
    String message = thrown.getMessage();
    return message == null
        ? thrown.getClassName()
        : thrown.getClassName() + ": " + CredentialMask.masked(message);
  }

  /** The frames of the whole chain, each on its own line. */
  static String of(IThrowableProxy thrown) {
    StringBuilder out = new StringBuilder();
    @Nullable IThrowableProxy next = thrown;
    for (int depth = 0; next != null && depth < MAX_CAUSES; depth++) {
      if (depth > 0) {
        String headline = headline(next);
        out.append("caused by: ")
            .append(headline, 0, Math.min(headline.length(), MAX_HEADLINE))
            .append('\n');
      }
      frames(out, next);
      next = next.isCyclic() ? null : next.getCause();
    }
    return out.toString().stripTrailing();
  }

  private static void frames(StringBuilder out, IThrowableProxy thrown) {
    StackTraceElementProxy[] frames = thrown.getStackTraceElementProxyArray();
    int own = frames.length - thrown.getCommonFrames();
    for (int i = 0; i < Math.min(own, MAX_FRAMES); i++) {
      out.append(frames[i].getSTEAsString()).append('\n');
    }
    if (own > MAX_FRAMES) {
      out.append("... ").append(own - MAX_FRAMES).append(" more\n");
    }
  }
}
