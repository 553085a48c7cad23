package io.streamfleet.worker.run;

import io.prometheus.client.CollectorRegistry;
import io.streamfleet.api.InvalidManifest;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.process.health.Health;
import io.streamfleet.process.health.HttpEndpoints;
import io.streamfleet.process.log.LogFormat;
import io.streamfleet.process.log.Logging;
import io.streamfleet.worker.Worker;
import io.streamfleet.worker.begun.BegunEntries;
import io.streamfleet.worker.handle.AnswerWarnings;
import io.streamfleet.worker.handle.Handlers;
import io.streamfleet.worker.handle.UnusableHandler;
import io.streamfleet.worker.metrics.GroupGauges;
import io.streamfleet.worker.metrics.SettingsMetrics;
import io.streamfleet.worker.metrics.WorkerMetrics;
import io.streamfleet.worker.settings.ChangingSettings;
import io.streamfleet.worker.settings.ManifestText;
import io.streamfleet.worker.settings.ManifestWatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker as the command line wants it, from its manifest to its end.
 *
 * @param consumer the consumer name; {@code $POD_NAME}, else {@code $HOSTNAME} where none is given
 * @param host the address that health and metrics are served on; every one of the machine where
 *     none is given
 * @param port of health and metrics; the manifest's where none is given
 * @param stateDir where to keep which entries are begun with; {@code $STREAMFLEET_STATE_DIR} where
 *     none is given, and nowhere where that is not set
 */
public record WorkerRun(
    ManifestSource manifest,
    @Nullable String consumer,
    @Nullable String host,
    @Nullable Integer port,
    @Nullable Path stateDir,
    LogFormat logFormat) {

  private static final Logger LOG = LoggerFactory.getLogger(WorkerRun.class);

  /** Observations older than three of their intervals would be a lie. */
  private static final Duration GAUGES_STALE = Duration.ofSeconds(15);

  private static final Pattern SIGNAL_THREAD = Pattern.compile("SIG[A-Z]+ handler");

  /**
   * What draining may take beyond its own grace: its last calls, and the closing of connections.
   */
  private static final Duration CLOSING = Duration.ofSeconds(15);

  /**
   * Runs until the process is asked to end.
   *
   * @return the exit status
   * @throws BadUsage before anything was done
   */
  public int untilTold() throws Exception {
    Logging.use(logFormat);
    warnOfMemory();
    ManifestText text;
    Worker worker;
    CollectorRegistry registry = new CollectorRegistry();
    WorkerMetrics metrics = new WorkerMetrics(registry, Version.current());
    metrics.exportJvm();
    Health health = new Health();
    String name = consumerName();
    try {
      text = manifest.read();
      StreamConsumerGroupSpec spec = text.manifest().spec();
      GroupGauges gauges = new GroupGauges(GAUGES_STALE, System::nanoTime).register(registry);
      worker =
          new Worker(
              spec,
              name,
              begunEntries(name),
              new Handlers(name, Clock.systemUTC(), new AnswerWarnings(metrics::suspectAnswer)),
              manifest.redis(spec, "streamfleet:" + name),
              metrics,
              health,
              gauges);
      worker.prepare();
    } catch (InvalidManifest e) {
      System.err.println(e.getMessage());
      return 2;
    } catch (UnusableHandler e) {
      System.err.println(e.getMessage());
      return 2;
    }
    return serve(text, worker, health, registry);
  }

  private BegunEntries begunEntries(String name) {
    Path folder = stateDir;
    String fromEnvironment = System.getenv("STREAMFLEET_STATE_DIR");
    if (folder == null && fromEnvironment != null && !fromEnvironment.isBlank()) {
      folder = Path.of(fromEnvironment);
    }
    return folder == null ? BegunEntries.none() : BegunEntries.in(folder, name);
  }

  private static void warnOfMemory() {
    long heap = Runtime.getRuntime().maxMemory();
    MemoryLimit.needed(heap, MemoryLimit.ofThisContainer())
        .ifPresent(
            needed ->
                LOG.atWarn()
                    .addKeyValue("heap_mib", heap >> 20)
                    .addKeyValue("needed_mib", Math.ceilDiv(needed, 1L << 20))
                    .log(
                        "the memory limit does not hold the heap and what is taken beside it: raise"
                            + " the limit, or lower the heap by JAVA_TOOL_OPTIONS"));
  }

  private int serve(ManifestText text, Worker worker, Health health, CollectorRegistry registry)
      throws Exception {
    StreamConsumerGroupSpec spec = text.manifest().spec();
    ChangingSettings settings =
        new ChangingSettings(text, worker.pipelines(), new SettingsMetrics(registry));
    Integer wanted = port;
    int at = wanted == null ? spec.workers().port() : wanted;
    CountDownLatch ended = new CountDownLatch(1);
    int[] status = {1};
    try (HttpEndpoints endpoints =
            HttpEndpoints.open(
                host,
                at,
                "--port",
                health,
                registry,
                Map.of("/inflight", worker.pipelines()::inFlight));
        ManifestWatch watch = ManifestWatch.start(manifest.file(), text, settings)) {
      LOG.atInfo().addKeyValue("port", endpoints.port()).log("serving metrics and health");
      stopOnSignal(spec, worker, ended, status);
      status[0] = worker.run() ? 0 : 1;
      return status[0];
    } catch (IOException e) {
      System.err.println(e.getMessage());
      return 1;
    } finally {
      ended.countDown();
    }
  }

  /**
   * On SIGTERM and SIGINT the Java machine runs its hooks and ends with 143 or 130, drained or not.
   * The hook waits for the worker and then ends the process with the worker's own status.
   */
  private static void stopOnSignal(
      StreamConsumerGroupSpec spec, Worker worker, CountDownLatch ended, int[] status) {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("drain")
                .unstarted(
                    () -> {
                      if (ended.getCount() == 0) {
                        return;
                      }
                      stop(worker);
                      boolean inTime = await(spec, ended);
                      if (!inTime) {
                        LOG.error("the worker did not drain in time; it is ended as it is");
                      }
                      Logging.flush();
                      Runtime.getRuntime().halt(inTime ? status[0] : 1);
                    }));
  }

  /**
   * A handler may end the process itself, by {@code System.exit}, which runs the hooks as a signal
   * does. Signals have a thread of the Java machine's, which waits for the hooks.
   */
  private static void stop(Worker worker) {
    boolean bySignal =
        Thread.getAllStackTraces().keySet().stream()
            .anyMatch(thread -> SIGNAL_THREAD.matcher(thread.getName()).matches());
    if (bySignal) {
      worker.stop();
    } else {
      LOG.error("the process is ended from within: a handler, or what it uses, called System.exit");
      worker.stopAsKilled();
    }
  }

  private static boolean await(StreamConsumerGroupSpec spec, CountDownLatch ended) {
    Duration patience = spec.workers().drainTimeout().plus(CLOSING);
    try {
      return ended.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private String consumerName() {
    String given = consumer;
    if (given == null) {
      given = System.getenv("POD_NAME");
    }
    if (given == null) {
      given = System.getenv("HOSTNAME");
    }
    if (given == null || given.isBlank()) {
      throw new BadUsage("no consumer name: pass --consumer NAME, or set POD_NAME");
    }
    return given;
  }
}
