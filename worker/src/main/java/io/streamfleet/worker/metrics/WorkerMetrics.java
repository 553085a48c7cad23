package io.streamfleet.worker.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import io.streamfleet.handler.Direction;
import io.streamfleet.redis.Failures;
import io.streamfleet.worker.entry.AnswerWarning;
import io.streamfleet.worker.entry.MachineFault;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * All that a worker counts and times; {@code docs/metrics.md} lists it.
 *
 * <p>A pipeline asks once for its {@link StreamMetrics} and {@link HandlerMetrics} and keeps them:
 * looking labels up costs several times what counting does. Exemplars are off everywhere; nothing
 * here has a trace to point at. Any thread may call.
 */
public final class WorkerMetrics {

  private final CollectorRegistry registry;
  private final EntryFamilies entries;
  private final PipelineGauges pipelines;
  private final LoopGauges lastTurns;
  private final LoopGauges standstills;
  private final LoopGauges longestCalls;
  private final Histogram handlerSeconds;
  private final EmissionMetrics emissions;
  private final Counter redisReconnects;
  private final Counter redisErrors;
  private final Gauge writesRefused;
  private final Counter clockJumps;
  private final Counter observationFailures;
  private final Counter machineFaults;
  private final Counter internalFailures;
  private final Counter suspectAnswers;
  private final BreakerMetrics breakers;
  private final SuspectMetrics suspects;
  private final LimitMetrics limits;

  /**
   * Registers everything but the metrics of the Java machine.
   *
   * @param registry where the series are kept
   * @param version the worker's version, shown by {@code streamfleet_build_info}
   */
  public WorkerMetrics(CollectorRegistry registry, String version) {
    this.registry = registry;
    entries = EntryFamilies.register(registry);
    pipelines = new PipelineGauges().register(registry);
    lastTurns =
        new LoopGauges("streamfleet_loop_last_turn_seconds", "Time since a loop last turned.")
            .register(registry);
    standstills =
        new LoopGauges(
                "streamfleet_standstill_seconds",
                "For how long nothing was handled though there were entries to handle.")
            .register(registry);
    longestCalls =
        new LoopGauges(
                "streamfleet_handler_longest_running_seconds",
                "For how long the longest call of the handler has run that runs now.")
            .register(registry);
    handlerSeconds =
        Histogram.build("streamfleet_handler_seconds", "Calls of the handler.")
            .labelNames("direction", "loop", "outcome")
            .buckets(Seconds.bounds())
            .withoutExemplars()
            .register(registry);
    emissions = new EmissionMetrics(registry);
    redisReconnects =
        Counter.build("streamfleet_redis_reconnects_total", "Connections to Redis made again.")
            .withoutExemplars()
            .register(registry);
    redisErrors =
        Counter.build("streamfleet_redis_errors_total", "Redis calls that failed.")
            .labelNames("operation")
            .withoutExemplars()
            .register(registry);
    writesRefused =
        Gauge.build(
                "streamfleet_redis_refuses_writes",
                "1 for the word by which Redis refuses all writes.")
            .labelNames("reason")
            .register(registry);
    redisRefuses(Optional.empty());
    clockJumps =
        Counter.build("streamfleet_redis_clock_jumps_total", "Jumps of the clock of Redis.")
            .labelNames("direction")
            .withoutExemplars()
            .register(registry);
    // Both from the start: an increase shows only in a series that was there before.
    clockJumps.labels("back");
    clockJumps.labels("forward");
    observationFailures =
        Counter.build(
                "streamfleet_observation_failures_total",
                "Rounds in which the groups could not be asked about.")
            .withoutExemplars()
            .register(registry);
    machineFaults =
        Counter.build(
                "streamfleet_machine_faults_total",
                "Calls of the handler that the machine did not let work.")
            .labelNames("fault")
            .withoutExemplars()
            .register(registry);
    for (MachineFault fault : MachineFault.values()) {
      machineFaults.labels(fault.label());
    }
    suspectAnswers =
        Counter.build(
                "streamfleet_suspect_answers_total",
                "Answers of handlers that seem to mean something else than what came of them.")
            .labelNames("doubt")
            .withoutExemplars()
            .register(registry);
    for (AnswerWarning doubt : AnswerWarning.values()) {
      suspectAnswers.labels(doubt.label());
    }
    breakers = new BreakerMetrics(registry);
    suspects = new SuspectMetrics(registry);
    limits = new LimitMetrics(registry);
    internalFailures =
        Counter.build("streamfleet_internal_failures_total", "Mistakes of the worker itself.")
            .withoutExemplars()
            .register(registry);
    ProcessSeries.register(registry, version);
  }

  /** Adds the metrics of the JVM and the process. */
  public void exportJvm() {
    new JvmMetrics().register(registry);
  }

  /** The series of one stream and group, all at 0 at first. Asked twice, it counts on the same. */
  public StreamMetrics forStream(String stream, String group) {
    return new StreamMetrics(entries, stream, group);
  }

  /**
   * The handler calls of a pipeline.
   *
   * @param loop the pipeline's, as in {@link #showLoop}
   */
  public HandlerMetrics forHandler(Direction direction, String loop) {
    return new HandlerMetrics(handlerSeconds, direction.label(), loop);
  }

  /** What is shown of entries that may kill who handles them. */
  public SuspectMetrics suspects() {
    return suspects;
  }

