package io.streamfleet.worker.settle;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.loop.Gathering;
import io.streamfleet.worker.loop.Persistent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * Acknowledges entries of a stream that a group shares, many in one command, until Redis took it.
 * Belongs to the pipeline's loop.
 */
public final class GroupAcknowledger implements Acknowledger {

  /** Ids in one command: it costs the server some 0.3 us for each, and the reply comes at once. */
  private static final int BATCH = 500;

  private final Gathering gathering;
  private final Link link;
  private final StreamConsumer stream;
  private final Persistent persistent;
  private List<Entry> waiting = new ArrayList<>();

  public GroupAcknowledger(
      EventLoop loop, Link link, StreamConsumer stream, Persistent persistent) {
    this.gathering = new Gathering(loop, Gathering.OF_SETTLEMENTS);
    this.link = link;
    this.stream = stream;
    this.persistent = persistent;
  }

  @Override
  public void add(Entry entry) {
    waiting.add(entry);
  }

  @Override
  public int waiting() {
    return waiting.size();
  }

  @Override
  public void acknowledge(EntryId id, Consumer<Boolean> then) {
    persistent.call(
        ACKNOWLEDGE,
        () ->
            link.number(
                CommandType.XACK,
                Link.args().addKey(stream.stream()).add(stream.group()).add(id.toString())),
        _ -> then.accept(true));
  }

  @Override
  public void write(LeasedWrite write) {
    write.send(LeaseProof.NONE, _ -> {});
  }

  @Override
  public void turn(boolean nothingToCome, Consumer<List<Entry>> acknowledged) {
    if (waiting.isEmpty()) {
      return;
    }
    if (gathering.isOver(nothingToCome || waiting.size() >= BATCH)) {
      flush(acknowledged);
    }
  }

  private void flush(Consumer<List<Entry>> acknowledged) {
    gathering.begin();
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
                // The stream is gone, and nothing is pending there any more.
                return 0L;
              }
              throw new CompletionException(Failures.cause(failure));
            });
  }
}
