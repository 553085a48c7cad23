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
import io.streamfleet.worker.telemetry.Telemetry;
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
 * Runs a worker with the options of the command line.
 *
 * @param consumer the consumer name; if null, {@code $POD_NAME}, else {@code $HOSTNAME}
 * @param host the address on which health and metrics are served; if null, all addresses
 * @param port the port of health and metrics; if null, the manifest's
 * @param stateDir the folder for the file of started entries; if null, {@code
 *     $STREAMFLEET_STATE_DIR}; if that is not set either, no file is written
 */
public record WorkerRun(
    ManifestSource manifest,
    @Nullable String consumer,
    @Nullable String host,
    @Nullable Integer port,
    @Nullable Path stateDir,
    LogFormat logFormat) {

  private static final Logger LOG = LoggerFactory.getLogger(WorkerRun.class);

  /** After three intervals without an observation a gauge is too old to be shown. */
  private static final Duration GAUGES_STALE = Duration.ofSeconds(15);

  private static final Pattern SIGNAL_THREAD = Pattern.compile("SIG[A-Z]+ handler");

  /** Allowed after the drain time-out, for the last calls to Redis and for closing connections. */
  private static final Duration CLOSING = Duration.ofSeconds(15);

  /**
   * Runs until the process is asked to stop.
   *
   * @return the exit status: 0 if all entries in flight were settled, 1 if not or if the port
   *     cannot be opened, 2 if the manifest or a handler cannot be used
   * @throws BadUsage if the options or the manifest's file cannot be used; nothing was started
   */
  public int run() throws Exception {
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
              gauges,
              Telemetry.start(
                  text.manifest(), System.getenv(), name, Version.current(), metrics.spans()));
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
                        "the memory limit is too small for the heap and the memory besides it: raise"
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
   * On SIGTERM and SIGINT the JVM runs its shutdown hooks and exits with 143 or 130, drained or
   * not. This hook waits for the worker and then halts the process with the worker's exit status.
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
                        LOG.error("the worker did not drain in time; the process is halted");
                      }
                      Logging.flush();
                      Runtime.getRuntime().halt(inTime ? status[0] : 1);
                    }));
  }

  /**
   * A handler may call {@code System.exit}, which runs the shutdown hooks as a signal does. For a
   * signal the JVM has a thread that waits for the hooks, which tells the two apart.
   */
  private static void stop(Worker worker) {
    boolean bySignal =
        Thread.getAllStackTraces().keySet().stream()
            .anyMatch(thread -> SIGNAL_THREAD.matcher(thread.getName()).matches());
    if (bySignal) {
      worker.stop();
    } else {
      LOG.error("a handler, or a library that it uses, called System.exit");
      worker.stopAsKilled();
    }
  }

  private static boolean await(StreamConsumerGroupSpec spec, CountDownLatch ended) {
    Duration limit = spec.workers().drainTimeout().plus(CLOSING);
    try {
      return ended.await(limit.toMillis(), TimeUnit.MILLISECONDS);
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
