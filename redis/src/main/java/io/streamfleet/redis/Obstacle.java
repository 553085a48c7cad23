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
 * Finds out why a connection fails where the client only knows that it was closed: credentials that
 * can't be used, and what a server says that refuses all clients.
 *
 * <p>Logs why broken connections can't be restored: once for each reason, and once a minute while
 * it lasts, however many connections retry. The client logs each attempt, with a stack trace for an
 * unusable certificate, so its own lines are suppressed.
 *
 * <p>Thread-safe.
 */
final class Obstacle implements Supplier<Credentials> {

  private static final Logger LOG = LoggerFactory.getLogger(Obstacle.class);

  /**
   * Often enough to be seen in the last minutes of a log, without flooding it in an outage of
   * hours.
   */
  private static final Duration REPEAT = Duration.ofMinutes(1);

  private final Supplier<Credentials> source;
  private final LongSupplier nanoTime;

  private volatile Optional<String> unusable = Optional.empty();
  private volatile Optional<String> refused = Optional.empty();

  private String lastReason = "";
  private long loggedAt;

  Obstacle(Supplier<Credentials> source, LongSupplier nanoTime) {
    this.source = source;
    this.nanoTime = nanoTime;
  }

  /** The present credentials, for a new connection. */
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

  /** A server refused a client and said why. */
  void refused(String why) {
    refused = Optional.of(why);
  }

  /** A new connection starts: a refusal of an earlier one does not count for it. */
  void begin() {
    refused = Optional.empty();
  }

  /** The exception for a failed connection, with the best known reason. */
  RuntimeException explain(Throwable failure) {
    return refused
        .<RuntimeException>map(RedisConnectionException::new)
        .orElseGet(
            () ->
                failure instanceof RuntimeException known
                    ? known
                    : new RedisConnectionException(Failures.line(failure), failure));
  }

  /** Receives the client's connection events. */
  void onEvent(Event event) {
    if (event instanceof ReconnectFailedEvent failed) {
      String why =
          unusable
              .or(() -> refused)
              .orElseGet(() -> Failures.line(Failures.root(failed.getCause())));
      refused = Optional.empty();
      if (isNews(why)) {
        LOG.atWarn()
            .addKeyValue("failure", why)
            .log("a connection to Redis is broken and reconnecting fails; trying again");
      }
    }
  }

  private synchronized boolean isNews(String why) {
    long now = nanoTime.getAsLong();
    if (why.equals(lastReason) && now - loggedAt < REPEAT.toNanos()) {
      return false;
    }
    lastReason = why;
    loggedAt = now;
    return true;
  }
}
