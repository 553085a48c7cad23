package io.streamfleet.torture.testbed;

import io.streamfleet.torture.evidence.EntryKey;
import io.streamfleet.torture.evidence.Incident;
import io.streamfleet.torture.plan.Errand;
import io.streamfleet.torture.plan.Errand.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Has Redis refuse one thing and do all others. */
final class RefusedCommand {

  /** Channels beside one whose lock is bad: more than a read brings. */
  private static final int BESIDE = 30;

  /** So few that each read that brings several entries brings one of the bad channel. */
  private static final int BETWEEN = 3;

  /**
   * Entries that are cancelled in another database: those that came last, many of them in flight.
   */
  private static final int CANCELLED = 40;

  /** Messages to a stream that takes nothing. */
  private static final int EMITTING = 6;

  private final Journal journal;
  private final Producer producer;
  private final RedisInspection look;
  private final Duration patience;

  /**
   * @param patience nothing keeps a fleet from its work for so long
   */
  RefusedCommand(Journal journal, Producer producer, RedisInspection look, Duration patience) {
    this.journal = journal;
    this.producer = producer;
    this.look = look;
    this.patience = patience;
  }

  /** Lets Redis answer and take no writes, as one that lacks its replicas. */
  void refuseWrites(Duration length) throws InterruptedException {
    look.configure("min-replicas-to-write", "1");
    try {
      TimeUnit.NANOSECONDS.sleep(length.toNanos());
    } finally {
      look.configure("min-replicas-to-write", "0");
    }
  }

  /**
   * Puts a hash where a channel's lock is to be, and has entries come of this and other channels,
   * in turn and all at once, so that their locks are asked for together. Returns when those of all
   * other channels were handled.
   *
   * @param prefix of the channels, which nobody has used before
   */
  void badLock(String prefix) throws InterruptedException {
    String bad = prefix + "-bad";
    look.spoil(Names.LOCKS + bad);
    long from = journal.now();
    try {
      List<String> channels = new ArrayList<>();
      for (int i = 0; i < BESIDE; i++) {
        if (i % BETWEEN == 0) {
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
          patience,
          "the channels beside one whose lock is a hash stand still");
    } finally {
      look.delete(Names.LOCKS + bad);
      journal.add(Incident.Kind.BAD_LOCK, Incident.ALL, from, "the lock of " + bad);
    }
  }

  /** Has a stream take nothing, and messages emitted to it. */
  void refuseStream(Duration length) throws InterruptedException {
    look.exhaust(Names.MUTE);
    try {
      List<EntryKey> emitting = new ArrayList<>();
      for (int i = 0; i < EMITTING; i++) {
        int channel = i;
        emitting.add(
            producer.publish(
                (messages, number) ->
                    messages.ordered(number, channel, new Errand(Kind.EMIT_BOTH, 0), 0)));
      }
      journal.require(
          () -> journal.hasSeen(emitting),
          patience,
          "what is to be emitted to two streams is not handled");
      TimeUnit.NANOSECONDS.sleep(length.toNanos());
    } finally {
      look.delete(Names.MUTE);
    }
  }

  /** Cancels, as who uses database 0 does, what is under way in ours. */
  void cancelElsewhere() {
    look.cancelLast(CANCELLED);
  }
}
