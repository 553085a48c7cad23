package io.streamfleet.worker.pending;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.api.AutoclaimSpec;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.CallReport;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.read.Credits;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Claims entries of dead consumers. A sweep moves the cursor of {@code XAUTOCLAIM} to the end of
 * the pending entries list, as long as there is room for the entries that it finds. Belongs to the
 * pipeline's loop.
 *
 * <p>It claims only ids ({@code JUSTID}, which counts no delivery), since the size of the entries
 * is unknown. They are fetched when there is room, and the delivery is counted then.
 */
public final class Sweeper {

  private static final String BEGIN = "0-0";

  private static final String SWEEP = "sweep";

  /** The part of the interval by which sweeps vary, so that workers do not scan all at once. */
  private static final double JITTER = 0.2;

  /** Workers that are notified to sweep start within this time; the first claims most entries. */
  private static final Duration NUDGE_SPREAD = Duration.ofMillis(200);

  private final EventLoop loop;
  private final Link link;
  private final StreamConsumer stream;
  private AutoclaimSpec spec;
  private Duration minIdle;
  private final Credits credits;
  private final RandomGenerator random;
  private String cursor = BEGIN;
  private boolean sweeping;
  private boolean again;
  private boolean busy;
  private boolean running;
  private EventLoop.@Nullable Timer next;

  /** Receives claimed entries, on the loop. A failed sweep starts again at the next interval. */
  public interface Claims extends CallReport {

    /** Whether no request is in progress that a claim would interfere with. */
    boolean mayClaim();

    /** Entries are pending for this consumer now; fetching them counts as a delivery. */
    void claimed(List<EntryId> ids);

    /** Entries were deleted from the stream; XAUTOCLAIM has removed them from the pending list. */
    void deleted(List<EntryId> ids);
  }

  public Sweeper(
      EventLoop loop,
      Link link,
      StreamConsumer stream,
      AutoclaimSpec spec,
      Credits credits,
      RandomGenerator random) {
    this.loop = loop;
    this.link = link;
    this.stream = stream;
    this.spec = spec;
    this.minIdle = spec.minIdle();
    this.credits = credits;
    this.random = random;
  }

  /** Starts with a sweep: entries left before this worker started have waited long enough. */
  public void start() {
    running = true;
    schedule(0);
  }

  public void stop() {
    running = false;
  }

  /** Entries became claimable: sweeps soon instead of at the next interval. */
  public void nudge() {
    if (running) {
      again = sweeping;
      schedule(random.nextLong(NUDGE_SPREAD.toNanos()));
    }
  }

  /**
   * Changes the settings.
   *
   * @param claimAfter how long entries must be idle to be claimed; replaces {@code minIdle}
   */
  public void use(AutoclaimSpec settings, Duration claimAfter) {
    boolean otherInterval = !settings.interval().equals(spec.interval());
    spec = settings;
    minIdle = claimAfter;
    if (running && otherInterval) {
      scheduleNext();
    }
  }

  /** Whether a claim is in progress. */
  public boolean busy() {
    return busy;
  }

  private void schedule(long nanos) {
    EventLoop.Timer planned = next;
    if (planned != null) {
      planned.cancel();
    }
    next = loop.afterNanos(nanos, this::begin);
  }

  private void scheduleNext() {
    double factor = 1 + JITTER * (2 * random.nextDouble() - 1);
    schedule((long) (spec.interval().toNanos() * factor));
  }

  private void begin() {
    if (running && !sweeping) {
      sweeping = true;
      cursor = BEGIN;
    }
    scheduleNext();
  }

  /** Called at the end of each turn: claims the next page of a sweep if there is room. */
  public void turn(Claims claims) {
    if (!running || !sweeping || busy || !claims.mayClaim()) {
      return;
    }
    int count = Math.min(spec.batchSize(), credits.forPending());
    if (count > 0) {
      claim(count, claims);
    }
  }

  private void claim(int count, Claims claims) {
    busy = true;
    credits.fetching(count);
    CommandArgs<String, byte[]> args =
        Link.args()
            .addKey(stream.stream())
            .add(stream.group())
            .add(stream.consumer())
            .add(minIdle.toMillis())
            .add(cursor)
            .add("COUNT")
            .add(count)
            .add("JUSTID");
    link.list(CommandType.XAUTOCLAIM, args)
        .whenComplete(
            (page, failure) ->
                loop.execute(
                    () -> {
                      busy = false;
                      credits.fetched(count);
                      if (failure != null) {
                        sweeping = false;
                        claims.failed(SWEEP, failure);
                      } else {
                        claims.worked(SWEEP);
                        take(page, claims);
                      }
                    }));
  }

  /** Processes a reply: {@code {next cursor, {id, ...}, {deleted id, ...}}}. */
  private void take(List<Object> page, Claims claims) {
    cursor = Link.text(page.get(0));
    if (cursor.equals(BEGIN)) {
      sweeping = again;
      again = false;
    }
    List<EntryId> claimed = ids(page.get(1));
    if (!claimed.isEmpty()) {
      claims.claimed(claimed);
    }
    List<EntryId> deleted = ids(page.get(2));
    if (!deleted.isEmpty()) {
      claims.deleted(deleted);
    }
  }

  private static List<EntryId> ids(Object list) {
    return ((List<?>) list).stream().map(id -> EntryId.parse(Link.text(id))).toList();
  }
}
