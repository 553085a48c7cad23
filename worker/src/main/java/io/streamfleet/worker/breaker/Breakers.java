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

/** The breakers of a worker, one for each endpoint. To be asked by one thread. */
public final class Breakers {

  private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);

  /** An endpoint that comes and goes is told of once in this time; the counter has it all. */
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final LongSupplier nanoTime;
  private final BreakerMetrics metrics;
  private final Map<String, Breaker> byEndpoint = new LinkedHashMap<>();

  public Breakers(LongSupplier nanoTime, BreakerMetrics metrics) {
    this.nanoTime = nanoTime;
    this.metrics = metrics;
  }

  /** The breaker of an endpoint; always the same. */
  public Breaker of(String endpoint) {
    return byEndpoint.computeIfAbsent(
        endpoint,
        name -> {
          Breaker breaker = new Breaker(name, nanoTime, new Told());
          metrics.show(
              name, breaker::isOpen, Arrays.stream(Cause.values()).map(Cause::label).toList());
          return breaker;
        });
  }

  /** The log and the counter of one breaker, which calls one at a time. */
  private final class Told implements Breaker.Report {

    private final Sparingly openings = new Sparingly(INTERVAL, nanoTime);
    private boolean said;

    @Override
    public void opened(String endpoint, Cause cause, String failure) {
      metrics.opened(endpoint, cause.label());
      said =
          openings.say(
              unsaid ->
                  LOG.atWarn()
                      .addKeyValue("endpoint", endpoint)
                      .addKeyValue("cause", cause.label())
                      .addKeyValue("failure", failure)
                      .addKeyValue("unsaid", unsaid)
                      .log(
                          "the handler's endpoint is unavailable: it gets nothing but probes, and no"
                              + " attempt is used up"));
    }

    @Override
    public void closed(String endpoint, Duration afterwards) {
      if (said) {
        LOG.atInfo()
            .addKeyValue("endpoint", endpoint)
            .addKeyValue("seconds", afterwards.toSeconds())
            .log("the handler's endpoint is back");
      }
    }
  }
}
