package io.streamfleet.worker.pipeline;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.streamfleet.handler.MessageHandler;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.NoticeChannels;
import io.streamfleet.worker.begun.BegunEntries;
import io.streamfleet.worker.channel.ServerClock;
import io.streamfleet.worker.control.Notices;
import io.streamfleet.worker.handle.HttpHandler;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.metrics.WorkerMetrics;
import io.streamfleet.worker.read.Credits;
import io.streamfleet.worker.read.Room;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A pipeline with all its parts: where they are made and bound together, top to bottom. */
public final class Pipeline {

  private final Shared shared;
  private final List<Link> readLinks;
  private final StallDetector standstill;
  private final LongestCall longest;
  private final EntryPath path;
  private final TaskFailures taskFailures;
  private final PeriodicTasks periodic;

  /**
   * Puts a pipeline together; nothing is read yet.
   *
   * @param endpoints those of all handlers
   * @param begun is told of each entry that a handler begins and ends with
   * @param commands the connection for everything that does not block
   * @param clock watches the clock of Redis, for all pipelines
   * @param readLink opens a connection for one read loop
   * @param room how many bytes all pipelines together may have in flight
   */
  public Pipeline(
      PipelineSettings settings,
      MessageHandler handler,
      Endpoints endpoints,
      BegunEntries begun,
      Link commands,
      Supplier<Link> readLink,
      Room room,
      WorkerMetrics metrics,
      Notices notices,
      ServerClock clock) {
    List<Link> links = settings.streams().stream().map(stream -> readLink.get()).toList();
    this.readLinks = links;
    EventLoop loop =
        new EventLoop(settings.name(), settings.nanoTime(), this::turn, this::taskFailed);
    LiveSettings atStart = settings.atStart();
    // Where the server does not let us end its reads, they end when read.block is over.
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
            metrics);
    this.standstill = new StallDetector(settings.name(), settings.nanoTime());
    this.longest = new LongestCall(settings.nanoTime());
    NoticeChannels channels = NoticeChannels.of(commands, settings.control().noticePrefix());
    this.path =
        new EntryPath(
            shared,
            handler,
            endpoints.of(HttpHandler.origin(handler).orElse(settings.name())),
            begun,
            stream -> links.get(settings.streams().indexOf(stream)),
            channels,
            clock,
            standstill);
    this.taskFailures = new TaskFailures(shared, path);
    this.periodic = new PeriodicTasks(shared, path, standstill, longest);
    SettingsInForce inForce = shared.inForce();
    inForce.tell(next -> intakeSwitch.open(!next.paused()));
    inForce.tell(next -> shared.credits().most(next.maxInFlight()));
    inForce.tell(_ -> periodic.minIdle(inForce.renewedWithin()));
    for (StreamIntake intake : path.intakes()) {
      notices.add(channels, intake.stream(), new IntakeNotices(loop, intake));
    }
  }

  private void turn() {
    path.turn(this::taskFailed);
  }

  private void taskFailed(Throwable failure) {
    taskFailures.failed(failure);
  }

  /** Begins to read. */
  public void start() {
    new ShownPipeline(shared, path, standstill, longest).in(shared.metrics());
    shared
        .loop()
        .execute(
            () -> {
              periodic.start();
              path.begin();
            });
    shared.loop().start();
  }

  /** Other live settings are in force from now on. Safe for any thread. */
  public void change(LiveSettings next) {
    shared.loop().execute(() -> shared.inForce().change(next));
  }

  /** A connection is up again: what was on its way may have been lost. Safe for any thread. */
  public void reconnected() {
    readLinks.forEach(Link::identify);
    shared
        .loop()
        .execute(() -> path.intakes().forEach(intake -> intake.parts().source().lookForLost()));
  }

  /**
   * Ends the pipeline in good order; tells whether all that it had in flight was settled.
   *
   * @param keeps whether what is left stays with this consumer, for the next process of its name
   */
  public boolean drain(Duration grace, boolean keeps) throws InterruptedException {
    return new Drain(shared, path, readLinks, keeps).drain(grace);
  }

  /** What keeps this pipeline from being ready, if anything. Safe for any thread. */
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
   * Adds what is in flight to a report, and since when. Safe for any thread.
   *
   * @return done once the loop has added it
   */
  public CompletableFuture<Void> reportInFlight(ArrayNode streams) {
    return CompletableFuture.runAsync(
        () -> InFlightReport.add(streams, shared, path), shared.loop());
  }

  /** When the loop last began a turn, by its clock in nanoseconds. Safe for any thread. */
  public long lastTurn() {
    return shared.loop().lastTurn();
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

  /** Ends the loop and closes the connections for reading. After {@link #drain}. */
  public void close() throws InterruptedException {
    shared.loop().stop(Duration.ofSeconds(1));
    readLinks.forEach(Link::close);
  }

  /** Gives up a consumer that was never started. */
  public void abandon() {
    readLinks.forEach(Link::close);
  }
}
