package io.streamfleet.worker.pipeline;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.streamfleet.handler.MessageHandler;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.group.ConsumerDeparture;
import io.streamfleet.redis.group.NoticeChannels;
import io.streamfleet.worker.begun.BegunEntries;
import io.streamfleet.worker.breaker.Breaker;
import io.streamfleet.worker.channel.ServerClock;
import io.streamfleet.worker.control.Notices;
import io.streamfleet.worker.handle.HttpHandler;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.metrics.WorkerMetrics;
import io.streamfleet.worker.partition.PartitionCount;
import io.streamfleet.worker.read.Credits;
import io.streamfleet.worker.read.Room;
import io.streamfleet.worker.telemetry.Tracing;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A pipeline: creates all its parts and connects them. */
public final class Pipeline {

  private final Shared shared;
  private final List<Link> readLinks;
  private final StallDetector standstill;
  private final LongestCall longest;
  private final EntryPath path;
  private final Breaker breaker;
  private final @Nullable OwnedLinks ownedLinks;
  private final @Nullable OwnedStreams owned;
  private final TaskFailures taskFailures;
  private final PeriodicTasks periodic;

  /**
   * Creates a pipeline without starting it.
   *
   * @param endpoints the endpoints of all handlers of the worker
   * @param begun records which entries are with handlers
   * @param commands the connection for everything that does not block
   * @param tracing records attempts, and what is sent because of them
   * @param clock detects jumps of Redis' clock, for all pipelines
   * @param connector opens connections for reading
   * @param room the limit of payload bytes of all pipelines
   */
  public Pipeline(
      PipelineSettings settings,
      MessageHandler handler,
      Endpoints endpoints,
      BegunEntries begun,
      Link commands,
      RedisConnector connector,
      Room room,
      WorkerMetrics metrics,
      Notices notices,
      Tracing tracing,
      ServerClock clock) {
    boolean partitioned = settings.partitions().isPresent();
    // A Cluster answers a wait for one partition only.
    long reads = partitioned && !commands.isCluster() ? 1 : settings.streams().size();
    List<Link> links = Stream.generate(() -> readLink(connector)).limit(reads).toList();
    this.readLinks = links;
    OwnedLinks ownedLinks = partitioned ? OwnedLinks.open(connector) : null;
    this.ownedLinks = ownedLinks;
    EventLoop loop =
        new EventLoop(settings.name(), settings.nanoTime(), this::turn, this::taskFailed);
    LiveSettings atStart = settings.atStart();
    // If the server does not permit CLIENT UNBLOCK, reads end when read.block is over.
    IntakeSwitch intakeSwitch =
        new IntakeSwitch(
            () -> links.forEach(link -> link.unblockFrom(commands)), settings.nanoTime());
    this.shared =
        new Shared(
            settings,
            new SettingsInForce(atStart, loop),
            commands,
            loop,
            intakeSwitch,
            new Credits(atStart.maxInFlight(), room.share(() -> loop.execute(() -> {}))),
            new PipelineLog(settings, commands, metrics),
            new FailingCalls(settings.name(), metrics, settings.nanoTime()),
            metrics,
            tracing);
    this.standstill = new StallDetector(settings.name(), settings.nanoTime());
    this.longest = new LongestCall(settings.nanoTime());
    NoticeChannels channels = NoticeChannels.of(commands, settings.control().noticePrefix());
    Endpoint endpoint = endpoints.of(HttpHandler.origin(handler).orElse(settings.name()));
    this.breaker = endpoint.breaker();
    this.path =
        new EntryPath(
            shared,
            handler,
            endpoint,
            begun,
            stream -> partitioned ? null : links.get(settings.streams().indexOf(stream)),
            channels,
            clock,
            standstill);
    this.owned =
        ownedLinks == null
            ? null
            : new OwnedStreams(
                shared,
                path,
                settings.partitions().orElseThrow(),
                ownedLinks,
                links,
                new ConsumerDeparture(commands, channels));
    this.taskFailures = new TaskFailures(shared, path);
    this.periodic = new PeriodicTasks(shared, path, standstill, longest);
    SettingsInForce inForce = shared.inForce();
    inForce.subscribe(next -> intakeSwitch.open(!next.paused()));
    inForce.subscribe(next -> shared.credits().most(next.maxInFlight()));
    inForce.subscribe(_ -> periodic.minIdle(inForce.renewedWithin()));
    for (StreamIntake intake : path.intakes()) {
      notices.add(channels, intake.stream(), new IntakeNotices(loop, intake));
    }
  }

