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
 * Has Redis lose what it holds, and remembers what that was. While it does nobody publishes, so
 * that it is known what was lost. One at a time.
 */
final class DataLoss {

  /**
   * Who holds a lock that is lost hears of it at its next renewal, and who has an entry in flight
   * begins with it for half of the time that makes it another's before it asks whose it is; that is
   * sooner than this.
   */
  private static final Duration HEARD = Duration.ofSeconds(3);

  /** Messages that come under low ids after a loss of the stream. */
  private static final int LOW = 20;

  private final Journal journal;
  private final Producer producer;
  private final RedisInspection look;
  private final boolean fromEnd;
  private final Duration patience;
  private final Map<EntryKey, Published> published = new TreeMap<>();
  private final List<DeadLetterRecord> letters = new ArrayList<>();
  private int streams;

  /**
   * @param fromEnd whether groups that are made anew start at the end of their stream
   * @param patience nothing keeps a fleet from its work for so long
   */
  DataLoss(
      Journal journal,
      Producer producer,
      RedisInspection look,
      boolean fromEnd,
      Duration patience) {
    this.journal = journal;
    this.producer = producer;
    this.look = look;
    this.fromEnd = fromEnd;
    this.patience = patience;
  }

  /**
   * Destroys a group. What it has been delivered and has not settled is lost where groups start at
   * the end; else all that the stream holds is delivered again, and what was settled long ago is
   * trimmed before, for there is nothing new in it.
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
    TimeUnit.NANOSECONDS.sleep(HEARD.toNanos());
    journal.add(Incident.Kind.GROUP, Incident.ALL, from, "the group of " + group.stream());
  }

  /** Deletes the inbound stream, and begins it anew with lower ids. */
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
        LOW,
        ++streams);
    awaitGroup(group);
    TimeUnit.NANOSECONDS.sleep(HEARD.toNanos());
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
    TimeUnit.NANOSECONDS.sleep(HEARD.toNanos());
    journal.add(Incident.Kind.FORGOTTEN, Incident.ALL, from, "Redis was flushed");
  }

  private void keep() {
    look.published(producer).forEach(it -> published.put(it.entry(), it));
    look.emitted().forEach(it -> published.put(it.entry(), it));
  }

  /** Up to an id, which was the last one that was delivered. */
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
   * A worker that starts just now knows nothing of a group that was there. Where groups start at
   * the end, it makes this one behind all that has come by then.
   */
  private void awaitBeforeMore(ConsumerGroup group) throws InterruptedException {
    if (fromEnd) {
      awaitGroup(group);
    }
  }

  private void awaitGroup(ConsumerGroup group) throws InterruptedException {
    long since = journal.now();
    while (!look.isThere(group)) {
      if (journal.now() - since > patience.toNanos()) {
        throw new IllegalStateException("nobody makes the group of " + group.stream() + " again");
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  /** The entries that were ever there: those that are there now, and those that were lost. */
  List<Published> published(List<Published> now) {
    Map<EntryKey, Published> all = new TreeMap<>(published);
    now.forEach(it -> all.put(it.entry(), it));
    return List.copyOf(all.values());
  }

  /** The dead letters that were ever there. */
  List<DeadLetterRecord> letters(List<DeadLetterRecord> now) {
    List<DeadLetterRecord> all = new ArrayList<>(letters);
    all.addAll(now);
    return all;
  }
}
