package io.streamfleet.console;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.hotspot.DefaultExports;
import io.streamfleet.console.settings.BadSetting;
import io.streamfleet.console.settings.ConsoleSettings;
import io.streamfleet.process.health.Health;
import io.streamfleet.process.health.HttpEndpoints;
import io.streamfleet.process.log.LogFormat;
import io.streamfleet.process.log.Logging;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The console's process. It is configured by environment variables, see {@link ConsoleSettings}.
 *
 * <p>Exit status: 0 stopped by a signal, 1 failed to start, 2 bad settings or arguments.
 */
public final class Main {

  private static final Logger log = LoggerFactory.getLogger(Main.class);

  /** The next look of an open page tries again; the client's own attempts would hold it up. */
  private static final int REQUEST_RETRIES = 1;

  /** A request of the API server holds up whoever waits in front of a page. */
  private static final int REQUEST_TIMEOUT_MILLIS = 5_000;

  private Main() {}

  /** Runs until SIGTERM or SIGINT. */
  public static void main(String[] arguments) {
    if (arguments.length > 0) {
      System.err.println("the console takes no arguments; docs/console.md lists its settings");
      System.exit(2);
      return;
    }
    ConsoleSettings settings;
    try {
      settings = ConsoleSettings.from(System.getenv());
    } catch (BadSetting e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    Logging.use(settings.jsonLogs() ? LogFormat.JSON : LogFormat.LOGFMT);
    System.exit(run(settings));
  }

  private static int run(ConsoleSettings settings) {
    CollectorRegistry registry = new CollectorRegistry();
    DefaultExports.register(registry);
    Health health = new Health();
    CountDownLatch told = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Config config =
        new ConfigBuilder(Config.autoConfigure(null))
            .withRequestRetryBackoffLimit(REQUEST_RETRIES)
            .withRequestTimeout(REQUEST_TIMEOUT_MILLIS)
            .build();
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build();
        Console console = Console.start(settings, client);
        HttpEndpoints endpoints =
            HttpEndpoints.open(
                settings.host(), settings.healthPort(), "STREAMFLEET_PORT", health, registry)) {
      health.requireForReadiness("fleets", console::problem);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(told, ended), "stop"));
      log.atInfo()
          .addKeyValue("port", console.port())
          .addKeyValue("health_port", endpoints.port())
          .addKeyValue("access", settings.access())
          .addKeyValue("changes", settings.changes())
          .addKeyValue("payloads", settings.payloads())
          .log("serving the console");
      told.await();
      return 0;
    } catch (IOException | IllegalArgumentException e) {
      log.atError().setCause(e).log("could not start");
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    } finally {
      ended.countDown();
    }
  }

  /** The JVM would exit with 143: this waits for the end and exits with 0. */
  private static void end(CountDownLatch told, CountDownLatch ended) {
    if (ended.getCount() == 0) {
      return;
    }
    told.countDown();
    try {
      ended.await();
      Logging.flush();
      Runtime.getRuntime().halt(0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