  /** Identifies the connection at once: later the command would wait behind a blocking read. */
  private static Link readLink(RedisConnector connector) {
    Link link = connector.connect();
    link.identify();
    return link;
  }

  /**
   * Makes sure that all who read the stream go by the same number of partitions.
   *
   * @throws io.lettuce.core.RedisException as long as they do not
   */
  public void requirePartitions() {
    PipelineSettings settings = shared.settings();
    settings
        .partitions()
        .ifPresent(
            partitions ->
                new PartitionCount(
                        shared.commands(),
                        partitions,
                        settings.streams().getFirst().group(),
                        settings.ordering().lockTtl())
                    .require());
  }

  private void turn() {
    path.turn(this::taskFailed);
    OwnedStreams partitions = owned;
    if (partitions != null) {
      try {
        partitions.turn();
      } catch (RuntimeException | Error e) {
        taskFailed(e);
      }
    }
  }

  private void taskFailed(Throwable failure) {
    taskFailures.failed(failure);
  }

  /** Starts to read. */
  public void start() {
    new ShownPipeline(shared, path, standstill, longest).in(shared.metrics());
    shared
        .loop()
        .execute(
            () -> {
              periodic.start();
              path.begin();
              if (owned != null) {
                owned.start();
              }
            });
    shared.loop().start();
  }

  /** Changes the live settings. Thread-safe. */
  public void change(LiveSettings next) {
    shared.loop().execute(() -> shared.inForce().change(next));
  }

  /** A connection was restored: looks for entries whose reply was lost. Thread-safe. */
  public void reconnected() {
    readLinks.forEach(Link::identify);
    shared
        .loop()
        .execute(
            () -> {
              path.intakes().forEach(intake -> intake.parts().source().lookForLost());
              if (owned != null) {
                owned.renew();
              }
            });
  }

  /**
   * Drains the pipeline.
   *
   * @param grace how long handlers may go on
   * @param keeps whether the entries that are left stay pending for this consumer, for its next
   *     process
   * @return whether all entries in flight were settled
   */
  public boolean drain(Duration grace, boolean keeps) throws InterruptedException {
    return new Drain(shared, path, owned, readLinks, keeps).drain(grace);
  }

  /** Why this pipeline is not ready, if it is not. Thread-safe. */
  public Optional<String> notReady() {
    FailingCalls failing = shared.failing();
    return failing
        .unreadable()
        .or(failing::unsettled)
        .or(standstill::problem)
        .or(failing::lasting)
        .or(shared.log()::hindrance);
  }

  /**
   * Adds what is in flight to a report. Thread-safe.
   *
   * @return completes when the loop has added it
   */
  public CompletableFuture<Void> reportInFlight(ArrayNode streams) {
    return CompletableFuture.runAsync(
        () -> InFlightReport.add(streams, shared, path), shared.loop());
  }

  /** When the loop last started a turn, in the loop's nanoseconds. Thread-safe. */
  public long lastTurn() {
    return shared.loop().lastTurn();
  }

  /** That of its handler's endpoint, which other pipelines may share. Safe for any thread. */
  public Breaker breaker() {
    return breaker;
  }

  EntryPath path() {
    return path;
  }

  Shared shared() {
    return shared;
  }

  public PipelineSettings settings() {
    return shared.settings();
  }

  /** Stops the loop and closes the connections for reading. To be called after {@link #drain}. */
  public void close() throws InterruptedException {
    shared.loop().stop(Duration.ofSeconds(1));
    closeLinks();
  }

  private void closeLinks() {
    readLinks.forEach(Link::close);
    if (ownedLinks != null) {
      ownedLinks.close();
    }
  }

  /** Closes the connections of a pipeline that was never started. */
  public void abandon() {
    closeLinks();
  }
}
