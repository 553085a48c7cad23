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
 * The operator's lifecycle from process start to signal. It waits until the API server can be
 * reached, then runs the operator. When the operator loses its leadership, as in an outage of the
 * API server, it stops the operator and starts a new one, which may lead again. It does not exit,
 * because the kubelet restarts a process with ever longer delays.
 */
final class OperatorLife {

  private static final Logger LOG = LoggerFactory.getLogger(OperatorLife.class);

  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

  /** An outage of the API server may end at any time, and a request every five seconds is cheap. */
  private static final Duration MAX_RETRY = Duration.ofSeconds(5);

  /**
   * An API server that never answered may have a wrong address, so the process has to fail visibly.
   * One that answered once is waited for without limit.
   */
  static final Duration START_TIMEOUT = Duration.ofMinutes(5);

  private final KubernetesClient client;
  private final ApiServerContact contact;
  private final OperatorSettings settings;
  private final Function<Runnable, StreamfleetOperator> factory;
  private final Clock clock;
  private final Duration startTimeout;
  private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
  private final AtomicReference<@Nullable StreamfleetOperator> operator = new AtomicReference<>();

  private enum Signal {
    STOP,
    LEADERSHIP_LOST
  }

  /**
   * @param factory creates an operator, given the callback for a lost leadership
   * @param startTimeout how long to wait for an API server that never answered
   */
  OperatorLife(
      KubernetesClient client,
      OperatorSettings settings,
      Function<Runnable, StreamfleetOperator> factory,
      Clock clock,
      Duration startTimeout) {
    this.client = client;
    this.contact = ClusterClient.contact(client);
    this.settings = settings;
    this.factory = factory;
    this.clock = clock;
    this.startTimeout = startTimeout;
  }

  /** Asks for an orderly stop. May be called from any thread. */
  void stop() {
    signals.add(Signal.STOP);
  }

  /** Why the operator does not work, if a restart would help; else empty. */
  Optional<String> lifeProblem() {
    StreamfleetOperator now = operator.get();
    // While it waits for the API server, a restart would not help.
    return now == null ? Optional.empty() : now.lifeProblem();
  }

  /** Why the operator is not ready yet; empty when it is. */
  Optional<String> readinessProblem() {
    StreamfleetOperator now = operator.get();
    return now == null ? Optional.of("waiting for the API server") : now.readinessProblem();
  }

  /**
   * Runs until it is stopped or can't start.
   *
   * @return the exit status: 0 after {@link #stop}, 1 when it can't start
   */
  int run() throws InterruptedException {
    boolean worked = false;
    long since = System.nanoTime();
    Duration pause = FIRST_RETRY;
    while (true) {
      long failures = contact.failures();
      Optional<Preflight.Problem> problem = new Preflight(client, settings, clock).problem();
      boolean over = !worked && System.nanoTime() - since > startTimeout.toNanos();
      if (problem.isEmpty()) {
        try {
          Signal signal = work();
          if (signal == Signal.STOP) {
            return 0;
          }
          worked = true;
          pause = FIRST_RETRY;
          continue;
        } catch (OperatorException e) {
          if (contact.failures() == failures || over) {
            LOG.atError().setCause(e).log("could not start");
            return 1;
          }
          // The API server became unreachable after the preflight, and may be back already.
          LOG.atWarn().log("the API server was lost while the operator started; starting again");
        }
      } else {
        if (!problem.get().mayPass() || over) {
          LOG.atError().log(problem.get().text());
          return 1;
        }
        if (!worked && pause.equals(FIRST_RETRY)) {
          LOG.atWarn()
              .addKeyValue("timeout", startTimeout)
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
    // A signal of a previous operator does not count.
    signals.removeIf(Signal.LEADERSHIP_LOST::equals);
    try (StreamfleetOperator working = factory.apply(() -> signals.add(Signal.LEADERSHIP_LOST))) {
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
    return twice.compareTo(MAX_RETRY) < 0 ? twice : MAX_RETRY;
  }
}
