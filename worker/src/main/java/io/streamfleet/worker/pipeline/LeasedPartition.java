package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.partition.CallCount;
import io.streamfleet.worker.partition.Grant;
import io.streamfleet.worker.partition.LeasedAcknowledger;
import io.streamfleet.worker.partition.PartitionReader;
import io.streamfleet.worker.partition.PartitionSettlements;
import io.streamfleet.worker.read.Arrivals;
import io.streamfleet.worker.read.EntrySource;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a pipeline, which this worker has at times: then it is read and settled under
 * the lease. Belongs to the pipeline's loop, but for {@link #isSure}.
 */
final class LeasedPartition implements EntrySource {

  private final LeasedAcknowledger acknowledger = new LeasedAcknowledger();
  private volatile LongPredicate sure = at -> false;
  private @Nullable PartitionReader reader;
  private @Nullable PartitionSettlements settlements;
  private @Nullable Arrivals arrivals;
  private long epoch;
  private boolean wasHeld;
  private boolean isRevoked;

  LeasedAcknowledger acknowledger() {
    return acknowledger;
  }

  // --- the lease

  /** The partition is ours, by a new grant. */
  void begin(
      Grant grant, PartitionReader reads, PartitionSettlements settles, LongPredicate isSure) {
    epoch = grant.epoch();
    reader = reads;
    settlements = settles;
    sure = isSure;
    wasHeld = true;
    isRevoked = false;
    acknowledger.use(settles);
    Arrivals known = arrivals;
    if (known != null) {
      reads.start(known);
    }
  }

  /** The partition is not ours any more: nothing is read and nothing settled. */
  void end() {
    sure = at -> false;
    PartitionReader before = reader;
    reader = null;
    if (before != null) {
      before.abandon();
    }
    Arrivals known = arrivals;
    if (known != null) {
      // What failed here is tried by the next owner.
      PartitionReader.OPERATIONS.forEach(known::worked);
    }
    settlements = null;
    acknowledger.stop();
  }

  /** Another worker is to have it: nothing more is read, and nothing begun. */
  void revoke() {
    isRevoked = true;
    stop();
  }

  /** Whether what runs has no right to: the lease has run out by our own clock. */
  boolean hasRunOut(long now) {
    return reader != null && !isRevoked && !isSure(now);
  }

  /** Whether the lease is ours, as far as is known; others may have it if it is not sure. */
  boolean isHeld() {
    return reader != null;
  }

  /** The epoch of the present lease, or of the last one. */
  long epoch() {
    return epoch;
  }

  /** Whether this process has had the partition before. */
  boolean wasHeld() {
    return wasHeld;
  }

  /**
   * Whether nobody else can have the lease at a time, so that entries may be begun. From anywhere.
   */
  boolean isSure(long at) {
    return sure.test(at);
  }

  /** Whether everything that was handled is settled, or never will be. */
  boolean isSettled() {
    PartitionSettlements now = settlements;
    return now == null || now.idle();
  }

  /** How many settlements were counted here under the lease. */
  CallCount settlements() {
    PartitionSettlements now = settlements;
    return now == null ? CallCount.NONE : now.count();
  }

  // --- what is read

  @Override
  public void start(Arrivals takesIn) {
    arrivals = takesIn;
    PartitionReader now = reader;
    if (now != null) {
      now.start(takesIn);
    }
  }

  @Override
  public void turn(Arrivals takesIn) {
    PartitionReader now = reader;
    if (now != null) {
      now.turn(takesIn);
    }
  }

  @Override
  public void lookForLost() {
    PartitionReader now = reader;
    if (now != null) {
      now.lookForLost();
    }
  }

  @Override
  public void stop() {
    PartitionReader now = reader;
    if (now != null) {
      now.stop();
    }
  }

  @Override
  public boolean idle() {
    PartitionReader now = reader;
    return now == null || now.idle();
  }

  @Override
  public boolean reading() {
    PartitionReader now = reader;
    return now != null && now.reading();
  }

  @Override
  public boolean isOff() {
    PartitionReader now = reader;
    return now == null || now.isOff();
  }
}
