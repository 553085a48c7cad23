package io.streamfleet.worker.pipeline;

import io.streamfleet.handler.MessageHandler;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.GroupCreation;
import io.streamfleet.redis.group.NoticeChannels;
import io.streamfleet.worker.breaker.Breakers;
import io.streamfleet.worker.channel.ChannelLocks;
import io.streamfleet.worker.channel.Gate;
import io.streamfleet.worker.channel.Lanes;
import io.streamfleet.worker.channel.LockKeys;
import io.streamfleet.worker.channel.ServerClock;
import io.streamfleet.worker.channel.Unordered;
import io.streamfleet.worker.control.Notices;
import io.streamfleet.worker.due.DueTimes;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.handle.HandlerExecutor;
import io.streamfleet.worker.handle.HttpHandler;
import io.streamfleet.worker.loop.CallReport;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.loop.Persistent;
import io.streamfleet.worker.metrics.WorkerMetrics;
import io.streamfleet.worker.pending.DeliveryCounts;
import io.streamfleet.worker.read.Credits;
import io.streamfleet.worker.read.Room;
import io.streamfleet.worker.settle.Acknowledger;
import io.streamfleet.worker.settle.Emitter;
import io.streamfleet.worker.settle.Retries;
import io.streamfleet.worker.settle.Traces;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A pipeline with all its parts: where they are made and bound together, top to bottom. */
public final class Pipeline {

  private final PipelineSettings settings;
  private final Link commands;
  private final WorkerMetrics metrics;
  private final List<Link> readLinks = new ArrayList<>();
  private final PipelineLog log;
  private final FailingCalls failing;
  private final StallDetector standstill;
  private final LongestCall longest;
  private final EventLoop loop;
  private final PipelineContext pipeline;
  private final Persistent persistent;
  private final SettingsInForce inForce;
  private final IntakeSwitch intakeSwitch;
  private final PeriodicTasks periodic;
  private final ServerClock clock;
  private final TurnFlush turn;

  /**
   * Puts a pipeline together; nothing is read yet.
   *
   * @param breakers those of the endpoints of all handlers
   * @param commands the connection for everything that does not block
   * @param clock watches the clock of Redis, for all pipelines
   * @param readLink opens a connection for one read loop
   * @param room how many bytes all pipelines together may have in flight
   */
  public Pipeline(
      PipelineSettings settings,
      MessageHandler handler,
      Breakers breakers,
      Link commands,
      Supplier<Link> readLink,
      Room room,
      WorkerMetrics metrics,
      Notices notices,
      ServerClock clock) {
    this.settings = settings;
    this.commands = commands;
    this.metrics = metrics;
    this.clock = clock;
    this.log = new PipelineLog(settings, commands, metrics);
    this.failing = new FailingCalls(settings.name(), metrics, settings.nanoTime());
    this.loop =
        new EventLoop(
            settings.name(),
            settings.nanoTime(),
            this::turn,
            failure -> pipeline().internalFailures().taskFailed(failure));
    this.standstill = new StallDetector(settings.name(), settings.nanoTime());
    this.longest = new LongestCall(settings.nanoTime());
    LiveSettings atStart = settings.atStart();
    this.inForce = new SettingsInForce(atStart, loop);
    this.intakeSwitch = new IntakeSwitch(this::endReads, settings.nanoTime());
    Credits credits = new Credits(atStart.maxInFlight(), room.share(() -> loop.execute(() -> {})));
    this.pipeline = new PipelineContext(loop, intakeSwitch, credits, log, failing, standstill);
    this.periodic = new PeriodicTasks(pipeline, inForce.renewedWithin(), standstill, longest);
    this.turn = new TurnFlush(pipeline, pipeline.internalFailures()::taskFailed);
    CallReport calls = pipeline.calls();
    this.persistent = new Persistent(loop, settings.random(), calls);

    Traces traces = new Traces(loop, commands, atStart.trace(), settings.clock(), calls);
    Emitter emitter =
        new Emitter(
            commands,
            persistent,
            settings.outboundStream(),
            settings.outboundMaxLength(),
            settings.clock());
    DueTimes dueTimes = new DueTimes(loop, commands, settings.random(), calls);
    Retries retries =
        new Retries(loop, commands, atStart.retry(), persistent, dueTimes, settings.random());
    RetrySchedule attempts = new RetrySchedule(pipeline, retries, settings.random());
    String endpoint = HttpHandler.origin(handler).orElse(settings.name());
    Admission admission = new Admission(pipeline, breakers.of(endpoint));
    Settlement settlement =
        new Settlement(
            pipeline,
            inForce,
            persistent,
            attempts,
            new FailedAttempts(pipeline, attempts, traces),
            emitter,
            traces,
            new HandlerCallMetrics(metrics.forHandler(settings.direction(), settings.name())),
            settings.clock());
    HandlerExecutor runner =
        new HandlerExecutor(
            handler,
            settings.name(),
            settings.nanoTime(),
            inForce.freshNanos(),
            admission::admits,
            pipeline::completed);
    pipeline.assemble(
        new PipelineContext.Parts(
            admission,
            new Deliveries(pipeline, inForce, persistent, new DeliveryCounts(commands)),
            new Unordered(loop, admission, pipeline),
            lanes(admission),
            new Dispatcher(runner),
            settlement,
            attempts,
            traces));
    inForce.tell(next -> intakeSwitch.open(!next.paused()));
    inForce.tell(next -> credits.most(next.maxInFlight()));
    inForce.tell(next -> retries.use(next.retry()));
    inForce.tell(next -> traces.use(next.trace()));
    inForce.tell(_ -> runner.fresh(inForce.freshNanos()));
    inForce.tell(_ -> periodic.minIdle(inForce.renewedWithin()));
    NoticeChannels channels = NoticeChannels.of(commands, settings.control().noticePrefix());
    GroupCreation groups = new GroupCreation(commands, settings.startFrom());
    IntakeAssembly assembly =
        new IntakeAssembly(
            settings, inForce, pipeline, commands, channels, persistent, metrics, groups);
    for (StreamConsumer stream : settings.streams()) {
      Link link = readLink.get();
      readLinks.add(link);
      StreamIntake intake = assembly.intake(stream, link);
      pipeline.add(intake);
      settlement.add(
          intake,
          new Acknowledger(
              loop, commands, stream, persistent, entries -> settlement.settled(intake, entries)));
      notices.add(channels, stream, new IntakeNotices(loop, intake));
    }
  }

