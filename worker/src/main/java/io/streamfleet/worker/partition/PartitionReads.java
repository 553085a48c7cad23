package io.streamfleet.worker.partition;

import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.worker.entry.RawEntry;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.loop.Gathering;
import io.streamfleet.worker.read.Batch;
import io.streamfleet.worker.read.Credits;
import io.streamfleet.worker.read.EntriesOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads new entries of partitions that share a slot, of many in one {@code XREADGROUP}. Belongs to
 * the loop.
 */
public final class PartitionReads {

  /** The operation, in metrics and logs. */
  public static final String READ = "read a partition";

  /**
   * So many entries of one partition are worth a settlement of their own, which costs four commands
   * for each partition: what is read together is settled together.
   */
  private static final int ENOUGH_OF_ONE = 500;

  private final EventLoop loop;
  private final OwnerCalls calls;
  private final Link link;
  private final IntSupplier batchSize;
  private final Credits credits;
  private final Gathering gathering;
  private final List<PartitionReader> readers = new ArrayList<>();
  private boolean busy;

  /** Where the next read begins in the readers, so that each has its turn. */
  private int next;

  /** How many reads are of one partition only, to find which of them fails. */
  private int alone;

  /** What a read brought of one partition. */
  private record Share(PartitionReader reader, List<RawEntry> raw, Batch batch) {}

  /**
   * @param link the connection for reads
   * @param batchSize the most that one read asks for
   */
  public PartitionReads(
      EventLoop loop, OwnerCalls calls, Link link, IntSupplier batchSize, Credits credits) {
    this.loop = loop;
    this.calls = calls;
    this.link = link;
    this.batchSize = batchSize;
    this.credits = credits;
    this.gathering = new Gathering(loop, Credits.GATHER);
  }

  /** A partition is ours. */
  public void add(PartitionReader reader) {
    readers.add(reader);
  }

  /** Called at the end of each turn of the loop: reads, if there is room. */
  public void turn() {
    if (busy || readers.isEmpty()) {
      return;
    }
    readers.removeIf(PartitionReader::isAbandoned);
    int ready = 0;
    for (PartitionReader reader : readers) {
      ready += reader.mayRead() ? 1 : 0;
    }
    if (ready == 0) {
      return;
    }
    int most = Math.min(batchSize.getAsInt(), credits.forReading());
    if (most == 0 || !gathering.isOver(credits.isEnough(most))) {
      return;
    }
    // No partition gets more of the credits than its share while others have something to read.
    int enough = Math.clamp(credits.most() / readers.size(), 1, ENOUGH_OF_ONE);
    int partitions = alone > 0 ? 1 : Math.clamp(most / enough, 1, ready);
    alone = Math.max(0, alone - 1);
    read(chosen(partitions), most / partitions);
  }

  private List<PartitionReader> chosen(int partitions) {
    List<PartitionReader> chosen = new ArrayList<>(partitions);
    int first = next;
    for (int i = 0; i < readers.size() && chosen.size() < partitions; i++) {
      int at = (first + i) % readers.size();
      PartitionReader reader = readers.get(at);
      if (reader.mayRead()) {
        chosen.add(reader);
        next = at + 1;
      }
    }
    return chosen;
  }

  private void read(List<PartitionReader> from, int each) {
    busy = true;
    gathering.begin();
    int asked = each * from.size();
    credits.reading(asked);
    from.forEach(PartitionReader::readBegins);
    long sent = loop.now();
    EntriesOutput output = new EntriesOutput(credits.room());
    calls
        .read(link, output, from.stream().map(PartitionReader::fenced).toList(), each)
        .thenApply(raw -> shares(from, output, sent))
        .whenComplete(
            (shares, failure) -> {
              // Has no effect if it was ended with what is used.
              output.ended(0);
              loop.execute(
                  () -> {
                    busy = false;
                    credits.read(asked);
                    from.forEach(PartitionReader::readEnds);
                    if (failure == null) {
                      int entries = shares.stream().mapToInt(share -> share.raw().size()).sum();
                      credits.seen(entries, output.seen());
                      arrived(shares);
                    } else {
                      failed(from, Failures.cause(failure));
                    }
                  });
            });
  }

  /** Decodes, on the client's thread. */
  private static List<Share> shares(List<PartitionReader> from, EntriesOutput output, long sent) {
    Map<String, List<RawEntry>> byStream = output.byStream();
    List<Share> shares = new ArrayList<>(from.size());
    long bytes = 0;
    for (PartitionReader reader : from) {
      List<RawEntry> raw = byStream.getOrDefault(reader.fenced().stream(), List.of());
      Batch batch = raw.isEmpty() ? Batch.EMPTY : reader.decoded(raw, sent);
      bytes += batch.bytes();
      shares.add(new Share(reader, raw, batch));
    }
    output.ended(bytes);
    return shares;
  }

  private void arrived(List<Share> shares) {
    List<Share> accepted = new ArrayList<>(shares.size());
    for (Share share : shares) {
      if (share.reader().accepts(share.raw())) {
        credits.taken(share.batch().size());
        accepted.add(share);
      } else {
        credits.giveBack(share.batch().bytes());
      }
    }
    // Sends the next read before these entries are dispatched.
    turn();
    accepted.stream()
        .filter(share -> !share.raw().isEmpty())
        .forEach(share -> share.reader().arrived(share.batch()));
  }

  private void failed(List<PartitionReader> from, Throwable failure) {
    PartitionReader cause = from.size() == 1 ? from.getFirst() : named(from, failure);
    if (cause != null) {
      cause.readFailed(failure);
    } else if (Failures.isRefusal(failure) && !Failures.isOfAllWrites(failure)) {
      // Redis has refused it because of one of them, and delivered nothing.
      alone = from.size();
    } else {
      from.forEach(reader -> reader.readFailed(failure));
    }
  }

  /** Redis names the first key without the group, in quotes. */
  private static @Nullable PartitionReader named(List<PartitionReader> from, Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    for (PartitionReader reader : from) {
      Fenced fenced = reader.fenced();
      if (message.contains("'" + fenced.fence() + "'")
          || message.contains("'" + fenced.stream() + "'")) {
        return reader;
      }
    }
    return null;
  }
}
