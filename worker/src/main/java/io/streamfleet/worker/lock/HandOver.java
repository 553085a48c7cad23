package io.streamfleet.worker.lock;

import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import io.streamfleet.worker.entry.StreamName;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.own.Pending;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Moves entries to the consumer that holds their channel's lock, and tells it. */
public final class HandOver {

  private static final Script HAND_OVER =
      Script.beside(HandOver.class, "hand_over.lua").after(Pending.FUNCTIONS);

  private final EventLoop loop;
  private final Link link;
  private final StreamName stream;
  private final String noticePrefix;
  private final Backlogs backlogs;

  /**
   * @param mostPending a holder for which about that much is pending is given no more
   * @param noticePrefix what the holder's name follows in the name of the channel where it listens
   */
  public HandOver(
      EventLoop loop, Link link, StreamName stream, String noticePrefix, int mostPending) {
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
  public record Parcel(String lockKey, Holder.Consumer holder, List<EntryId> ids) {}

  /** What became of a parcel. */
  public enum Verdict {
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

  /** Hears on the loop what became of each parcel. */
  public interface Answer {

    void answered(Parcel parcel, Verdict verdict);

    void failed(Parcel parcel, Throwable failure);
  }

  /**
   * Hands all parcels over in one step, or in one a lock where a cluster keeps locks elsewhere.
   *
   * @param parcels of so many ids together as one call may take
   */
  public void send(List<Parcel> parcels, Answer then) {
    List<Parcel> sent = new ArrayList<>(parcels.size());
    for (Parcel parcel : parcels) {
      if (backlogs.isFarBehind(parcel.holder().name())) {
        loop.execute(() -> then.answered(parcel, Verdict.NOBODY_THERE));
      } else {
        sent.add(parcel);
      }
    }
    if (!sent.isEmpty()) {
      call(sent, then);
    }
  }

  private void call(List<Parcel> parcels, Answer then) {
    List<String> locks = parcels.stream().map(Parcel::lockKey).toList();
    List<String> all = Stream.concat(Stream.of(stream.stream()), locks.stream()).toList();
    boolean together = link.shareSlot(all);
    List<String> keys = together ? all : List.of(stream.stream());
    List<EntryId> ids = parcels.stream().flatMap(parcel -> parcel.ids().stream()).toList();
    link.eval(
            HAND_OVER,
            keys,
            args -> {
              args.add(stream.group()).add(stream.consumer()).add(noticePrefix);
              Pending.addRange(args, ids);
              args.add(parcels.size());
              for (Parcel parcel : parcels) {
                args.add(parcel.holder().token()).add(parcel.holder().name());
                args.add(parcel.ids().size());
              }
              ids.forEach(id -> args.add(id.toString()));
            })
        .whenComplete(
            (reply, failure) ->
                loop.execute(
                    () -> {
                      if (failure == null) {
                        tell(parcels, verdicts(reply), then);
                      } else if (parcels.size() > 1 && Failures.isOfKeys(failure)) {
                        // The key of one lock is refused: the others' entries need not wait.
                        int half = parcels.size() / 2;
                        call(parcels.subList(0, half), then);
                        call(parcels.subList(half, parcels.size()), then);
                      } else {
                        parcels.forEach(parcel -> then.failed(parcel, failure));
                      }
                    }));
  }

  private void tell(List<Parcel> parcels, List<Verdict> verdicts, Answer then) {
    for (int i = 0; i < parcels.size(); i++) {
      Parcel parcel = parcels.get(i);
      if (verdicts.get(i) == Verdict.HANDED_OVER) {
        backlogs.gave(parcel.holder().name(), parcel.ids().size());
      }
      then.answered(parcel, verdicts.get(i));
    }
  }

  private static List<Verdict> verdicts(List<Object> reply) {
    List<Verdict> verdicts = new ArrayList<>(reply.size());
    for (Object code : reply) {
      verdicts.add(
          switch (Math.toIntExact((Long) code)) {
            case 1 -> Verdict.HANDED_OVER;
            case 0 -> Verdict.HOLDER_CHANGED;
            default -> Verdict.NOBODY_THERE;
          });
    }
    return verdicts;
  }
}
