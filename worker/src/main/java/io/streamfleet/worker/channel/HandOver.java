package io.streamfleet.worker.channel;

import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.pending.PendingScript;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Hands entries over to the consumer that holds their channel's lock, and notifies it. */
public final class HandOver {

  private static final Script HAND_OVER =
      Script.beside(HandOver.class, "hand_over.lua").after(PendingScript.FUNCTIONS);

  private final EventLoop loop;
  private final Link link;
  private final StreamConsumer stream;
  private final String noticePrefix;
  private final Backlogs backlogs;

  /**
   * @param mostPending a holder with about so many pending entries gets no more
   * @param noticePrefix the prefix of the Pub/Sub channel of a consumer; its name follows
   */
  public HandOver(
      EventLoop loop, Link link, StreamConsumer stream, String noticePrefix, int mostPending) {
    this.loop = loop;
    this.link = link;
    this.stream = stream;
    this.noticePrefix = noticePrefix;
    this.backlogs = new Backlogs(loop, link, stream, mostPending);
  }

  /** Sets the limit of pending entries of a holder. */
  public void mostPending(int most) {
    backlogs.limit(most);
  }

  /** Entries of one channel for the holder of its lock. */
  public record Transfer(String lockKey, Holder.Consumer holder, List<EntryId> ids) {}

  /** The result of a transfer. */
  public enum Decision {
    /** The entries that were pending for this consumer are pending for the holder now. */
    HANDED_OVER,
    /** Another consumer holds the lock by now, or nobody. */
    HOLDER_CHANGED,
    /**
     * The holder is not subscribed to notices (it is dead, or reads another stream), or it has too
     * many pending entries.
     */
    NOBODY_THERE
  }

  /** Gets the result of each transfer, on the loop. */
  public interface Callback {

    void answered(Transfer transfer, Decision decision);

    void failed(Transfer transfer, Throwable failure);
  }

  /**
   * Sends all transfers in one call. In a Cluster where the locks are in other slots than the
   * stream, the script does not check who holds the lock.
   *
   * @param transfers with as many ids in all as one call may take
   */
  public void send(List<Transfer> transfers, Callback then) {
    List<Transfer> sent = new ArrayList<>(transfers.size());
    for (Transfer transfer : transfers) {
      if (backlogs.isFarBehind(transfer.holder().name())) {
        loop.execute(() -> then.answered(transfer, Decision.NOBODY_THERE));
      } else {
        sent.add(transfer);
      }
    }
    if (!sent.isEmpty()) {
      call(sent, then);
    }
  }

  private void call(List<Transfer> transfers, Callback then) {
    List<String> locks = transfers.stream().map(Transfer::lockKey).toList();
    List<String> all = Stream.concat(Stream.of(stream.stream()), locks.stream()).toList();
    boolean together = link.shareSlot(all);
    List<String> keys = together ? all : List.of(stream.stream());
    List<EntryId> ids = transfers.stream().flatMap(transfer -> transfer.ids().stream()).toList();
    link.eval(
            HAND_OVER,
            keys,
            args -> {
              args.add(stream.group()).add(stream.consumer()).add(noticePrefix);
              PendingScript.addRange(args, ids);
              args.add(transfers.size());
              for (Transfer transfer : transfers) {
                args.add(transfer.holder().token()).add(transfer.holder().name());
                args.add(transfer.ids().size());
              }
              ids.forEach(id -> args.add(id.toString()));
            })
        .whenComplete(
            (reply, failure) ->
                loop.execute(
                    () -> {
                      if (failure == null) {
                        report(transfers, decisions(reply), then);
                      } else if (transfers.size() > 1 && Failures.isOfKeys(failure)) {
                        // Redis refuses the key of one lock, which must not affect the others.
                        int half = transfers.size() / 2;
                        call(transfers.subList(0, half), then);
                        call(transfers.subList(half, transfers.size()), then);
                      } else {
                        transfers.forEach(transfer -> then.failed(transfer, failure));
                      }
                    }));
  }

  private void report(List<Transfer> transfers, List<Decision> decisions, Callback then) {
    for (int i = 0; i < transfers.size(); i++) {
      Transfer transfer = transfers.get(i);
      if (decisions.get(i) == Decision.HANDED_OVER) {
        backlogs.gave(transfer.holder().name(), transfer.ids().size());
      }
      then.answered(transfer, decisions.get(i));
    }
  }

  private static List<Decision> decisions(List<Object> reply) {
    List<Decision> decisions = new ArrayList<>(reply.size());
    for (Object code : reply) {
      decisions.add(
          switch (Math.toIntExact((Long) code)) {
            case 1 -> Decision.HANDED_OVER;
            case 0 -> Decision.HOLDER_CHANGED;
            default -> Decision.NOBODY_THERE;
          });
    }
    return decisions;
  }
}
