package io.streamfleet.worker.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;

/**
 * What happens to the entries of one stream and group.
 *
 * <p>The labels are resolved once, when it is made; each method is then an addition of about ten
 * nanoseconds. Whoever settles a batch counts it with one call. Any thread may call.
 */
public final class StreamMetrics {

  private final String stream;
  private final String group;
  private final Counter.Child read;
  private final Counter.Child acked;
  private final Counter.Child retried;
  private final Counter.Child claimed;
  private final Counter.Child claimedDeleted;
  private final Counter.Child lost;
  private final Counter.Child cancelled;
  private final Counter.Child handedOver;
  private final Counter.Child lockLost;
  private final Counter.Child groupLost;
  private final Counter deadLettered;
  private final Histogram.Child endToEnd;
  private final Histogram.Child lockWait;

  StreamMetrics(EntryFamilies families, String stream, String group) {
    this.stream = stream;
    this.group = group;
    read = families.read().labels(stream, group);
    acked = families.acked().labels(stream, group);
    retried = families.retried().labels(stream, group);
    claimed = families.claimed().labels(stream, group);
    claimedDeleted = families.claimedDeleted().labels(stream, group);
    lost = families.lost().labels(stream, group);
    cancelled = families.cancelled().labels(stream, group);
    handedOver = families.handedOver().labels(stream, group);
    lockLost = families.lockLost().labels(stream);
    groupLost = families.groupLost().labels(stream, group);
    deadLettered = families.deadLettered();
    endToEnd = families.endToEnd().labels(stream);
    lockWait = families.lockWait().labels(stream);
  }

  /** Entries came in, new ones and ones of the own pending list alike. */
  public void read(int entries) {
    read.inc(entries);
  }

  /** Redis took the acknowledgement of entries, whatever the reason to settle them. */
  public void acked(int entries) {
    acked.inc(entries);
  }

  /** An attempt failed and another one will be made. */
  public void retried() {
    retried.inc();
  }

  /** A sweep took entries over from another consumer. */
  public void claimed(int entries) {
    claimed.inc(entries);
  }

  /** A sweep, or a read of the pending list, met entries whose payload had been trimmed away. */
  public void claimedDeleted(int entries) {
    claimedDeleted.inc(entries);
  }

  /** Entries in flight turned out to belong to another consumer, or to be settled already. */
  public void lost(int entries) {
    lost.inc(entries);
  }

  /** A user stopped entries. */
  public void cancelled(int entries) {
    cancelled.inc(entries);
  }

  /** Entries were moved to the consumer that holds their channel's lock. */
  public void handedOver(int entries) {
    handedOver.inc(entries);
  }

  /** A channel's lock was gone before its lane was done with it. */
  public void lockLost() {
    lockLost.inc();
  }

  /** The consumer group was gone, and is there again. */
  public void groupLost() {
    groupLost.inc();
  }

  /**
   * An entry went to the dead letters.
   *
   * @param reason one of a closed set: it becomes a label, so never text of an error
   */
  public void deadLettered(String reason) {
    deadLettered.labels(stream, group, reason).inc();
  }

  /**
   * Shows these reasons as 0 from the start: Prometheus sees no increase in a series that is born
   * as 1, so that the first dead letter of a worker would raise no alert.
   */
  public void expectDeadLetters(Iterable<String> reasons) {
    for (String reason : reasons) {
      deadLettered.labels(stream, group, reason);
    }
  }

  /**
   * An entry was acknowledged.
   *
   * @param millis from its id's time to now, in milliseconds; below zero (the clock of the Redis
   *     server is ahead of ours) counts as zero
   */
  public void endToEnd(long millis) {
    endToEnd.observe(Math.max(0, millis) / Collector.MILLISECONDS_PER_SECOND);
  }

  /**
   * A lane got its channel's lock.
   *
   * @param nanos from wanting it to holding it, in nanoseconds
   */
  public void lockWait(long nanos) {
    lockWait.observe(nanos / Collector.NANOSECONDS_PER_SECOND);
  }
}
