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
 * Whether the API server can be reached: the last request says so, those of watches included. An
 * outage is told once when it begins and once when it is over, not by each of many watches.
 */
public final class ApiServerContact implements Interceptor {

  private static final Logger LOG = LoggerFactory.getLogger(ApiServerContact.class);

  /** What a proxy or a load balancer says for an API server that is not there. */
  private static final Set<Integer> NOBODY_THERE = Set.of(502, 503, 504);

  private final Clock clock;
  private final AtomicReference<@Nullable Instant> awaySince = new AtomicReference<>();
  private final AtomicLong failures = new AtomicLong();
  private volatile Consumer<Boolean> audience = reachable -> {};

  ApiServerContact(Clock clock) {
    this.clock = clock;
  }

  /** Whether it could not be reached when that was last tried. */
  public boolean isAway() {
    return awaySince.get() != null;
  }

  /**
   * How many requests it has failed: who did many at once, and one of them in vain, sees by it
   * whether the network was to blame, though another request was answered since.
   */
  public long failures() {
    return failures.get();
  }

  /** Tells somebody of each change from now on, and how it stands. */
  public void tell(Consumer<Boolean> reachable) {
    audience = reachable;
    reachable.accept(!isAway());
  }

  @Override
  public void after(
      HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> body) {
    if (NOBODY_THERE.contains(response.code())) {
      away("it answers " + response.code());
    } else {
      back();
    }
  }

  @Override
  public void afterConnectionFailure(HttpRequest request, Throwable failure) {
    // All else is no word of the network: the client was closed, or whoever asked lost interest.
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
      audience.accept(false);
      LOG.atWarn()
          .addKeyValue("failure", why)
          .log("the API server can't be reached; watches and writes are tried again until it can");
    }
  }

  private void back() {
    Instant since = awaySince.getAndSet(null);
    if (since != null) {
      audience.accept(true);
      LOG.atInfo()
          .addKeyValue("away", Duration.between(since, clock.instant()))
          .log("the API server answers again");
    }
  }
}
