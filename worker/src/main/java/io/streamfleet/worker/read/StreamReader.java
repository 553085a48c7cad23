package io.streamfleet.worker.read;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.worker.entry.RawEntry;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.Backoff;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.loop.Gathering;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Reads new entries as far as credits permit. It has a connection of its own, since a blocking read
 * delays all commands behind it.
 *
 * <p>Between two reads, on the same connection, it compares the own pending entries with the
 * entries in flight. All entries that the server delivered earlier have arrived by then, so an
 * unknown id was lost: its reply or notice did not arrive, or it was delivered to an earlier
 * process.
 *
 * <p>Belongs to the pipeline's loop.
 */
public final class StreamReader implements EntrySource {

  /** The operations, in metrics and logs. */
  public static final String READ = "read";

  public static final String LOOK = "look through the own pending entries";

  /** Rows of the pending entries list in one reply: about 60 bytes each. */
  private static final int PENDING_PAGE = 1_000;

  private final EventLoop loop;
  private final Link link;
  private final StreamConsumer stream;
  private final Duration block;
  private final int streams;

  /** The most entries of one read: a blocking read must leave credits for the other streams. */
  private int share;

  private final Credits credits;
  private final Gathering gathering;
  private final BatchDecoder decoder;
  private final RandomGenerator random;

  private boolean running;
  private boolean busy;
  private boolean backingOff;
  private boolean reading;

  /**
   * Failures in a row, counted separately: a success of one must not reset the other's back-off.
   */
  private int failedReads;

  private int failedLooks;
  private @Nullable OwnLook wanted;

  /** Why the own pending entries are to be compared. */
  private enum OwnLook {
    /** To find entries whose reply or notice was lost. */
    LOST_ON_THE_WAY,
    /** To find entries that were delivered to an earlier process of this name. */
    LIFE_BEFORE
  }

  /**
   * @param block how long a read waits in the server for the first entry
   * @param batchSize the most entries of one read
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
    this.gathering = new Gathering(loop, Credits.GATHER);
    batchSize(batchSize);
    this.decoder = decoder;
    this.random = random;
  }

  /** Sets the most entries of one read; must be called again when the limit of credits changes. */
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
  public boolean isOff() {
    return false;
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
      if (count > 0 && gathering.isOver(credits.isEnough(count))) {
        read(count, arrivals);
      }
    }
  }

  private void read(int count, Arrivals arrivals) {
    busy = true;
    reading = true;
    gathering.begin();
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
              // Has no effect if decoded() has ended it.
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
      // Sends the next read before these entries are dispatched.
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
      // The rest is compared later, when there is room again.
      wanted = look;
    }
    arrivals.looked();
  }

  private void failed(String what, int inRow, Throwable failure, Arrivals arrivals) {
    // The server may have delivered entries whose reply was lost.
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