  /** What is shown of limits. */
  public LimitMetrics limits() {
    return limits;
  }

  /** What is shown of the breakers of endpoints. */
  public BreakerMetrics breakers() {
    return breakers;
  }

  /**
   * Shows what the streams of a pipeline share. The suppliers are asked at each scrape, by the
   * thread that serves it, and so cost the pipeline nothing; they must not block.
   *
   * @param loop the pipeline's, as in {@link #showLoop}
   * @param limit the credit
   * @param lanes channels with work in flight
   * @param parked entries that wait for their turn, known by id
   * @param refused channels whose lock's key Redis refuses
   * @throws IllegalArgumentException if the pipeline is shown already
   */
  public void showPipeline(
      String loop, IntSupplier limit, IntSupplier lanes, IntSupplier parked, IntSupplier refused) {
    pipelines.addPipeline(loop, limit, lanes, parked, refused);
  }

  /** Shows how many entries wait for the time of their next attempt, known by id. */
  public void showParkedRetries(String loop, IntSupplier parked) {
    pipelines.addParkedRetries(loop, parked);
  }

  /**
   * Shows how much memory the payloads of a pipeline take.
   *
   * @param loop the pipeline's, as in {@link #showLoop}
   * @param bytes those in flight, and the room set apart for what is fetched; asked as in {@link
   *     #showPipeline}
   * @param limit bytes that all pipelines of the worker may have together
   */
  public void showPayloads(String loop, LongSupplier bytes, long limit) {
    pipelines.addPayloads(loop, bytes, limit);
  }

  /**
   * Shows what a pipeline has in flight of one of its streams.
   *
   * @param loop the pipeline's, as in {@link #showLoop}
   * @param inFlight entries that take up credit; asked as in {@link #showPipeline}
   * @param paused whether nothing more is taken in
   * @throws IllegalArgumentException if the stream and group are shown already
   */
  public void showInFlight(
      String loop, String stream, String group, IntSupplier inFlight, BooleanSupplier paused) {
    pipelines.addHand(loop, stream, group, inFlight, paused);
  }

  /**
   * Shows how long ago a loop turned.
   *
   * @param loop one of a closed set: it becomes a label
   * @param nanosSinceTurn asked at each scrape, by the thread that serves it; must not block
   * @throws IllegalArgumentException if the loop is shown already
   */
  public void showLoop(String loop, LongSupplier nanosSinceTurn) {
    lastTurns.add(loop, nanosSinceTurn);
  }

  /**
   * Shows for how long a loop has handled nothing though there was work.
   *
   * @param nanos asked as in {@link #showLoop}
   * @throws IllegalArgumentException if the loop is shown already
   */
  public void showStandstill(String loop, LongSupplier nanos) {
    standstills.add(loop, nanos);
  }

  /**
   * Shows for how long the longest call of a loop's handler has run.
   *
   * @param nanos asked as in {@link #showLoop}; 0 where none runs
   * @throws IllegalArgumentException if the loop is shown already
   */
  public void showLongestCall(String loop, LongSupplier nanos) {
    longestCalls.add(loop, nanos);
  }

  /**
   * Shows how the worker is. All are asked at each scrape and must not block.
   *
   * @param ready whether {@code /readyz} says so
   * @param redisUp whether Redis answered when it was last asked
   * @param draining whether it ends what it has in flight, and takes in nothing more
   */
  public void showWorker(BooleanSupplier ready, BooleanSupplier redisUp, BooleanSupplier draining) {
    Flags.show(
        registry, "streamfleet_ready", "Whether the worker is ready, as /readyz says.", ready);
    Flags.show(
        registry,
        "streamfleet_redis_up",
        "Whether Redis answered when it was last asked.",
        redisUp);
    Flags.show(
        registry,
        "streamfleet_draining",
        "Whether the worker ends what it has in flight.",
        draining);
  }

  /**
   * Redis answered.
   *
   * @param said what it says to every write, if it takes none
   */
  public void redisRefuses(Optional<String> said) {
    String reason = said.map(words -> words.split(" ", 2)[0]).orElse("");
    for (String known : Failures.NO_WRITES) {
      writesRefused.labels(known).set(known.equals(reason) ? 1 : 0);
    }
  }

  /** Handlers emitted messages, and Redis took them for this stream. */
  public void outboundEmitted(String stream, int messages) {
    emissions.emitted(stream, messages);
  }

  /** A connection to Redis was lost and made again. */
  public void redisReconnected() {
    redisReconnects.inc();
  }

  /** A call of Redis failed; the operation becomes a label, and is one of a closed set. */
  public void redisFailed(String operation) {
    redisErrors.labels(operation).inc();
  }

  /** The wall clock of Redis jumped, back or forward. */
  public void redisClockJumped(boolean back) {
    clockJumps.labels(back ? "back" : "forward").inc();
  }

  /** The machine did not let a handler work. */
  public void machineFault(MachineFault fault) {
    machineFaults.labels(fault.label()).inc();
  }

  /** An answer seems to mean something else than what came of it. */
  public void suspectAnswer(AnswerWarning doubt) {
    suspectAnswers.labels(doubt.label()).inc();
  }

  /** A task of ours failed by a mistake of ours. */
  public void internalFailure() {
    internalFailures.inc();
  }

  /** The groups could not be asked about; {@link GroupGauges} keeps what it had for a while. */
  public void observationFailed() {
    observationFailures.inc();
  }
}
