package io.streamfleet.worker.pipeline;

import io.streamfleet.handler.MessageHandler;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.GroupCreation;
import io.streamfleet.redis.group.NoticeChannels;
import io.streamfleet.worker.control.Notices;
import io.streamfleet.worker.decode.HeaderScan;
import io.streamfleet.worker.due.DueTimes;
import io.streamfleet.worker.entry.StreamName;
import io.streamfleet.worker.handle.Runner;
import io.streamfleet.worker.lane.Lanes;
import io.streamfleet.worker.lock.ChannelLocks;
import io.streamfleet.worker.lock.HandOver;
import io.streamfleet.worker.lock.LockKeys;
import io.streamfleet.worker.lock.ServerClock;
import io.streamfleet.worker.loop.CallReport;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.loop.Persistent;
import io.streamfleet.worker.observe.StreamMetrics;
import io.streamfleet.worker.observe.WorkerMetrics;
import io.streamfleet.worker.own.Fetcher;
import io.streamfleet.worker.own.Renewal;
import io.streamfleet.worker.own.Restoration;
import io.streamfleet.worker.read.BatchDecoder;
import io.streamfleet.worker.read.Credits;
import io.streamfleet.worker.read.Room;
import io.streamfleet.worker.read.StreamReader;
import io.streamfleet.worker.reclaim.Sweeper;
import io.streamfleet.worker.settle.Acknowledger;
import io.streamfleet.worker.settle.DeadLetters;
import io.streamfleet.worker.settle.Emitter;
import io.streamfleet.worker.settle.Reason;
import io.streamfleet.worker.settle.Retries;
import io.streamfleet.worker.settle.Traces;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A pipeline with all its parts: where they are made and bound together, top to bottom. */
public final class Consumer {

  /**
   * A holder may be behind by this many times what it may have in hand before it is given no more.
   */
  private static final int HANDED_FOR_ONE_IN_HAND = 10;

  private final PipelineSettings settings;
  private final Link commands;
  private final WorkerMetrics metrics;
  private final List<Link> readLinks = new ArrayList<>();
  private final Diary diary;
  private final FailingCalls failing;
  private final Standstill standstill;
  private final LongestCall longest;
  private final EventLoop loop;
  private final Pipeline pipeline;
  private final Persistent persistent;
  private final GroupCreation groups;
  private final ServerClock clock;
  private final Turn turn;

  /**
   * Puts a pipeline together; nothing is read yet.
   *
   * @param commands the connection for everything that does not block
   * @param clock watches the clock of Redis, for all pipelines
   * @param readLink opens a connection for one read loop
   * @param room how many bytes all pipelines together may have in hand
   */
  public Consumer(
      PipelineSettings settings,
      MessageHandler handler,
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
    this.diary = new Diary(settings, commands, metrics);
    this.failing = new FailingCalls(settings.name(), metrics, settings.nanoTime());
    this.loop =
        new EventLoop(
            settings.name(),
            settings.nanoTime(),
            this::turn,
            failure -> pipeline().rescue().taskFailed(failure));
    this.standstill = new Standstill(settings.name(), settings.nanoTime());
    this.longest = new LongestCall(settings.nanoTime());
    Credits credits =
        new Credits(settings.read().maxInFlight(), room.share(() -> loop.execute(() -> {})));
    this.pipeline = new Pipeline(loop, settings, credits, diary, failing, standstill);
    this.turn = new Turn(pipeline, pipeline.rescue()::taskFailed);
    CallReport calls = pipeline.calls();
    this.persistent = new Persistent(loop, settings.random(), calls);
    this.groups = new GroupCreation(commands, settings.startFrom());

    Traces traces = new Traces(loop, commands, settings.trace(), settings.clock(), calls);
    Emitter emitter =
        new Emitter(
            commands,
            persistent,
            settings.outboundStream(),
            settings.outboundMaxLength(),
            settings.clock());
    DueTimes dueTimes = new DueTimes(loop, commands, settings.random(), calls);
    NextAttempts attempts =
        new NextAttempts(
            pipeline,
            new Retries(loop, commands, settings.retry(), persistent, dueTimes, settings.random()),
            settings.random());
    Settlement settlement =
        new Settlement(
            pipeline,
            settings.autoclaim().minIdle().toNanos(),
            persistent,
            attempts,
            emitter,
            traces,
            new HandlerCalls(metrics.forHandler(settings.direction(), settings.name())),
            settings.clock());
    Runner runner =
        new Runner(
            handler,
            settings.name(),
            settings.nanoTime(),
            settings.freshNanos(),
            pipeline::completed);
    pipeline.assemble(
        new Pipeline.Parts(lanes(), new Starting(runner), settlement, attempts, traces));
    HeaderScan scan = new HeaderScan(settings.ordering().field());
    NoticeChannels channels = NoticeChannels.of(commands, settings.control().noticePrefix());
    for (StreamName stream : settings.streams()) {
      Link link = readLink.get();
      readLinks.add(link);
      Flow flow = flow(stream, link, scan, credits, metrics);
      pipeline.add(
          flow,
          new HandOver(
              loop,
              commands,
              stream,
              channels.consumerPrefix(stream.consumerGroup()),
              HANDED_FOR_ONE_IN_HAND * settings.read().maxInFlight()));
      settlement.add(
          flow,
          new Acknowledger(
              loop, commands, stream, persistent, entries -> settlement.settled(flow, entries)));
      notices.add(channels, stream, new FlowNotices(loop, flow));
    }
  }

