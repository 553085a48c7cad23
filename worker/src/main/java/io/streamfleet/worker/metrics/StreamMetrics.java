package io.streamfleet.worker.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;
import io.streamfleet.handler.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of one stream and group.
 *
 * <p>The labels are resolved once, in the constructor, so each method takes about ten nanoseconds.
 * A batch should be counted by one call. Thread-safe.
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

  /** New entries were read. */
  public void read(int entries) {
    read.inc(entries);
  }

  /** Entries were acknowledged, whether handled or cancelled. */
  public void acked(int entries) {
    acked.inc(entries);
  }

  /** An attempt failed and another one will be made. */
  public void retried() {
    retried.inc();
  }

  /** A sweep claimed entries from other consumers. */
  public void claimed(int entries) {
    claimed.inc(entries);
  }

  /** A sweep or a fetch found pending entries whose payload was trimmed away. */
  public void claimedDeleted(int entries) {
    claimedDeleted.inc(entries);
  }

  /** Entries in flight are pending for another consumer, or were settled by one. */
  public void lost(int entries) {
    lost.inc(entries);
  }

  /** A user cancelled entries. */
  public void cancelled(int entries) {
    cancelled.inc(entries);
  }

  /** Entries were handed over to the consumer that holds their channel's lock. */
  public void handedOver(int entries) {
    handedOver.inc(entries);
  }

  /** A channel's lock was lost while its lane needed it. */
  public void lockLost() {
    lockLost.inc();
  }

  /** The consumer group was lost and recovered. */
  public void groupLost() {
    groupLost.inc();
  }

  /**
   * An entry became a dead letter.
   *
   * @param reason one of a fixed set, since it becomes a label
   */
  public void deadLettered(String reason) {
    deadLettered.labels(stream, group, reason).inc();
  }

  /**
   * Creates the series of these reasons with 0. Prometheus sees no increase in a series that starts
   * with 1, so the first dead letter of a worker would raise no alert.
   */
  public void expectDeadLetters(Iterable<String> reasons) {
    for (String reason : reasons) {
      deadLettered.labels(stream, group, reason);
    }
  }

  /**
   * An entry was acknowledged.
   *
   * @param millis from the time of its id to now, in milliseconds; a negative value, if the clock
   *     of Redis is ahead, counts as zero
   */
  public void endToEnd(long millis, @Nullable TraceContext recorded) {
    Exemplars.observe(endToEnd, Math.max(0, millis) / Collector.MILLISECONDS_PER_SECOND, recorded);
  }

  /**
   * A lane got its channel's lock.
   *
   * @param nanos from requesting it to holding it, in nanoseconds
   */
  public void lockWait(long nanos) {
    lockWait.observe(nanos / Collector.NANOSECONDS_PER_SECOND);
  }
}
