package io.streamfleet.worker.read;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.worker.entry.RawEntry;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.Backoff;
import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Step 1: reads new entries by credit, on a connection of its own, since a blocking read holds up
 * everything behind it.
 *
 * <p>The own pending entries list is looked through on the same connection, between two reads: what
 * the server delivered before has then arrived, so an id that nobody here knows is truly one that
 * got lost on the way (a reply that never came, a notice that was not heard, a life before this).
 *
 * <p>Belongs to the pipeline's loop.
 */
public final class StreamReader implements EntrySource {

  /** The operations, in metrics and logs. */
  public static final String READ = "read";

  public static final String LOOK = "look through the own pending entries";

  /** Rows of the pending entries list in one reply: some 60 bytes each. */
  private static final int PENDING_PAGE = 1_000;

  private final EventLoop loop;
  private final Link link;
  private final StreamConsumer stream;
  private final Duration block;
  private final int streams;

  /** The most that one read asks for: a read that waits must leave the other streams their part. */
  private int share;

  private final Credits credits;
  private final BatchDecoder decoder;
  private final RandomGenerator random;

  private boolean running;
  private boolean busy;
  private boolean backingOff;
  private boolean reading;

  /** How often each has failed in a row. What works does not shorten the wait for what fails. */
  private int failedReads;

  private int failedLooks;
  private @Nullable OwnLook wanted;

  /** Which look through the own pending entries is wanted, and what is to come of what it finds. */
  private enum OwnLook {
    LOST_ON_THE_WAY,
    LIFE_BEFORE
  }

  /**
   * @param block how long a read waits at the server for the first entry
   * @param batchSize the most that one read asks for
   * @param streams how many streams share the credits
   */
  public StreamReader(
      EventLoop loop,
      Link link,
      StreamConsumer stream,
      Duration block,
      int batchSize,
      int streams,
      Credits credits,
      BatchDecoder decoder,
      RandomGenerator random) {
    this.loop = loop;
    this.link = link;
    this.stream = stream;
    this.block = block;
    this.streams = streams;
    this.credits = credits;
    batchSize(batchSize);
    this.decoder = decoder;
    this.random = random;
  }

  /** Sets the most that one read asks for; anew when the bound of the credits changes. */
  public final void batchSize(int batchSize) {
    share = Math.clamp(credits.most() / streams, 1, batchSize);
  }

  @Override
  public void start(Arrivals arrivals) {
    running = true;
    wanted = OwnLook.LIFE_BEFORE;
    turn(arrivals);
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public void lookForLost() {
    if (wanted == null) {
      wanted = OwnLook.LOST_ON_THE_WAY;
    }
  }

  @Override
  public boolean idle() {
    return !busy;
  }

  @Override
  public boolean reading() {
    return reading;
  }

  @Override
  public void turn(Arrivals arrivals) {
    if (!running || busy || backingOff) {
      return;
    }
    OwnLook look = wanted;
    if (look != null && arrivals.mayLook()) {
      wanted = null;
      look(look, "-", arrivals);
    } else if (look == null) {
      int count = Math.min(share, arrivals.mayRead() ? credits.forReading() : 0);
      if (count > 0) {
        read(count, arrivals);
      }
    }
  }

  private void read(int count, Arrivals arrivals) {
    busy = true;
    reading = true;
    credits.reading(count);
    long sent = loop.now();
    CommandArgs<String, byte[]> args =
        Link.args()
            .add("GROUP")
            .add(stream.group())
            .add(stream.consumer())
            .add("COUNT")
            .add(count)
            .add("BLOCK")
            .add(block.toMillis())
            .add("STREAMS")
            .addKey(stream.stream())
            .add(">");
    EntriesOutput output = new EntriesOutput(credits.room());
    CompletableFuture<List<RawEntry>> reply = link.send(CommandType.XREADGROUP, output, args);
    reply
        .thenApply(raw -> decoded(raw, output, sent))
        .whenComplete(
            (batch, failure) -> {
              // Without effect where the payloads are the batch's by now.
              output.ended(0);
              loop.execute(
                  () -> {
                    busy = false;
                    reading = false;
                    credits.read(count);
                    if (failure != null) {
                      failed(READ, ++failedReads, failure, arrivals);
                    } else {
                      failedReads = 0;
                      credits.seen(batch.size() + batch.leftOut().size(), output.seen());
                      arrivals.worked(READ);
                      arrived(batch, arrivals);
                    }
                  });
            });
  }

  /** On the client's thread. */
  private Batch decoded(List<RawEntry> raw, EntriesOutput output, long sent) {
    if (raw.isEmpty()) {
      return Batch.EMPTY;
    }
    Batch batch = decoder.decode(raw, sent);
    output.ended(batch.bytes());
    return batch;
  }

  private void arrived(Batch batch, Arrivals arrivals) {
    if (batch.size() + batch.leftOut().size() == 0) {
      return;
    }
    credits.taken(batch.size());
    if (batch.leftOut().isEmpty()) {
      // The next read is on its way while these are sorted into their lanes.
      turn(arrivals);
    }
    arrivals.arrived(batch);
  }

  private void look(OwnLook look, String start, Arrivals arrivals) {
    busy = true;
    CommandArgs<String, byte[]> args =
        Link.args()
            .addKey(stream.stream())
            .add(stream.group())
            .add(start)
            .add("+")
            .add(PENDING_PAGE)
            .add(stream.consumer());
    link.list(CommandType.XPENDING, args)
        .whenComplete(
            (rows, failure) ->
                loop.execute(
                    () -> {
                      busy = false;
                      if (failure != null) {
                        wanted = look;
                        arrivals.looked();
                        failed(LOOK, ++failedLooks, failure, arrivals);
                      } else {
                        found(look, rows, arrivals);
                      }
                    }));
  }

  private void found(OwnLook look, List<Object> rows, Arrivals arrivals) {
    EntryId last = null;
    boolean room = true;
    for (Object row : rows) {
      last = EntryId.parse(Link.text(((List<?>) row).getFirst()));
      room = arrivals.pendingForUs(last, look == OwnLook.LIFE_BEFORE);
    }
    boolean more = rows.size() == PENDING_PAGE;
    if (more && room && running) {
      look(look, "(" + last, arrivals);
      return;
    }
    failedLooks = 0;
    arrivals.worked(LOOK);
    if (more) {
      // The rest is looked for when these have left the queue.
      wanted = look;
    }
    arrivals.looked();
  }

  private void failed(String what, int inRow, Throwable failure, Arrivals arrivals) {
    // The server may have delivered what we never got to see.
    lookForLost();
    backingOff = true;
    if (running) {
      arrivals.failed(what, failure);
    }
    loop.after(
        Backoff.REDIS.after(inRow, random),
        () -> {
          backingOff = false;
          turn(arrivals);
        });
  }
}
