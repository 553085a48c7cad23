package io.streamfleet.worker.http;

import io.netty.util.AsciiString;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code Keep-Alive} (RFC 2068, section 19.7.1), in which a server says how long it
 * keeps an idle connection: five seconds by default in Node and Apache.
 */
final class KeepAlive {

  static final AsciiString HEADER = AsciiString.cached("keep-alive");

  /** Nine digits of seconds are 31 years. */
  private static final Pattern TIMEOUT =
      Pattern.compile("(?:^|[,;\\s])timeout\\s*=\\s*\"?(\\d{1,9})", Pattern.CASE_INSENSITIVE);

  /** Time for a request to arrive before the server closes the connection. */
  private static final long MARGIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private KeepAlive() {}

  /** After how many nanoseconds an idle connection must not be used any more. */
  static long longestIdle(@Nullable String header) {
    if (header == null) {
      return Long.MAX_VALUE;
    }
    Matcher timeout = TIMEOUT.matcher(header);
    if (!timeout.find()) {
      return Long.MAX_VALUE;
    }
    long nanos = TimeUnit.SECONDS.toNanos(Long.parseLong(timeout.group(1)));
    return nanos > 2 * MARGIN_NANOS ? nanos - MARGIN_NANOS : nanos / 2;
  }
}
