package io.streamfleet.worker;

import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.handler.MessageHandler;
import io.streamfleet.process.health.Health;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.redis.Subscription;
import io.streamfleet.redis.group.NoticeChannels;
import io.streamfleet.worker.begun.BegunEntries;
import io.streamfleet.worker.channel.ServerClock;
import io.streamfleet.worker.control.Notices;
import io.streamfleet.worker.control.OwnName;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.handle.HandlerFactory;
import io.streamfleet.worker.handle.UnusableHandler;
import io.streamfleet.worker.metrics.GroupGauges;
import io.streamfleet.worker.metrics.GroupObserver;
import io.streamfleet.worker.metrics.WorkerMetrics;
import io.streamfleet.worker.partition.SplitSource;
import io.streamfleet.worker.pipeline.Endpoints;
import io.streamfleet.worker.pipeline.GroupsAtStart;
import io.streamfleet.worker.pipeline.ParallelDrain;
import io.streamfleet.worker.pipeline.Pipeline;
import io.streamfleet.worker.pipeline.PipelinePlan;
import io.streamfleet.worker.pipeline.PipelineSettings;
import io.streamfleet.worker.read.Room;
import io.streamfleet.worker.retention.Trimmer;
import io.streamfleet.worker.suspect.SuspectRecords;
import io.streamfleet.worker.suspect.SuspectsAtStart;
import io.streamfleet.worker.telemetry.Tracing;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs everything that one manifest declares: the composition root of the worker. */
public final class Worker {

  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  private final StreamConsumerGroupSpec spec;
  private final String consumerName;
  private final BegunEntries begun;
  private final Endpoints endpoints;
  private final HandlerFactory factory;
  private final long maxBytes;
  private final RedisConnector connector;
  private final WorkerMetrics metrics;
  private final ServerClock clock;
  private final Health health;
  private final GroupGauges gauges;
  private final Tracing tracing;
  private final LongSupplier nanoTime = System::nanoTime;
  private final PipelinePlan plan;
  private final List<Pipeline> consumers = new ArrayList<>();
  private final PipelineHandlers handlers = new PipelineHandlers();
  private final CountDownLatch stopAsked = new CountDownLatch(1);
  private volatile boolean killed;
  private volatile State state = State.CONNECTING;
  private final RedisState redisState = new RedisState();
  private final WorkerPipelines live;
  private final Splitting splitting;
  private int pipelineCount;
  private @Nullable Link commands;
  private @Nullable Subscription subscription;
  private @Nullable GroupObserver observer;

  private enum State {
    CONNECTING("not connected to Redis yet"),
    RUNNING(""),
    DRAINING("draining");

    private final String problem;

    State(String problem) {
      this.problem = problem;
    }
  }

  /**
   * @param consumerName the name in the consumer groups, unique in the fleet
   * @param begun records which entries are with handlers; {@link #run} closes it
   * @param tracing records attempts; {@link #run} closes it
   */
  public Worker(
      StreamConsumerGroupSpec spec,
      String consumerName,
      BegunEntries begun,
      HandlerFactory factory,
      RedisSettings redis,
      WorkerMetrics metrics,
      Health health,
      GroupGauges gauges,
      Tracing tracing) {
    this.spec = spec;
    this.consumerName = consumerName;
    this.begun = begun;
    this.plan =
        new PipelinePlan(
            spec,
            consumerName,
            UUID.randomUUID(),
            begun.lastLife().died(),
            nanoTime,
            Clock.systemUTC(),
            RandomGenerator.getDefault());
    this.factory = factory;
    this.live = new WorkerPipelines(factory);
    this.metrics = metrics;
    this.endpoints = new Endpoints(nanoTime, metrics);
    this.clock = new ServerClock((by, back) -> metrics.redisClockJumped(back));
    this.health = health;
    this.gauges = gauges;
    this.tracing = tracing;
    this.maxBytes = spec.read().maxBytes(Runtime.getRuntime().maxMemory());
    this.connector = RedisConnector.to(redis, spec.read().block(), maxBytes / 2);
    this.splitting = new Splitting(plan.split(), connector, metrics);
    health.requireForReadiness("worker", this::notReady);
    metrics.showWorker(
        () -> health.readinessProblems().isEmpty(),
        () -> state != State.CONNECTING && !redisState.isAway(),
        () -> state == State.DRAINING);
  }

  private Optional<String> notReady() {
    State now = state;
    if (now != State.RUNNING) {
      return Optional.of(now.problem);
    }
    return Stream.concat(
            redisState.problem().stream(),
            Stream.concat(
                    consumers.stream().map(Pipeline::notReady), Stream.of(splitting.problem()))
                .flatMap(Optional::stream)
                .limit(1))
        .reduce((first, second) -> first + "; " + second);
  }

