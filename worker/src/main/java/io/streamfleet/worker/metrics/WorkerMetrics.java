package io.streamfleet.worker.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;
import io.streamfleet.handler.Direction;
import io.streamfleet.worker.entry.AnswerWarning;
import io.streamfleet.worker.entry.MachineFault;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * All metrics of a worker; {@code docs/metrics.md} lists them.
 *
 * <p>A pipeline gets its {@link StreamMetrics} and {@link HandlerMetrics} once and keeps them,
 * since looking up labels takes several times as long as counting. Only exemplars of recorded
 * traces are kept. Thread-safe.
 */
public final class WorkerMetrics {

  /**
   * Up to the largest {@code handler.http.batch.maxSize}; each at most 2.5 times the one before.
   */
  private static final double[] BATCH_SIZES = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000};

  private final CollectorRegistry registry;
  private final EntryFamilies entries;
  private final PipelineGauges pipelines;
  private final LoopGauges lastTurns;
  private final LoopGauges standstills;
  private final LoopGauges longestCalls;
  private final Histogram handlerSeconds;
  private final Histogram batchSizes;
  private final EmissionMetrics emissions;
  private final RedisMetrics redis;
  private final Counter machineFaults;
  private final Counter internalFailures;
  private final Counter suspectAnswers;
  private final BreakerMetrics breakers;
  private final SuspectMetrics suspects;
  private final LimitMetrics limits;
  private final RetentionMetrics retention;
  private final PartitionMetrics partitions;
  private final SpanMetrics spans;

  /**
   * Registers all metrics except those of the JVM.
   *
   * @param registry contains the series
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
                "How long nothing was handled though there were entries to handle.")
            .register(registry);
    longestCalls =
        new LoopGauges(
                "streamfleet_handler_longest_running_seconds",
                "The duration of the longest call of the handler that is running.")
            .register(registry);
    handlerSeconds =
        Histogram.build("streamfleet_handler_seconds", "Calls of the handler.")
            .labelNames("direction", "loop", "outcome")
            .buckets(Seconds.bounds())
            .withoutExemplars()
            .register(registry);
    batchSizes =
        Histogram.build("streamfleet_handler_batch_messages", "Messages in one request.")
            .labelNames("direction", "loop")
            .buckets(BATCH_SIZES)
            .withoutExemplars()
            .register(registry);
    emissions = new EmissionMetrics(registry);
    redis = new RedisMetrics(registry);
    machineFaults =
        Counter.build(
                "streamfleet_machine_faults_total",
                "Calls of the handler that failed because a resource of the machine was used up.")
            .labelNames("fault")
            .withoutExemplars()
            .register(registry);
    for (MachineFault fault : MachineFault.values()) {
      machineFaults.labels(fault.label());
    }
    suspectAnswers =
        Counter.build(
                "streamfleet_suspect_answers_total",
                "Answers of handlers that look like a mistake.")
            .labelNames("doubt")
            .withoutExemplars()
            .register(registry);
    for (AnswerWarning doubt : AnswerWarning.values()) {
      suspectAnswers.labels(doubt.label());
    }
    breakers = new BreakerMetrics(registry);
    suspects = new SuspectMetrics(registry);
    limits = new LimitMetrics(registry);
    retention = new RetentionMetrics(registry);
    partitions = new PartitionMetrics(registry);
    spans = new SpanMetrics(registry);
    internalFailures =
        Counter.build(
                "streamfleet_internal_failures_total", "Failures because of bugs in the worker.")
            .withoutExemplars()
            .register(registry);
    ProcessSeries.register(registry, version);
  }

  /** Adds the metrics of the JVM and the process. */
  public void exportJvm() {
    new JvmMetrics().register(registry);
  }

  /** The metrics of one stream and group, initially 0; a second call returns the same series. */
  public StreamMetrics forStream(String stream, String group) {
    return new StreamMetrics(entries, stream, group);
  }

  /**
   * The handler calls of a pipeline.
   *
   * @param loop the pipeline's, as in {@link #showLoop}
   */
  public HandlerMetrics forHandler(Direction direction, String loop) {
    return new HandlerMetrics(handlerSeconds, batchSizes, direction.label(), loop);
  }

  /** The metrics of suspects. */
  public SuspectMetrics suspects() {
    return suspects;
  }

  /** The metrics of limits. */
  public LimitMetrics limits() {
    return limits;
  }

  /** What became of the spans of traces. */
  public SpanMetrics spans() {
    return spans;
  }

  /** What is shown of partitions. */
  public PartitionMetrics partitions() {
    return partitions;
  }

  /** What is shown of the breakers of endpoints. */
  public BreakerMetrics breakers() {
    return breakers;
  }

  /** The metrics of streams that the fleet trims. */
  public RetentionMetrics retention() {
    return retention;
  }

  /**
   * Shows what the streams of a pipeline share. The suppliers are called at each scrape, on the
   * thread that serves it; they must be thread-safe and must not block.
   *
   * @param loop the pipeline's, as in {@link #showLoop}
   * @param limit the limit of entries in flight
   * @param lanes channels with work in flight
   * @param parked parked entries that wait for their channel
   * @param refused channels whose lock's key Redis refuses
   * @throws IllegalArgumentException if the pipeline is shown already
   */
  public void showPipeline(
      String loop, IntSupplier limit, IntSupplier lanes, IntSupplier parked, IntSupplier refused) {
    pipelines.addPipeline(loop, limit, lanes, parked, refused);
  }

  /** Shows how many parked entries wait for their next attempt. */
  public void showParkedRetries(String loop, IntSupplier parked) {
    pipelines.addParkedRetries(loop, parked);
  }

  /**
   * Shows how much memory the payloads of a pipeline take.
   *
   * @param loop the pipeline's, as in {@link #showLoop}
   * @param bytes payloads in flight, and the room reserved for fetches; called as in {@link
   *     #showPipeline}
   * @param limit the limit in bytes that all pipelines of the worker share
   */
  public void showPayloads(String loop, LongSupplier bytes, long limit) {
    pipelines.addPayloads(loop, bytes, limit);
  }

  /**
   * Shows what a pipeline has in flight of one of its streams.
   *
   * @param loop the pipeline's, as in {@link #showLoop}
   * @param inFlight entries in flight; called as in {@link #showPipeline}
   * @param paused whether nothing more is read
   * @throws IllegalArgumentException if the stream and group are shown already
   */
  public void showInFlight(
      String loop, String stream, String group, IntSupplier inFlight, BooleanSupplier paused) {
    pipelines.addInFlight(loop, stream, group, inFlight, paused);
  }

  /**
   * Shows the time since a loop last started a turn.
   *
   * @param loop one of a fixed set, since it becomes a label
   * @param nanosSinceTurn called at each scrape, on the thread that serves it; must not block
   * @throws IllegalArgumentException if the loop is shown already
   */
  public void showLoop(String loop, LongSupplier nanosSinceTurn) {
    lastTurns.add(loop, nanosSinceTurn);
  }

  /**
   * Shows how long a loop has handled nothing though there was work.
   *
   * @param nanos called as in {@link #showLoop}
   * @throws IllegalArgumentException if the loop is shown already
   */
  public void showStandstill(String loop, LongSupplier nanos) {
    standstills.add(loop, nanos);
  }

  /**
   * Shows the duration of the longest call of a loop's handler that is running.
   *
   * @param nanos called as in {@link #showLoop}; 0 if no call is running
   * @throws IllegalArgumentException if the loop is shown already
   */
  public void showLongestCall(String loop, LongSupplier nanos) {
    longestCalls.add(loop, nanos);
  }

  /**
   * Shows the state of the worker. All suppliers are called at each scrape and must not block.
   *
   * @param ready whether {@code /readyz} reports ready
   * @param redisUp whether Redis answered the last query
   * @param draining whether the worker drains
   */
  public void showWorker(BooleanSupplier ready, BooleanSupplier redisUp, BooleanSupplier draining) {
    Flags.show(
        registry, "streamfleet_ready", "Whether the worker is ready, as /readyz reports.", ready);
    Flags.show(registry, "streamfleet_redis_up", "Whether Redis answered the last query.", redisUp);
    Flags.show(registry, "streamfleet_draining", "Whether the worker drains.", draining);
  }

  /**
   * Redis answered.
   *
   * @param refusal its error, if it refuses all writes
   */
  public void redisRefuses(Optional<String> refusal) {
    redis.refuses(refusal);
  }

  /** Messages that handlers emitted were appended to this stream. */
  public void outboundEmitted(String stream, int messages) {
    emissions.emitted(stream, messages);
  }

  /** A connection to Redis was lost and restored. */
  public void redisReconnected() {
    redis.reconnected();
  }

  /** A call to Redis failed; the operation is one of a fixed set, since it becomes a label. */
  public void redisFailed(String operation) {
    redis.failed(operation);
  }

  /** The wall clock of Redis jumped, back or forward. */
  public void redisClockJumped(boolean back) {
    redis.clockJumped(back);
  }

  /** A handler failed because a resource of the machine was used up. */
  public void machineFault(MachineFault fault) {
    machineFaults.labels(fault.label()).inc();
  }

  /** An answer of a handler looks like a mistake. */
  public void suspectAnswer(AnswerWarning doubt) {
    suspectAnswers.labels(doubt.label()).inc();
  }

  /** A task failed because of a bug in the worker. */
  public void internalFailure() {
    internalFailures.inc();
  }

  /** The groups could not be queried; {@link GroupGauges} keeps the last values for a while. */
  public void observationFailed() {
    redis.observationFailed();
  }
}
