package io.streamfleet.operator.cluster;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whether the API server can be reached, by the last request, watches included. An outage is
 * logged once when it begins and once when it ends, not by each of many watches.
 */
public final class ApiServerContact implements Interceptor {

  private static final Logger LOG = LoggerFactory.getLogger(ApiServerContact.class);

  /** Answers of a proxy or a load balancer in front of an API server that is down. */
  private static final Set<Integer> UNAVAILABLE = Set.of(502, 503, 504);

  private final Clock clock;
  private final AtomicReference<@Nullable Instant> awaySince = new AtomicReference<>();
  private final AtomicLong failures = new AtomicLong();
  private volatile Consumer<Boolean> listener = reachable -> {};

  ApiServerContact(Clock clock) {
    this.clock = clock;
  }

  /** Whether the last attempt to reach it failed. */
  public boolean isAway() {
    return awaySince.get() != null;
  }

  /**
   * How many requests could not reach it so far. A caller of many requests, one of which failed,
   * compares two values to see whether the network was the cause, even if a later request was
   * answered.
   */
  public long failures() {
    return failures.get();
  }

  /** Registers a listener for changes, and calls it with the present state. */
  public void tell(Consumer<Boolean> reachable) {
    listener = reachable;
    reachable.accept(!isAway());
  }

  @Override
  public void after(
      HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> body) {
    if (UNAVAILABLE.contains(response.code())) {
      away("it answers " + response.code());
    } else {
      back();
    }
  }

  @Override
  public void afterConnectionFailure(HttpRequest request, Throwable failure) {
    // Other failures don't say anything about the network: the client was closed, or the request
    // was cancelled.
    if (failure instanceof IOException || failure instanceof TimeoutException) {
      Throwable root = failure;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      String kind = root.getClass().getSimpleName();
      away(root.getMessage() == null ? kind : kind + ": " + root.getMessage());
    }
  }

  private void away(String why) {
    failures.incrementAndGet();
    if (awaySince.compareAndSet(null, clock.instant())) {
      listener.accept(false);
      LOG.atWarn()
          .addKeyValue("failure", why)
          .log("the API server can't be reached; watches and writes are tried again until it can");
    }
  }

  private void back() {
    Instant since = awaySince.getAndSet(null);
    if (since != null) {
      listener.accept(true);
      LOG.atInfo()
          .addKeyValue("away", Duration.between(since, clock.instant()))
          .log("the API server answers again");
    }
  }
}
