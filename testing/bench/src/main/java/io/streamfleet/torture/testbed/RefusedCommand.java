package io.streamfleet.torture.testbed;

import io.streamfleet.torture.evidence.EntryKey;
import io.streamfleet.torture.evidence.Incident;
import io.streamfleet.torture.plan.Errand;
import io.streamfleet.torture.plan.Errand.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Makes Redis reject one kind of command and accept all others. */
final class RefusedCommand {

  /** Channels other than the one with the bad lock: more than a batch contains. */
  private static final int OTHER_CHANNELS = 30;

  /** Small enough for each batch of several entries to contain one of the bad channel. */
  private static final int BAD_ONE_IN = 3;

  /**
   * The number of entries cancelled in another database: the latest ones, many of them in flight.
   */
  private static final int CANCELLED = 40;

  /** The number of messages to a stream that rejects entries. */
  private static final int EMITTING_MESSAGES = 6;

  private final Journal journal;
  private final Producer producer;
  private final RedisInspection look;
  private final Duration timeout;

  /**
   * @param timeout longer than any fault keeps a fleet from its work
   */
  RefusedCommand(Journal journal, Producer producer, RedisInspection look, Duration timeout) {
    this.journal = journal;
    this.producer = producer;
    this.look = look;
    this.timeout = timeout;
  }

  /** Makes Redis answer reads and refuse writes, as a master without its replicas does. */
  void refuseWrites(Duration length) throws InterruptedException {
    look.configure("min-replicas-to-write", "1");
    try {
      TimeUnit.NANOSECONDS.sleep(length.toNanos());
    } finally {
      look.configure("min-replicas-to-write", "0");
    }
  }

  /**
   * Creates a hash under the key of a channel's lock, and publishes entries of this and other
   * channels, in turn and all at once, so that their locks are acquired together. Returns when
   * those of all other channels were handled.
   *
   * @param prefix of the channels, which must be unused
   */
  void badLock(String prefix) throws InterruptedException {
    String bad = prefix + "-bad";
    look.spoil(Names.LOCKS + bad);
    long from = journal.now();
    try {
      List<String> channels = new ArrayList<>();
      for (int i = 0; i < OTHER_CHANNELS; i++) {
        if (i % BAD_ONE_IN == 0) {
          channels.add(bad);
        }
        channels.add(prefix + "-" + i);
      }
      List<EntryKey> all = producer.publishTogether(channels);
      List<EntryKey> others = new ArrayList<>();
      for (int i = 0; i < all.size(); i++) {
        if (!channels.get(i).equals(bad)) {
          others.add(all.get(i));
        }
      }
      journal.require(
          () -> journal.hasSeen(others),
          timeout,
          "the channels beside one whose lock is a hash stand still");
    } finally {
      look.delete(Names.LOCKS + bad);
      journal.add(Incident.Kind.BAD_LOCK, Incident.ALL, from, "the lock of " + bad);
    }
  }

  /** Makes a stream reject entries, and publishes messages that are emitted to it. */
  void refuseStream(Duration length) throws InterruptedException {
    look.exhaust(Names.MUTE);
    try {
      List<EntryKey> emitting = new ArrayList<>();
      for (int i = 0; i < EMITTING_MESSAGES; i++) {
        int channel = i;
        emitting.add(
            producer.publish(
                (messages, number) ->
                    messages.ordered(number, channel, new Errand(Kind.EMIT_BOTH, 0), 0)));
      }
      journal.require(
          () -> journal.hasSeen(emitting),
          timeout,
          "what is to be emitted to two streams is not handled");
      TimeUnit.NANOSECONDS.sleep(length.toNanos());
    } finally {
      look.delete(Names.MUTE);
    }
  }

  /** Cancels entries in flight in our database as a user of database 0. */
  void cancelElsewhere() {
    look.cancelLast(CANCELLED);
  }
}
