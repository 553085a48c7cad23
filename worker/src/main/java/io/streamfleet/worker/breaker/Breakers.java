package io.streamfleet.worker.breaker;

import io.streamfleet.process.log.Sparingly;
import io.streamfleet.worker.metrics.BreakerMetrics;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The breakers of a worker, one for each endpoint. Belongs to one thread. */
public final class Breakers {

  private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);

  /** Openings of one endpoint are logged at most once in this time; the counter counts them all. */
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final LongSupplier nanoTime;
  private final BreakerMetrics metrics;
  private final Map<String, Breaker> byEndpoint = new LinkedHashMap<>();

  public Breakers(LongSupplier nanoTime, BreakerMetrics metrics) {
    this.nanoTime = nanoTime;
    this.metrics = metrics;
  }

  /** The breaker of an endpoint; the same one each time. */
  public Breaker of(String endpoint) {
    return byEndpoint.computeIfAbsent(
        endpoint,
        name -> {
          Breaker breaker = new Breaker(name, nanoTime, new LoggedReport());
          metrics.show(
              name, breaker::isOpen, Arrays.stream(Cause.values()).map(Cause::label).toList());
          return breaker;
        });
  }

  /** Logs and counts the changes of one breaker, which calls it under its lock. */
  private final class LoggedReport implements Breaker.Report {

    private final Sparingly openings = new Sparingly(INTERVAL, nanoTime);
    private boolean openingLogged;

    @Override
    public void opened(String endpoint, Cause cause, String failure) {
      metrics.opened(endpoint, cause.label());
      openingLogged =
          openings.say(
              unsaid ->
                  LOG.atWarn()
                      .addKeyValue("endpoint", endpoint)
                      .addKeyValue("cause", cause.label())
                      .addKeyValue("failure", failure)
                      .addKeyValue("unsaid", unsaid)
                      .log(
                          "the handler's endpoint is unavailable: it gets only probes, and no"
                              + " attempts are used up"));
    }

    @Override
    public void closed(String endpoint, Duration open) {
      if (openingLogged) {
        LOG.atInfo()
            .addKeyValue("endpoint", endpoint)
            .addKeyValue("seconds", open.toSeconds())
            .log("the handler's endpoint is back");
      }
    }
  }
}
