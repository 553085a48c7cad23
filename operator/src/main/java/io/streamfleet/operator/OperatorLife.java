package io.streamfleet.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.OperatorException;
import io.streamfleet.operator.cluster.ApiServerContact;
import io.streamfleet.operator.cluster.ClusterClient;
import io.streamfleet.operator.settings.OperatorSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of the operator from the start of its process to a signal: it waits for an API server
 * that can't be reached, works, and when it lost its leadership, as in an outage of the API server,
 * it stops all that it does and begins anew as one of those that may lead. To end the process
 * instead would leave the next start to the kubelet, which takes ever longer.
 */
final class OperatorLife {

  private static final Logger LOG = LoggerFactory.getLogger(OperatorLife.class);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  /** An outage of the API server ends at any time, and to ask costs nobody anything. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /**
   * One that never answered may have a wrong address: somebody has to see the process end. One that
   * answered once is waited for as long as it takes, as between two requests.
   */
  static final Duration PATIENCE_AT_THE_START = Duration.ofMinutes(5);

  private final KubernetesClient client;
  private final ApiServerContact contact;
  private final OperatorSettings settings;
  private final Function<Runnable, StreamfleetOperator> makes;
  private final Clock clock;
  private final Duration patience;
  private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
  private final AtomicReference<@Nullable StreamfleetOperator> operator = new AtomicReference<>();

  private enum Signal {
    STOP,
    LEADERSHIP_LOST
  }

  /**
   * @param makes an operator, given who hears when it lost its leadership
   * @param patience how long an API server that never answered is waited for
   */
  OperatorLife(
      KubernetesClient client,
      OperatorSettings settings,
      Function<Runnable, StreamfleetOperator> makes,
      Clock clock,
      Duration patience) {
    this.client = client;
    this.contact = ClusterClient.contact(client);
    this.settings = settings;
    this.makes = makes;
    this.clock = clock;
    this.patience = patience;
  }

  /** Has it end in good order; any thread may ask. */
  void stop() {
    signals.add(Signal.STOP);
  }

  /** What keeps the operator from its work, if anything: a restart would help. */
  Optional<String> lifeProblem() {
    StreamfleetOperator now = operator.get();
    // While it waits for the API server a restart would only make it wait anew.
    return now == null ? Optional.empty() : now.lifeProblem();
  }

  /** What the operator does not know yet that it has to know to lead; empty when it could. */
  Optional<String> readinessProblem() {
    StreamfleetOperator now = operator.get();
    return now == null ? Optional.of("waiting for the API server") : now.readinessProblem();
  }

  /**
   * Lives.
   *
   * @return the status of the process: 0 after {@link #stop}, 1 when it can't start
   */
  int run() throws InterruptedException {
    boolean worked = false;
    long since = System.nanoTime();
    Duration pause = FIRST_PAUSE;
    while (true) {
      long failures = contact.failures();
      Optional<Preflight.Problem> problem = new Preflight(client, settings, clock).problem();
      boolean over = !worked && System.nanoTime() - since > patience.toNanos();
      if (problem.isEmpty()) {
        try {
          Signal signal = work();
          if (signal == Signal.STOP) {
            return 0;
          }
          worked = true;
          pause = FIRST_PAUSE;
          continue;
        } catch (OperatorException e) {
          if (contact.failures() == failures || over) {
            LOG.atError().setCause(e).log("could not start");
            return 1;
          }
          // It went since it was asked a moment ago, and may be back already.
          LOG.atWarn().log("the API server was lost while the operator started; starting again");
        }
      } else {
        if (!problem.get().mayPass() || over) {
          LOG.atError().log(problem.get().text());
          return 1;
        }
        if (!worked && pause.equals(FIRST_PAUSE)) {
          LOG.atWarn()
              .addKeyValue("patience", patience)
              .log(problem.get().text() + "; waiting for it");
        }
      }
      if (signals.poll(pause.toMillis(), TimeUnit.MILLISECONDS) == Signal.STOP) {
        return 0;
      }
      pause = longer(pause);
    }
  }

  private Signal work() throws InterruptedException {
    // A word about an operator of before does not count.
    signals.removeIf(Signal.LEADERSHIP_LOST::equals);
    try (StreamfleetOperator working = makes.apply(() -> signals.add(Signal.LEADERSHIP_LOST))) {
      operator.set(working);
      working.start();
      LOG.atInfo()
          .addKeyValue(
              "namespaces", settings.namespaces().isEmpty() ? "all" : settings.namespaces())
          .log("watching");
      return signals.take();
    } finally {
      operator.set(null);
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }
}
