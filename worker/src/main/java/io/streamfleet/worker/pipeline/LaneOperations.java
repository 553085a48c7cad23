package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.channel.DispatchOrder;
import io.streamfleet.worker.channel.HandOver;
import io.streamfleet.worker.channel.LaneWork;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.pending.Parking;
import io.streamfleet.worker.read.Credits;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Connects lanes with the other stations of a pipeline. Belongs to the pipeline's loop. */
final class LaneOperations implements LaneWork {

  private final EventLoop loop;
  private final Credits credits;
  private final ByStream<StreamParts> streams;
  private final KnownById known;
  private final RetrySchedule attempts;
  private final Deliveries deliveries;
  private final Dispatcher dispatcher;

  LaneOperations(
      Shared shared,
      ByStream<StreamParts> streams,
      KnownById known,
      RetrySchedule attempts,
      Deliveries deliveries,
      Dispatcher dispatcher) {
    this.loop = shared.loop();
    this.credits = shared.credits();
    this.streams = streams;
    this.known = known;
    this.attempts = attempts;
    this.deliveries = deliveries;
    this.dispatcher = dispatcher;
  }

  @Override
  public void run(List<Entry> entries) {
    dispatcher.inTurn(entries);
  }

  @Override
  public void runApart(List<Entry> entries) {
    dispatcher.apart(entries);
  }

  @Override
  public void awaitDue(Entry entry) {
    attempts.awaitDue(DispatchOrder.of(entry), entry);
  }

  @Override
  public boolean fresh(Entry entry, long now) {
    return deliveries.fresh(entry, now);
  }

  @Override
  public void confirm(List<Entry> entries, Runnable then) {
    deliveries.confirm(entries, then);
  }

  @Override
  public void park(Entry entry, Parking where) {
    streams.of(entry).entries().park(entry, where);
  }

  @Override
  public boolean roomIsScarce() {
    return credits.isScarce();
  }

  @Override
  public int mostParkedOfLane() {
    return known.mostOfChannel();
  }

  @Override
  public void leave(Entry entry) {
    streams.of(entry).entries().leave(entry);
  }

  @Override
  public void lookForLeft(StreamConsumer stream) {
    streams.of(stream).source().lookForLost();
  }

  @Override
  public int roomForParked() {
    return credits.forPending();
  }

  @Override
  public void fetchParked(StreamConsumer stream, List<EntryId> ids, Consumer<List<EntryId>> then) {
    streams.of(stream).fetchQueue().fetchParked(ids, then);
  }

  @Override
  public void handOver(
      StreamConsumer stream, List<HandOver.Transfer> transfers, HandOver.Callback answer) {
    streams.of(stream).handOver().send(transfers, answer);
  }

  @Override
  public void doubt(StreamConsumer stream, List<EntryId> ids) {
    streams.of(stream).entries().doubt(ids, loop.now());
  }

  @Override
  public void handedOver(StreamConsumer stream, Set<EntryId> ids) {
    streams.of(stream).entries().handedOver(ids);
  }
}
