package io.streamfleet.process.log;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import org.jspecify.annotations.Nullable;

/** A throwable as text: itself, its causes, and the frames nearest to where each was thrown. */
final class Trace {

  /** Frames of one throwable. Deeper ones show how the thread got here, which its logger tells. */
  private static final int FRAMES = 12;

  /** Throwables of one chain. Ours have three or four; more is a loop or a framework. */
  private static final int CHAIN = 6;

  /** Characters of a cause's own line, so that the longest chain still fits the line's limit. */
  private static final int CAUSE = 512;

  private Trace() {}

  /** {@code Class: message} without credentials, or the class alone when there is no message. */
  static String headline(IThrowableProxy thrown) {
    String message = thrown.getMessage();
    return message == null
        ? thrown.getClassName()
        : thrown.getClassName() + ": " + CredentialMask.masked(message);
  }

  /** The frames of the whole chain, on lines of their own. */
  static String of(IThrowableProxy thrown) {
    StringBuilder out = new StringBuilder();
    @Nullable IThrowableProxy next = thrown;
    for (int depth = 0; next != null && depth < CHAIN; depth++) {
      if (depth > 0) {
        String headline = headline(next);
        out.append("caused by: ")
            .append(headline, 0, Math.min(headline.length(), CAUSE))
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
    for (int i = 0; i < Math.min(own, FRAMES); i++) {
      out.append(frames[i].getSTEAsString()).append('\n');
    }
    if (own > FRAMES) {
      out.append("... ").append(own - FRAMES).append(" more\n");
    }
  }
}
