package io.streamfleet.redis;

import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.event.Event;
import io.lettuce.core.event.connection.ReconnectFailedEvent;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What keeps connections from coming about, where the client itself knows no more than that one was
 * closed: credentials that cannot be used, and what a server says who takes nobody.
 *
 * <p>Says why connections that broke do not come back: once for each reason, and once a minute
 * while it lasts, however many connections try. The client says it for each try, with a stack where
 * a certificate cannot be used, so its own lines are left out of the log.
 *
 * <p>Safe for any thread.
 */
final class Obstacle implements Supplier<Credentials> {

  private static final Logger LOG = LoggerFactory.getLogger(Obstacle.class);

  /**
   * Often enough for who looks at the last minutes of a log, and no flood in an outage of hours.
   */
  private static final Duration REPEAT = Duration.ofMinutes(1);

  private final Supplier<Credentials> source;
  private final LongSupplier nanoTime;

  private volatile Optional<String> unusable = Optional.empty();
  private volatile Optional<String> refused = Optional.empty();

  private String said = "";
  private long saidAt;

  Obstacle(Supplier<Credentials> source, LongSupplier nanoTime) {
    this.source = source;
    this.nanoTime = nanoTime;
  }

  /** The credentials as of now, for a connection that begins. */
  @Override
  public Credentials get() {
    try {
      Credentials now = source.get();
      unusable = Optional.empty();
      return now;
    } catch (RuntimeException e) {
      unusable = Optional.of(Failures.line(e));
      throw e;
    }
  }

  /** A server has turned a client away, and said why. */
  void refused(String why) {
    refused = Optional.of(why);
  }

  /** A connection begins: what was said to others before is not said to this one. */
  void begin() {
    refused = Optional.empty();
  }

  /** Why a connection did not come about, where the client knows less. */
  RuntimeException behind(Throwable failure) {
    return refused
        .<RuntimeException>map(RedisConnectionException::new)
        .orElseGet(
            () ->
                failure instanceof RuntimeException known
                    ? known
                    : new RedisConnectionException(Failures.line(failure), failure));
  }

  /** Hears what happens to connections. */
  void happened(Event event) {
    if (event instanceof ReconnectFailedEvent failed) {
      String why =
          unusable
              .or(() -> refused)
              .orElseGet(() -> Failures.line(Failures.root(failed.getCause())));
      refused = Optional.empty();
      if (isNews(why)) {
        LOG.atWarn()
            .addKeyValue("failure", why)
            .log("a connection to Redis broke and cannot be made again yet; trying on");
      }
    }
  }

  private synchronized boolean isNews(String why) {
    long now = nanoTime.getAsLong();
    if (why.equals(said) && now - saidAt < REPEAT.toNanos()) {
      return false;
    }
    said = why;
    saidAt = now;
    return true;
  }
}
