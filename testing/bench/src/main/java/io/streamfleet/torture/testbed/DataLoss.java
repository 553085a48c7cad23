package io.streamfleet.torture.testbed;

import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.torture.evidence.DeadLetterRecord;
import io.streamfleet.torture.evidence.EntryKey;
import io.streamfleet.torture.evidence.Incident;
import io.streamfleet.torture.evidence.Published;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Makes Redis lose data, and records what was lost. Publishing is paused meanwhile, so that the
 * lost entries are known. One loss at a time.
 */
final class DataLoss {

  /**
   * The holder of a lost lock notices it at its next renewal, and a worker with an entry in flight
   * may start it for half of the claim idle time before it verifies its ownership; both happen
   * sooner than this.
   */
  private static final Duration NOTICED_WITHIN = Duration.ofSeconds(3);

  /** Messages published with low ids after a loss of the stream. */
  private static final int LOW_IDS = 20;

  private final Journal journal;
  private final Producer producer;
  private final RedisInspection look;
  private final boolean fromEnd;
  private final Duration timeout;
  private final Map<EntryKey, Published> published = new TreeMap<>();
  private final List<DeadLetterRecord> letters = new ArrayList<>();
  private int streams;

  /**
   * @param fromEnd whether groups that are created again start at the end of their stream
   * @param timeout longer than any fault keeps a fleet from its work
   */
  DataLoss(
      Journal journal, Producer producer, RedisInspection look, boolean fromEnd, Duration timeout) {
    this.journal = journal;
    this.producer = producer;
    this.look = look;
    this.fromEnd = fromEnd;
    this.timeout = timeout;
  }

  /**
   * Destroys a group. If groups start at the end, entries that were delivered and not settled are
   * lost; otherwise everything in the stream is delivered again, and entries settled long ago are
   * trimmed before, as they would test nothing new.
   */
  void loseGroup(ConsumerGroup group) throws InterruptedException {
    long from = journal.now();
    producer.afresh(
        () -> {
          keep();
          look.trimSettled(group);
          String last = look.destroy(group);
          if (fromEnd) {
            forget(group.stream(), last);
          }
          awaitBeforeMore(group);
        },
        0,
        0);
    awaitGroup(group);
    TimeUnit.NANOSECONDS.sleep(NOTICED_WITHIN.toNanos());
    journal.add(Incident.Kind.GROUP, Incident.ALL, from, "the group of " + group.stream());
  }

  /** Deletes the inbound stream, and creates it again with lower ids. */
  void loseStream() throws InterruptedException {
    ConsumerGroup group = Names.GROUPS.getFirst();
    long from = journal.now();
    producer.afresh(
        () -> {
          keep();
          forgetAll(Names.IN);
          look.delete(Names.IN);
          awaitBeforeMore(group);
        },
        LOW_IDS,
        ++streams);
    awaitGroup(group);
    TimeUnit.NANOSECONDS.sleep(NOTICED_WITHIN.toNanos());
    journal.add(Incident.Kind.GROUP, Incident.ALL, from, "the inbound stream was lost");
  }

  /** Flushes Redis. */
  void flush() throws InterruptedException {
    long from = journal.now();
    producer.afresh(
        () -> {
          keep();
          letters.addAll(look.letters());
          forgetAll(Names.IN);
          forgetAll(Names.OUT);
          look.flush();
          for (ConsumerGroup group : Names.GROUPS) {
            awaitBeforeMore(group);
          }
        },
        0,
        0);
    for (ConsumerGroup group : Names.GROUPS) {
      awaitGroup(group);
    }
    TimeUnit.NANOSECONDS.sleep(NOTICED_WITHIN.toNanos());
    journal.add(Incident.Kind.FORGOTTEN, Incident.ALL, from, "Redis was flushed");
  }

  private void keep() {
    look.published(producer).forEach(it -> published.put(it.entry(), it));
    look.emitted().forEach(it -> published.put(it.entry(), it));
  }

  /** Records entries as lost, up to the id of the last delivered one. */
  private void forget(String stream, String last) {
    EntryKey end = new EntryKey(stream, EntryId.parse(last));
    journal.forgotten(
        published.keySet().stream()
            .filter(it -> it.stream().equals(stream) && it.compareTo(end) <= 0)
            .toList());
  }

  private void forgetAll(String stream) {
    journal.forgotten(
        published.keySet().stream().filter(it -> it.stream().equals(stream)).toList());
  }

  /**
   * A worker that starts now does not know that the group existed. If groups start at the end, it
   * creates this one after everything added by then.
   */
  private void awaitBeforeMore(ConsumerGroup group) throws InterruptedException {
    if (fromEnd) {
      awaitGroup(group);
    }
  }

  private void awaitGroup(ConsumerGroup group) throws InterruptedException {
    long since = journal.now();
    while (!look.isThere(group)) {
      if (journal.now() - since > timeout.toNanos()) {
        throw new IllegalStateException("nobody makes the group of " + group.stream() + " again");
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  /** All entries that ever existed: those present now, and those lost. */
  List<Published> published(List<Published> now) {
    Map<EntryKey, Published> all = new TreeMap<>(published);
    now.forEach(it -> all.put(it.entry(), it));
    return List.copyOf(all.values());
  }

  /** All dead letters that ever existed. */
  List<DeadLetterRecord> letters(List<DeadLetterRecord> now) {
    List<DeadLetterRecord> all = new ArrayList<>(letters);
    all.addAll(now);
    return all;
  }
}
