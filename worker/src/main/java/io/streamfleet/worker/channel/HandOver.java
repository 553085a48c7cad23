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

/** Moves entries to the consumer that holds their channel's lock, and tells it. */
public final class HandOver {

  private static final Script HAND_OVER =
      Script.beside(HandOver.class, "hand_over.lua").after(PendingScript.FUNCTIONS);

  private final EventLoop loop;
  private final Link link;
  private final StreamConsumer stream;
  private final String noticePrefix;
  private final Backlogs backlogs;

  /**
   * @param mostPending a holder for which about that much is pending is given no more
   * @param noticePrefix what the holder's name follows in the name of the channel where it listens
   */
  public HandOver(
      EventLoop loop, Link link, StreamConsumer stream, String noticePrefix, int mostPending) {
    this.loop = loop;
    this.link = link;
    this.stream = stream;
    this.noticePrefix = noticePrefix;
    this.backlogs = new Backlogs(loop, link, stream, mostPending);
  }

  /** Sets how much may be pending for a holder that is given more. */
  public void mostPending(int most) {
    backlogs.limit(most);
  }

  /** Entries of one channel for the holder of its lock. */
  public record Transfer(String lockKey, Holder.Consumer holder, List<EntryId> ids) {}

  /** What became of a transfer. */
  public enum Decision {
    /** The entries are the holder's now, those that were ours. */
    HANDED_OVER,
    /** Somebody else holds the lock by now, or nobody. */
    HOLDER_CHANGED,
    /**
     * Nobody listens under the holder's name (it is dead, or serves another stream), or it is far
     * behind.
     */
    NOBODY_THERE
  }

  /** Hears on the loop what became of each transfer. */
  public interface Callback {

    void answered(Transfer transfer, Decision decision);

    void failed(Transfer transfer, Throwable failure);
  }

  /**
   * Hands all transfers over in one step, or in one a lock where a cluster keeps locks elsewhere.
   *
   * @param transfers of so many ids together as one call may take
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
                        tell(transfers, verdicts(reply), then);
                      } else if (transfers.size() > 1 && Failures.isOfKeys(failure)) {
                        // The key of one lock is refused: the others' entries need not wait.
                        int half = transfers.size() / 2;
                        call(transfers.subList(0, half), then);
                        call(transfers.subList(half, transfers.size()), then);
                      } else {
                        transfers.forEach(transfer -> then.failed(transfer, failure));
                      }
                    }));
  }

  private void tell(List<Transfer> transfers, List<Decision> verdicts, Callback then) {
    for (int i = 0; i < transfers.size(); i++) {
      Transfer transfer = transfers.get(i);
      if (verdicts.get(i) == Decision.HANDED_OVER) {
        backlogs.gave(transfer.holder().name(), transfer.ids().size());
      }
      then.answered(transfer, verdicts.get(i));
    }
  }

  private static List<Decision> verdicts(List<Object> reply) {
    List<Decision> verdicts = new ArrayList<>(reply.size());
    for (Object code : reply) {
      verdicts.add(
          switch (Math.toIntExact((Long) code)) {
            case 1 -> Decision.HANDED_OVER;
            case 0 -> Decision.HOLDER_CHANGED;
            default -> Decision.NOBODY_THERE;
          });
    }
    return verdicts;
  }
}
