package io.streamfleet.operator;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.OperatorException;
import io.prometheus.client.CollectorRegistry;
import io.streamfleet.operator.cluster.ClusterClient;
import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.settings.BadSetting;
import io.streamfleet.operator.settings.OperatorSettings;
import io.streamfleet.process.health.Health;
import io.streamfleet.process.health.HttpEndpoints;
import io.streamfleet.process.log.LogFormat;
import io.streamfleet.process.log.Logging;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator as a process. It is told everything by its environment, see {@link
 * OperatorSettings}. With the one argument {@code selftest} it only looks whether it is installed
 * as it should be, see {@link SelfTest}.
 *
 * <p>Exit status: 0 stopped by a signal, 1 could not start or lost its leadership, or the test
 * failed, 2 bad settings or arguments.
 */
public final class Main {

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  private static final String SELF_TEST = "selftest";

  private Main() {}

  /** Runs until SIGTERM or SIGINT. */
  public static void main(String[] arguments) {
    List<String> told = List.of(arguments);
    if (!told.isEmpty() && !told.equals(List.of(SELF_TEST))) {
      System.err.println(
          "the operator takes no argument, or " + SELF_TEST + "; found " + String.join(" ", told));
      System.exit(2);
      return;
    }
    OperatorSettings settings;
    try {
      settings = OperatorSettings.from(System.getenv());
    } catch (BadSetting e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    Logging.use(settings.jsonLogs() ? LogFormat.JSON : LogFormat.LOGFMT);
    System.exit(told.isEmpty() ? run(settings) : test(settings));
  }

  private static int test(OperatorSettings settings) {
    try (KubernetesClient client = ClusterClient.open(Config.autoConfigure(null))) {
      return new SelfTest(client, settings).run(System.out::println);
    }
  }

  private static int run(OperatorSettings settings) {
    CollectorRegistry registry = new CollectorRegistry();
    OperatorMetrics metrics = new OperatorMetrics(registry, version());
    metrics.exportJvm();
    Health health = new Health();
    CountDownLatch told = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    try (KubernetesClient client = ClusterClient.open(Config.autoConfigure(null));
        StreamfleetOperator operator =
            new StreamfleetOperator(
                client,
                settings,
                metrics,
                Clock.systemUTC(),
                RandomGenerator.getDefault(),
                // At once: whatever is under way may be done by the new leader as well.
                () -> Runtime.getRuntime().halt(1));
        HttpEndpoints endpoints =
            HttpEndpoints.open(
                settings.host(), settings.port(), "STREAMFLEET_PORT", health, registry)) {
      LibraryLog.shape(ClusterClient.contact(client));
      health.requireForReadiness("operator", operator::readinessProblem);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(told, ended), "stop"));
      LOG.atInfo().addKeyValue("port", endpoints.port()).log("serving metrics and health");
      Optional<String> problem = new Preflight(client, settings, Clock.systemUTC()).problem();
      if (problem.isPresent()) {
        LOG.atError().log(problem.get());
        return 1;
      }
      operator.start();
      health.requireForLife("operator", operator::lifeProblem);
      LOG.atInfo()
          .addKeyValue("version", version())
          .addKeyValue(
              "namespaces", settings.namespaces().isEmpty() ? "all" : settings.namespaces())
          .log("watching");
      told.await();
      return 0;
    } catch (OperatorException | IOException e) {
      LOG.atError().setCause(e).log("could not start");
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    } finally {
      ended.countDown();
    }
  }

  /**
   * On a signal the Java machine runs its hooks and ends with 143 or 130, whatever came of it. This
   * one waits for the operator and ends the process with 0 itself; when it is run because the
   * operator has ended by itself, it leaves the status alone.
   */
  private static void end(CountDownLatch told, CountDownLatch ended) {
    if (ended.getCount() == 0) {
      return;
    }
    told.countDown();
    try {
      ended.await();
      Runtime.getRuntime().halt(0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String version() {
    return Objects.requireNonNullElse(
        Main.class.getPackage().getImplementationVersion(), "development");
  }
}
