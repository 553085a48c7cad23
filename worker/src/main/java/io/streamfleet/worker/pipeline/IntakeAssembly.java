package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.GroupCreation;
import io.streamfleet.redis.group.NoticeChannels;
import io.streamfleet.wire.HeaderScan;
import io.streamfleet.worker.channel.HandOver;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.loop.Persistent;
import io.streamfleet.worker.metrics.StreamMetrics;
import io.streamfleet.worker.metrics.WorkerMetrics;
import io.streamfleet.worker.pending.Fetcher;
import io.streamfleet.worker.pending.Renewal;
import io.streamfleet.worker.pending.Restoration;
import io.streamfleet.worker.pending.Sweeper;
import io.streamfleet.worker.read.BatchDecoder;
import io.streamfleet.worker.read.Credits;
import io.streamfleet.worker.read.StreamReader;
import io.streamfleet.worker.settle.DeadLetterReason;
import io.streamfleet.worker.settle.DeadLetterWriter;

/** Where the parts of an intake are made and bound together. */
record IntakeAssembly(
    PipelineSettings settings,
    SettingsInForce inForce,
    PipelineContext pipeline,
    Link commands,
    NoticeChannels channels,
    Persistent persistent,
    WorkerMetrics metrics,
    GroupCreation groups) {

  /**
   * A holder may be behind by this many times what it may have in flight before it is given no
   * more.
   */
  private static final int HANDED_FOR_ONE_IN_FLIGHT = 10;

  /**
   * The intake of a stream.
   *
   * @param link the connection on which it is read
   */
  StreamIntake intake(StreamConsumer stream, Link link) {
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
            HANDED_FOR_ONE_IN_FLIGHT * atStart.maxInFlight());
    inForce.tell(next -> decoder.maxDeliveries(next.autoclaim().maxDeliveries()));
    inForce.tell(next -> handOver.mostPending(HANDED_FOR_ONE_IN_FLIGHT * next.maxInFlight()));
    StreamMetrics streamMetrics = metrics.forStream(stream.stream(), stream.group());
    // A series that begins with its first letter shows no increase, and raises no alert.
    streamMetrics.expectDeadLetters(DeadLetterReason.ALL);
    return new StreamIntake(
        pipeline,
        stream,
        streamMetrics,
        credits,
        settings.random(),
        intake -> {
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
                  intake,
                  settings.random());
          Sweeper sweeper =
              new Sweeper(
                  loop,
                  commands,
                  stream,
                  atStart.autoclaim(),
                  credits,
                  intake::mayClaim,
                  intake,
                  settings.random());
          inForce.tell(next -> reader.batchSize(next.batchSize()));
          inForce.tell(next -> sweeper.use(next.autoclaim(), inForce.claimedAfter()));
          return new IntakeParts(
              reader,
              sweeper,
              new Fetcher(loop, commands, stream, decoder),
              new Renewal(loop, commands, stream),
              new DeadLetterWriter(
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
                  intake),
              handOver);
        });
  }
}
