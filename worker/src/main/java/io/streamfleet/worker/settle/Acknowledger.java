package io.streamfleet.worker.settle;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.loop.Persistent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * Acknowledges entries of a stream, many in one command, and repeats it until it succeeds. Belongs
 * to the pipeline's loop.
 */
public final class Acknowledger {

  /** The operation, in metrics and logs. */
  public static final String ACKNOWLEDGE = "acknowledge";

  /** Ids in one command: it costs the server about 0.3 us for each. */
  private static final int BATCH = 500;

  /** How long an acknowledgement waits for others: too short to be noticed by anyone. */
  private static final Duration LONGEST_WAIT = Duration.ofMillis(2);

  private final EventLoop loop;
  private final Link link;
  private final StreamConsumer stream;
  private final Persistent persistent;
  private List<Entry> waiting = new ArrayList<>();
  private boolean timer;
  private boolean due;

  public Acknowledger(EventLoop loop, Link link, StreamConsumer stream, Persistent persistent) {
    this.loop = loop;
    this.link = link;
    this.stream = stream;
    this.persistent = persistent;
  }

  public void add(Entry entry) {
    waiting.add(entry);
  }

  /** How many acknowledgements were not sent yet. */
  public int waiting() {
    return waiting.size();
  }

  /**
   * Called at the end of each turn.
   *
   * @param nothingToCome whether no handler is running, so that there is nothing to wait for
   * @param acknowledged called on the loop with entries that Redis has acknowledged
   */
  public void turn(boolean nothingToCome, Consumer<List<Entry>> acknowledged) {
    if (waiting.isEmpty()) {
      return;
    }
    if (nothingToCome || due || waiting.size() >= BATCH) {
      flush(acknowledged);
    } else if (!timer) {
      timer = true;
      loop.after(
          LONGEST_WAIT,
          () -> {
            timer = false;
            due = true;
          });
    }
  }

  private void flush(Consumer<List<Entry>> acknowledged) {
    due = false;
    List<Entry> all = waiting;
    waiting = new ArrayList<>();
    for (int from = 0; from < all.size(); from += BATCH) {
      List<Entry> page = all.subList(from, Math.min(all.size(), from + BATCH));
      persistent.call(ACKNOWLEDGE, () -> send(page), count -> acknowledged.accept(page));
    }
  }

  private CompletableFuture<Long> send(List<Entry> page) {
    CommandArgs<String, byte[]> args = Link.args().addKey(stream.stream()).add(stream.group());
    page.forEach(entry -> args.add(entry.id()));
    return link.number(CommandType.XACK, args)
        .exceptionally(
            failure -> {
              if (Failures.isWrongType(failure)) {
                // The key is not a stream any more, so nothing is pending.
                return 0L;
              }
              throw new CompletionException(Failures.cause(failure));
            });
  }
}