  /**
   * Creates the handlers, so that a mistake in the manifest is found before the worker connects to
   * Redis.
   *
   * @throws UnusableHandler if a handler cannot be used
   */
  public void prepare() throws UnusableHandler, InterruptedException {
    handlers.make(spec, factory);
  }

  /**
   * Runs until {@link #stop}, then drains. Waits for Redis if it is unavailable at the start.
   *
   * @return whether all entries in flight were settled
   */
  public boolean run() throws Exception {
    try {
      if (!new StartAttempts(stopAsked, metrics, nanoTime).start(this::start, this::dismantle)) {
        return true;
      }
      stopAsked.await();
      state = State.DRAINING;
      return drain();
    } finally {
      splitting.close();
      connector.close();
      handlers.close();
      begun.close();
      tracing.close();
    }
  }

  /** The running pipelines, for changes of settings and for a report of what is in flight. */
  public WorkerPipelines pipelines() {
    return live;
  }

  /** Requests a drain and the end of {@link #run}. Thread-safe. */
  public void stop() {
    stopAsked.countDown();
  }

  /**
   * Like {@link #stop}, for a process that code within it ends, such as a handler that calls {@code
   * System.exit}. Entries whose handlers have not ended become suspects of the next process of this
   * name.
   */
  public void stopAsKilled() {
    killed = true;
    stop();
  }

  private void start() {
    Link link = connector.connect();
    commands = link;
    Notices notices = new Notices(link.channel(spec.control().cancelChannel()));
    List<PipelineSettings> pipelines = plan.pipelines(pipelineCount);
    pipelineCount += pipelines.size();
    Room room = new Room(maxBytes, pipelines.size());
    int next = 0;
    for (PipelineSettings settings : pipelines) {
      MessageHandler handler = handlers.of(next++);
      consumers.add(
          new Pipeline(
              settings, handler, endpoints, begun, link, connector, room, metrics, notices, tracing,
              clock));
    }
    consumers.forEach(Pipeline::requirePartitions);
    GroupsAtStart.create(consumers);
    OwnName.require(link, spec.control().noticePrefix(), streams());
    Subscription listening = connector.subscribe(notices.channels(), notices);
    subscription = listening;
    listening.subscribed().join();
    connector.onConnected(this::connectionUp);
    live.up(consumers, listening, NoticeChannels.of(link, spec.control().noticePrefix()));
    new SuspectsAtStart(begun.lastLife(), new SuspectRecords(link), metrics.suspects())
        .record(streams());
    begun.start(streams());
    consumers.forEach(Pipeline::start);
    consumers.forEach(it -> WorkerPipelines.requireForLife(it, health, nanoTime));
    splitting.start();
    Trimmer trimmer = new Trimmer(spec, link, groups(), metrics, nanoTime);
    GroupObserver observing =
        new GroupObserver(
            link,
            groups(),
            spec.deadLetter().stream(),
            gauges,
            metrics,
            redisState,
            () -> {
              listening.ping();
              if (!redisState.isAway()) {
                trimmer.round();
              }
            });
    observing.start();
    observer = observing;
    state = State.RUNNING;
    LOG.atInfo()
        .addKeyValue("consumer", consumerName)
        .addKeyValue(
            "streams",
            consumers.stream()
                .map(Pipeline::settings)
                .flatMap(it -> it.streams().stream().map(it::nameOf))
                .distinct()
                .collect(Collectors.joining(",")))
        .log("consuming");
  }

  /** The streams of all pipelines. */
  private List<StreamConsumer> streams() {
    return consumers.stream().flatMap(c -> c.settings().streams().stream()).toList();
  }

  /** The same and the plain stream that one of the workers splits. */
  private List<StreamConsumer> groups() {
    return Stream.concat(streams().stream(), plan.split().map(SplitSource::stream).stream())
        .toList();
  }

  private void connectionUp() {
    metrics.redisReconnected();
    consumers.forEach(Pipeline::reconnected);
  }

  private void dismantle() {
    live.down();
    consumers.forEach(Pipeline::abandon);
    consumers.clear();
    Subscription listening = subscription;
    if (listening != null) {
      listening.close();
      subscription = null;
    }
    Link link = commands;
    if (link != null) {
      link.close();
      commands = null;
    }
  }

  private boolean drain() throws Exception {
    LOG.atInfo().addKeyValue("grace", spec.workers().drainTimeout()).log("draining");
    if (!killed) {
      begun.leave();
    }
    GroupObserver observing = observer;
    if (observing != null) {
      observing.stop();
    }
    Subscription listening = subscription;
    live.down();
    if (listening != null) {
      // Without its subscription this consumer gets no more entries handed over.
      listening.close();
    }
    splitting.stop();
    boolean settled = ParallelDrain.of(consumers, spec.workers().drainTimeout(), killed);
    LOG.atInfo().addKeyValue("settled", settled).log("drained");
    return settled;
  }
}