  private @Nullable Lanes lanes() {
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
        pipeline,
        settings.random());
  }

  private Flow flow(
      StreamName stream, Link link, HeaderScan scan, Credits credits, WorkerMetrics metrics) {
    BatchDecoder decoder =
        new BatchDecoder(
            stream,
            scan,
            settings.autoclaim().maxDeliveries(),
            credits.room().room().largest(),
            settings.nanoTime());
    StreamMetrics streamMetrics = metrics.forStream(stream.stream(), stream.group());
    // A series that begins with its first letter shows no increase, and raises no alert.
    streamMetrics.expectDeadLetters(Reason.ALL);
    return new Flow(
        pipeline,
        stream,
        streamMetrics,
        credits,
        settings.random(),
        flow -> {
          StreamReader reader =
              new StreamReader(
                  loop,
                  link,
                  stream,
                  settings.read(),
                  settings.streams().size(),
                  credits,
                  decoder,
                  flow,
                  settings.random());
          Sweeper sweeper =
              new Sweeper(
                  loop,
                  commands,
                  stream,
                  settings.autoclaim(),
                  credits,
                  flow::mayClaim,
                  flow,
                  settings.random());
          return new FlowParts(
              reader,
              sweeper,
              new Fetcher(loop, commands, stream, decoder),
              new Renewal(loop, commands, stream),
              new DeadLetters(
                  commands,
                  stream,
                  settings.deadLetter(),
                  credits.room().room().largest(),
                  persistent,
                  settings.clock()),
              new GroupRecovery(
                  loop,
                  stream.consumerGroup(),
                  groups,
                  new Restoration(loop, commands, stream),
                  settings.random(),
                  flow));
        });
  }

  private void turn() {
    turn.run();
  }

  Collection<Flow> flows() {
    return pipeline.flows();
  }

  /** Begins to read. */
  public void start() {
    Lanes lanes = pipeline.lanes();
    metrics.showPipeline(
        settings.name(),
        settings.read().maxInFlight(),
        lanes == null ? () -> 0 : lanes::size,
        lanes == null ? () -> 0 : lanes::parkedCount,
        lanes == null ? () -> 0 : lanes::refusedCount);
    Room.Share payloads = pipeline.credits().room();
    metrics.showPayloads(settings.name(), payloads::taken, payloads.room().most());
    for (Flow flow : pipeline.flows()) {
      metrics.showHand(
          settings.name(), flow.stream().stream(), flow.stream().group(), flow.hand()::size);
    }
    metrics.showStandstill(settings.name(), standstill::nanos);
    metrics.showLongestCall(settings.name(), longest::nanos);
    metrics.showLoop(settings.name(), () -> loop.now() - loop.lastTurn());
    loop.execute(
        () -> {
          if (lanes != null) {
            lanes.start();
          }
          new Periodic(pipeline, settings, standstill, longest).start();
          pipeline.flows().forEach(Flow::start);
        });
    loop.start();
  }

  /** A connection is up again: what was on its way may have been lost. Safe for any thread. */
  public void reconnected() {
    readLinks.forEach(Link::identify);
    loop.execute(() -> pipeline.flows().forEach(flow -> flow.parts().source().lookForLost()));
  }

  /** Ends the pipeline in good order; tells whether all that it had in hand was settled. */
  public boolean drain(Duration grace) throws InterruptedException {
    return new Draining(settings, pipeline, persistent, commands, readLinks).drain(grace);
  }

  /** What keeps this pipeline from being ready, if anything. Safe for any thread. */
  public Optional<String> notReady() {
    return failing
        .unreadable()
        .or(failing::unsettled)
        .or(standstill::problem)
        .or(failing::lasting)
        .or(diary::hindrance);
  }

  /** When the loop last began a turn, by its clock in nanoseconds. Safe for any thread. */
  public long lastTurn() {
    return loop.lastTurn();
  }

  Pipeline pipeline() {
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