  private @Nullable Lanes lanes(Gate gate) {
    if (!settings.ordered()) {
      return null;
    }
    Duration ttl = settings.ordering().lockTtl();
    return new Lanes(
        loop,
        new LockKeys(settings.ordering().lockTemplate(), settings.platform()),
        new ChannelLocks(loop, commands, settings.lockToken(), ttl.toMillis(), clock),
        settings.consumer(),
        ttl,
        gate,
        pipeline,
        settings.random());
  }

  private void turn() {
    turn.run();
  }

  /** Begins to read. */
  public void start() {
    new ShownPipeline(settings.name(), pipeline, standstill, longest).in(metrics);
    loop.execute(
        () -> {
          Lanes lanes = pipeline.lanes();
          if (lanes != null) {
            lanes.start();
          }
          pipeline.gate().start();
          periodic.start();
          pipeline.intakes().forEach(StreamIntake::start);
        });
    loop.start();
  }

  /** Other live settings are in force from now on. Safe for any thread. */
  public void change(LiveSettings next) {
    loop.execute(() -> inForce.change(next));
  }

  /** Where the server does not let us, they end when {@code read.block} is over. */
  private void endReads() {
    readLinks.forEach(link -> link.unblockFrom(commands));
  }

  /** A connection is up again: what was on its way may have been lost. Safe for any thread. */
  public void reconnected() {
    readLinks.forEach(Link::identify);
    loop.execute(() -> pipeline.intakes().forEach(intake -> intake.parts().source().lookForLost()));
  }

  /** Ends the pipeline in good order; tells whether all that it had in flight was settled. */
  public boolean drain(Duration grace) throws InterruptedException {
    return new Drain(settings, pipeline, persistent, commands, readLinks).drain(grace);
  }

  /** What keeps this pipeline from being ready, if anything. Safe for any thread. */
  public Optional<String> notReady() {
    return failing
        .unreadable()
        .or(failing::unsettled)
        .or(standstill::problem)
        .or(failing::lasting)
        .or(log::hindrance);
  }

  /** When the loop last began a turn, by its clock in nanoseconds. Safe for any thread. */
  public long lastTurn() {
    return loop.lastTurn();
  }

  PipelineContext pipeline() {
    return pipeline;
  }

  public PipelineSettings settings() {
    return settings;
  }

  /** Ends the loop and closes the connections for reading. After {@link #drain}. */
  public void close() throws InterruptedException {
    loop.stop(Duration.ofSeconds(1));
    readLinks.forEach(Link::close);
  }

  /** Gives up a consumer that was never started. */
  public void abandon() {
    readLinks.forEach(Link::close);
  }
}
