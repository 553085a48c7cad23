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
import io.streamfleet.worker.settle.Traces;

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
  private final EntrySource source;
  private final Sweeper sweeper;
  private final FetchQueue fetchQueue;
  private final Ownership ownership;
  private final HandOver handOver;
  private final DeadLetterWriter deadLetters;
  private final Rejections rejections;
  private final Acknowledger acknowledger;

  /**
   * @param link the connection on which the stream is read
   */
  StreamParts(
      Shared shared,
      StreamEntries entries,
      GroupRecovery recovery,
      Link link,
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
    StreamReader reader =
        new StreamReader(
            loop,
            link,
            stream,
            settings.block(),
            atStart.batchSize(),
            settings.streams().size(),
            credits,
            decoder,
            settings.random());
    this.entries = entries;
    this.recovery = recovery;
    this.calls = new StreamCalls(stream.stream(), recovery, shared.failing());
    this.source = reader;
    this.sweeper =
        new Sweeper(loop, commands, stream, atStart.autoclaim(), credits, settings.random());
    this.fetchQueue =
        new FetchQueue(shared, entries, new Fetcher(loop, commands, stream, decoder), calls);
    this.ownership =
        new Ownership(
            loop, entries, new Renewal(loop, commands, stream), recovery, calls, settings.random());
    this.handOver =
        new HandOver(
            loop,
            commands,
            stream,
            channels.consumerPrefix(stream.consumerGroup()),
            HANDED_FOR_ONE_IN_FLIGHT * atStart.maxInFlight());
    this.deadLetters =
        new DeadLetterWriter(
            commands, stream, settings.deadLetter(), largest, persistent, settings.clock());
    this.rejections = new Rejections(shared, entries, deadLetters, suspects, traces);
    this.acknowledger = new Acknowledger(loop, commands, stream, persistent);
    SettingsInForce inForce = shared.inForce();
    inForce.tell(next -> decoder.maxDeliveries(next.autoclaim().maxDeliveries()));
    inForce.tell(next -> handOver.mostPending(HANDED_FOR_ONE_IN_FLIGHT * next.maxInFlight()));
    inForce.tell(next -> reader.batchSize(next.batchSize()));
    inForce.tell(next -> sweeper.use(next.autoclaim(), inForce.claimedAfter()));
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
