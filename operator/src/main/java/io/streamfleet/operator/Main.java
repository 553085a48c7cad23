package io.streamfleet.operator;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
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
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's process. It is configured by environment variables, see {@link OperatorSettings}.
 * With the argument {@code selftest} it only checks its installation, see {@link SelfTest}.
 *
 * <p>Exit status: 0 stopped by a signal, 1 failed to start, or the test failed, 2 bad settings or
 * arguments.
 */
public final class Main {

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  private static final String SELF_TEST = "selftest";

  private Main() {}

  /** Runs until SIGTERM or SIGINT. */
  public static void main(String[] arguments) {
    List<String> args = List.of(arguments);
    if (!args.isEmpty() && !args.equals(List.of(SELF_TEST))) {
      System.err.println(
          "the operator takes no argument, or " + SELF_TEST + "; found " + String.join(" ", args));
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
    System.exit(args.isEmpty() ? run(settings) : test(settings));
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
    CountDownLatch ended = new CountDownLatch(1);
    try (KubernetesClient client = ClusterClient.open(Config.autoConfigure(null));
        HttpEndpoints endpoints =
            HttpEndpoints.open(
                settings.host(), settings.port(), "STREAMFLEET_PORT", health, registry)) {
      LibraryLog.shape(ClusterClient.contact(client));
      OperatorLife life =
          new OperatorLife(
              client,
              settings,
              onLost ->
                  new StreamfleetOperator(
                      client,
                      settings,
                      metrics,
                      Clock.systemUTC(),
                      RandomGenerator.getDefault(),
                      onLost),
              Clock.systemUTC(),
              OperatorLife.START_TIMEOUT);
      health.requireForReadiness("operator", life::readinessProblem);
      health.requireForLife("operator", life::lifeProblem);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(life, ended), "stop"));
      LOG.atInfo()
          .addKeyValue("version", version())
          .addKeyValue("port", endpoints.port())
          .log("serving metrics and health");
      return life.run();
    } catch (IOException e) {
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
   * On a signal the JVM runs its shutdown hooks and exits with 143 or 130. This hook waits for the
   * operator to stop and exits with 0 instead. If the operator ended by itself, it leaves the exit
   * status as it is.
   */
  private static void end(OperatorLife life, CountDownLatch ended) {
    if (ended.getCount() == 0) {
      return;
    }
    life.stop();
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
