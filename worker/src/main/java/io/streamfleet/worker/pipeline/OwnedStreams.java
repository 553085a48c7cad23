package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.ConsumerDeparture;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Interruption;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.metrics.PartitionMetrics;
import io.streamfleet.worker.partition.ArrivalWait;
import io.streamfleet.worker.partition.CallCount;
import io.streamfleet.worker.partition.Grant;
import io.streamfleet.worker.partition.HeldPartition;
import io.streamfleet.worker.partition.Leases;
import io.streamfleet.worker.partition.Members;
import io.streamfleet.worker.partition.OwnedPartitions;
import io.streamfleet.worker.partition.OwnerCalls;
import io.streamfleet.worker.partition.PartitionReader;
import io.streamfleet.worker.partition.PartitionReads;
import io.streamfleet.worker.partition.PartitionSettlements;
import io.streamfleet.worker.partition.Partitions;
import io.streamfleet.worker.partition.RebalanceListener;
import io.streamfleet.worker.partition.Replication;
import io.streamfleet.worker.partition.SettlementCalls;
import io.streamfleet.worker.read.Credits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongPredicate;

/**
 * The partitions of a pipeline: has each of those that this worker owns read and settled, and ends
 * that when another worker is to have it, or has it. Belongs to the pipeline's loop.
 */
final class OwnedStreams implements RebalanceListener {

  /** How late a handler may be interrupted whose lease has run out by our own clock. */
  private static final Duration TICK = Duration.ofMillis(100);

  private final Shared shared;
  private final EventLoop loop;
  private final EntryPath path;
  private final OwnerCalls calls;
  private final List<ArrivalWait> waits = new ArrayList<>();
  private final List<PartitionReads> reads = new ArrayList<>();
  private final SettlementCalls settlements;
  private final List<StreamIntake> intakes;
  private final OwnedPartitions owned;
  private final ConsumerDeparture departure;
  private final Partitions partitions;
  private final String group;

  /** Of those that are ours; read by whoever shows them. */
  private final Map<Integer, Long> epochs = new ConcurrentSkipListMap<>();

  private boolean leftSome;

  /**
   * @param waitLinks connections on which new entries are waited for: one, or in a Cluster one for
   *     each partition
   */
  OwnedStreams(
      Shared shared,
      EntryPath path,
      Partitions partitions,
      OwnedLinks links,
      List<Link> waitLinks,
      ConsumerDeparture departure) {
    this.shared = shared;
    this.loop = shared.loop();
    this.path = path;
    this.intakes = path.intakes().all();
    this.departure = departure;
    PipelineSettings settings = shared.settings();
    this.partitions = partitions;
    this.group = settings.streams().getFirst().group();
    Duration term = settings.ordering().lockTtl();
    this.calls =
        new OwnerCalls(shared.commands(), partitions::streamOf, group, settings.consumer());
    for (Link link : waitLinks) {
      waits.add(new ArrivalWait(loop, link, shared.commands(), settings.block()));
      reads.add(
          new PartitionReads(
              loop, calls, links.reads(), shared.inForce()::batchSize, shared.credits()));
    }
    this.settlements = new SettlementCalls(loop, calls, path.persistent());
    this.owned =
        new OwnedPartitions(
            loop,
            new Leases(
                links.leases(),
                partitions::streamOf,
                group,
                settings.consumer(),
                UUID.randomUUID(),
                term),
            new Members(links.leases(), partitions, group, term),
            new Replication(links.leases()),
            new OwnedPartitions.Worker(settings.consumer(), partitions.count(), term),
            this,
            shared.failing().ofStream(partitions.stream()));
  }

  void start() {
    shared.metrics().partitions().show(partitions.stream(), group, () -> epochs, owned::waited);
    owned.start();
    loop.after(TICK, this::tick);
  }

  /** Called at the end of each turn of the loop: reads, and acknowledges what was handled. */
  void turn() {
    reads.forEach(PartitionReads::turn);
    boolean nothingRuns = path.dispatcher().running() == 0;
    Credits credits = shared.credits();
    settlements.turn(entries -> nothingRuns || credits.areWaitedFor(entries));
  }

  /** A connection is up again, perhaps to another server: leases may be lost. */
  void renew() {
    owned.renew();
  }

  /** Gives all partitions up; completes when others may have them. */
  CompletableFuture<Void> drain() {
    // What moved before was left to others on purpose.
    leftSome = false;
    return owned.drain();
  }

  /** Whether entries were left pending in partitions that were given up in the drain. */
  boolean leftSome() {
    return leftSome;
  }

  // --- one of them

  @Override
  public void assigned(int partition, Grant grant, LongPredicate isSure) {
    StreamIntake intake = intakes.get(partition);
    StreamParts parts = intake.parts();
    LeasedPartition leased = parts.leased();
    PipelineSettings settings = shared.settings();
    HeldPartition what =
        new HeldPartition(
            partition,
            intake.stream().stream(),
            grant,
            !leased.wasHeld(),
            () -> owned.lost(partition, grant));
    int slot = partition % waits.size();
    PartitionReader reader =
        new PartitionReader(loop, calls, waits.get(slot), what, parts.decoder(), settings.random());
    reads.get(slot).add(reader);
    PartitionSettlements settles =
        new PartitionSettlements(loop, calls, what, leased.acknowledger()::settled);
    settlements.add(settles);
    leased.begin(grant, reader, settles, isSure);
    epochs.put(partition, grant.epoch());
    moved(PartitionMetrics.Move.ACQUIRED);
  }

  private void moved(PartitionMetrics.Move move) {
    shared.metrics().partitions().moved(partitions.stream(), group, move);
  }

  @Override
  public CallCount settlements(int partition) {
    return intakes.get(partition).parts().leased().settlements();
  }

  @Override
  public void revoked(int partition, Runnable drained) {
    new PartitionHandOver(shared, path, intakes.get(partition), departure)
        .begin(
            left -> {
              leftSome |= left;
              epochs.remove(partition);
              moved(PartitionMetrics.Move.RELEASED);
              drained.run();
            });
  }

  @Override
  public void lost(int partition, Runnable drained) {
    epochs.remove(partition);
    moved(PartitionMetrics.Move.LOST);
    shared.log().partitionLost(intakes.get(partition).stream());
    new PartitionLoss(shared, intakes.get(partition)).begin(drained);
  }

  /** Interrupts what runs under a lease that has run out by our own clock. */
  private void tick() {
    long now = loop.now();
    for (StreamIntake intake : intakes) {
      LeasedPartition leased = intake.parts().leased();
      if (leased.hasRunOut(now)) {
        for (Entry entry : List.copyOf(intake.entries().pending().entries())) {
          if (entry.isHandled()) {
            entry.interrupt(Interruption.LOCK_LOST);
          }
        }
      }
    }
    loop.after(TICK, this::tick);
  }
}
