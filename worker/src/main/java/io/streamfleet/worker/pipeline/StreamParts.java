package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.NoticeChannels;
import io.streamfleet.wire.HeaderScan;
import io.streamfleet.worker.channel.HandOver;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.loop.Persistent;
import io.streamfleet.worker.pending.Fetcher;
import io.streamfleet.worker.pending.Renewal;
import io.streamfleet.worker.pending.Sweeper;
import io.streamfleet.worker.read.BatchDecoder;
import io.streamfleet.worker.read.Credits;
import io.streamfleet.worker.read.EntrySource;
import io.streamfleet.worker.read.StreamReader;
import io.streamfleet.worker.settle.Acknowledger;
import io.streamfleet.worker.settle.DeadLetterWriter;
import io.streamfleet.worker.settle.GroupAcknowledger;
import io.streamfleet.worker.settle.Traces;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The stations of which each stream has its own: they call Redis for that stream. Each knows only
 * those that are declared before it.
 */
final class StreamParts {

  /**
   * A holder gets no more hand-overs when it has so many pending entries for each one that may be
   * in flight.
   */
  private static final int HANDED_FOR_ONE_IN_FLIGHT = 10;

  private final StreamEntries entries;
  private final GroupRecovery recovery;
  private final StreamCalls calls;
  private final @Nullable LeasedPartition leased;
  private final BatchDecoder decoder;
  private final EntrySource source;
  private final Sweeper sweeper;
  private final FetchQueue fetchQueue;
  private final Ownership ownership;
  private final HandOver handOver;
  private final DeadLetterWriter deadLetters;
  private final Rejections rejections;
  private final Acknowledger acknowledger;

  /**
   * @param link the connection on which the stream is read; none for a partition
   */
  StreamParts(
      Shared shared,
      StreamEntries entries,
      GroupRecovery recovery,
      @Nullable Link link,
      NoticeChannels channels,
      Persistent persistent,
      Suspects suspects,
      Traces traces) {
    StreamConsumer stream = entries.stream();
    PipelineSettings settings = shared.settings();
    LiveSettings atStart = settings.atStart();
    EventLoop loop = shared.loop();
    Credits credits = shared.credits();
    Link commands = shared.commands();
    long largest = credits.room().room().largest();
    BatchDecoder decoder =
        new BatchDecoder(
            stream,
            new HeaderScan(settings.ordering().field()),
            atStart.autoclaim().maxDeliveries(),
            largest,
            settings.nanoTime());
    LeasedPartition leased = settings.partitions().isEmpty() ? null : new LeasedPartition();
    this.leased = leased;
    this.decoder = decoder;
    this.entries = entries;
    this.recovery = recovery;
    this.calls = new StreamCalls(stream.stream(), recovery, shared.failing());
    this.source =
        leased != null ? leased : reader(shared, stream, Objects.requireNonNull(link), decoder);
    this.sweeper =
        new Sweeper(loop, commands, stream, atStart.autoclaim(), credits, settings.random());
    this.fetchQueue =
        new FetchQueue(shared, entries, new Fetcher(loop, commands, stream, decoder), calls);
    this.ownership =
        leased != null
            ? new LeaseOwnership(loop, shared.inForce(), entries, leased)
            : new ConsumerOwnership(
                loop,
                shared.inForce(),
                entries,
                new Renewal(loop, commands, stream),
                recovery,
                calls,
                settings.random());
    this.handOver =
        new HandOver(
            loop,
            commands,
            stream,
            channels.consumerPrefix(stream.consumerGroup()),
            HANDED_FOR_ONE_IN_FLIGHT * atStart.maxInFlight());
    this.acknowledger =
        leased != null
            ? leased.acknowledger()
            : new GroupAcknowledger(loop, commands, stream, persistent);
    this.deadLetters =
        new DeadLetterWriter(
            commands,
            stream,
            settings.deadLetter(),
            largest,
            persistent,
            acknowledger,
            settings.clock());
    this.rejections = new Rejections(shared, entries, deadLetters, suspects, traces);
    SettingsInForce inForce = shared.inForce();
    inForce.subscribe(next -> decoder.maxDeliveries(next.autoclaim().maxDeliveries()));
    inForce.subscribe(next -> handOver.mostPending(HANDED_FOR_ONE_IN_FLIGHT * next.maxInFlight()));
    inForce.subscribe(next -> sweeper.use(next.autoclaim(), inForce.claimedAfter()));
  }

  private static StreamReader reader(
      Shared shared, StreamConsumer stream, Link link, BatchDecoder decoder) {
    PipelineSettings settings = shared.settings();
    StreamReader reader =
        new StreamReader(
            shared.loop(),
            link,
            stream,
            settings.block(),
            settings.atStart().batchSize(),
            settings.streams().size(),
            shared.credits(),
            decoder,
            settings.random());
    shared.inForce().subscribe(next -> reader.batchSize(next.batchSize()));
    return reader;
  }

  StreamConsumer stream() {
    return entries.stream();
  }

  StreamEntries entries() {
    return entries;
  }

  GroupRecovery recovery() {
    return recovery;
  }

  /** Tracks the calls for this stream. */
  StreamCalls calls() {
    return calls;
  }

  /** Whether this is a partition, which one worker has at a time. */
  boolean isLeased() {
    return leased != null;
  }

  /** The lease of a partition. */
  LeasedPartition leased() {
    return Objects.requireNonNull(leased, "a stream without partitions has no lease");
  }

  /** Whether what was asked for may come in: of a partition that was lost meanwhile it may not. */
  boolean mayTakeIn() {
    return leased == null || leased.isHeld();
  }

  /** The epoch of the lease of a partition; 0 without one. */
  long epoch() {
    return leased == null ? 0 : leased.epoch();
  }

  BatchDecoder decoder() {
    return decoder;
  }

  EntrySource source() {
    return source;
  }

  Sweeper sweeper() {
    return sweeper;
  }

  FetchQueue fetchQueue() {
    return fetchQueue;
  }

  Ownership ownership() {
    return ownership;
  }

  HandOver handOver() {
    return handOver;
  }

  DeadLetterWriter deadLetters() {
    return deadLetters;
  }

  Rejections rejections() {
    return rejections;
  }

  Acknowledger acknowledger() {
    return acknowledger;
  }
}
