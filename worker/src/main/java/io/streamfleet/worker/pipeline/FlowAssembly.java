package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.GroupCreation;
import io.streamfleet.redis.group.NoticeChannels;
import io.streamfleet.worker.decode.HeaderScan;
import io.streamfleet.worker.entry.StreamName;
import io.streamfleet.worker.lock.HandOver;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.loop.Persistent;
import io.streamfleet.worker.observe.StreamMetrics;
import io.streamfleet.worker.observe.WorkerMetrics;
import io.streamfleet.worker.own.Fetcher;
import io.streamfleet.worker.own.Renewal;
import io.streamfleet.worker.own.Restoration;
import io.streamfleet.worker.read.BatchDecoder;
import io.streamfleet.worker.read.Credits;
import io.streamfleet.worker.read.StreamReader;
import io.streamfleet.worker.reclaim.Sweeper;
import io.streamfleet.worker.settle.DeadLetters;
import io.streamfleet.worker.settle.Reason;

/** Where the parts of a flow are made and bound together. */
record FlowAssembly(
    PipelineSettings settings,
    SettingsInForce inForce,
    Pipeline pipeline,
    Link commands,
    NoticeChannels channels,
    Persistent persistent,
    WorkerMetrics metrics,
    GroupCreation groups) {

  /**
   * A holder may be behind by this many times what it may have in hand before it is given no more.
   */
  private static final int HANDED_FOR_ONE_IN_HAND = 10;

  /**
   * The flow of a stream.
   *
   * @param link the connection on which it is read
   */
  Flow flow(StreamName stream, Link link) {
    LiveSettings atStart = settings.atStart();
    EventLoop loop = pipeline.loop();
    Credits credits = pipeline.credits();
    BatchDecoder decoder =
        new BatchDecoder(
            stream,
            new HeaderScan(settings.ordering().field()),
            atStart.autoclaim().maxDeliveries(),
            credits.room().room().largest(),
            settings.nanoTime());
    HandOver handOver =
        new HandOver(
            loop,
            commands,
            stream,
            channels.consumerPrefix(stream.consumerGroup()),
            HANDED_FOR_ONE_IN_HAND * atStart.maxInFlight());
    inForce.tell(next -> decoder.maxDeliveries(next.autoclaim().maxDeliveries()));
    inForce.tell(next -> handOver.mostPending(HANDED_FOR_ONE_IN_HAND * next.maxInFlight()));
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
                  settings.block(),
                  atStart.batchSize(),
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
                  atStart.autoclaim(),
                  credits,
                  flow::mayClaim,
                  flow,
                  settings.random());
          inForce.tell(next -> reader.batchSize(next.batchSize()));
          inForce.tell(next -> sweeper.use(next.autoclaim(), inForce.claimedAfter()));
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
                  flow),
              handOver);
        });
  }
}
