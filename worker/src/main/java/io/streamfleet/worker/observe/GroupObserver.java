package io.streamfleet.worker.observe;

import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.worker.entry.StreamName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Redis about the groups, every few seconds, for gauges that are the same from every worker.
 * An answer that does not come is a gauge that is absent.
 */
public final class GroupObserver {

  private static final Logger LOG = LoggerFactory.getLogger(GroupObserver.class);

  /** Prometheus scrapes every 15 to 60 s; five seconds keep the numbers fresh and Redis quiet. */
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final Link link;
  private final List<StreamName> streams;
  private final String deadLetters;
  private final GroupGauges gauges;
  private final WorkerMetrics metrics;
  private final Consumer<Boolean> away;
  private final CountDownLatch stopped = new CountDownLatch(1);

  /**
   * @param away hears after each round whether Redis did not answer
   */
  public GroupObserver(
      Link link,
      List<StreamName> streams,
      String deadLetters,
      GroupGauges gauges,
      WorkerMetrics metrics,
      Consumer<Boolean> away) {
    this.link = link;
    this.streams = streams;
    this.deadLetters = deadLetters;
    this.gauges = gauges;
    this.metrics = metrics;
    this.away = away;
  }

  public void start() {
    Thread.ofVirtual().name("group-observer").start(this::run);
  }

  public void stop() {
    stopped.countDown();
  }

  private void run() {
    try {
      do {
        round();
      } while (!stopped.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void round() {
    try {
      long now = millis(link.list(CommandType.TIME, Link.args()).join());
      OptionalLong letters = number(link.number(CommandType.XLEN, Link.args().addKey(deadLetters)));
      List<GroupObservation> seen = new ArrayList<>();
      for (StreamName stream : streams) {
        seen.add(observe(stream, now, letters));
      }
      gauges.publish(seen);
      away.accept(false);
    } catch (RuntimeException e) {
      // One line of trouble comes from whoever needs Redis; here only numbers are missing.
      metrics.observationFailed();
      away.accept(true);
      LOG.debug("the groups could not be observed", e);
    }
  }

  private GroupObservation observe(StreamName stream, long now, OptionalLong letters) {
    OptionalLong length =
        number(link.number(CommandType.XLEN, Link.args().addKey(stream.stream())));
    Map<String, Object> group = group(stream);
    List<?> pending = pending(stream);
    return new GroupObservation(
        stream.stream(),
        stream.group(),
        length,
        longOf(group.get("pending")),
        longOf(group.get("lag")),
        oldest(pending, now),
        letters,
        ofOurs(stream, pending));
  }

  private Map<String, Object> group(StreamName stream) {
    List<Object> groups =
        link.list(CommandType.XINFO, Link.args().add("GROUPS").addKey(stream.stream())).join();
    for (Object row : groups) {
      Map<String, Object> fields = new HashMap<>();
      List<?> flat = (List<?>) row;
      for (int i = 0; i + 1 < flat.size(); i += 2) {
        Object value = flat.get(i + 1);
        if (value != null) {
          fields.put(Link.text(flat.get(i)), value);
        }
      }
      if (fields.get("name") instanceof byte[] name && Link.text(name).equals(stream.group())) {
        return fields;
      }
    }
    return Map.of();
  }

  /** The summary of XPENDING: count, smallest id, greatest id, consumers with their counts. */
  private List<?> pending(StreamName stream) {
    return link.list(CommandType.XPENDING, Link.args().addKey(stream.stream()).add(stream.group()))
        .join();
  }

  private static Optional<Duration> oldest(List<?> pending, long now) {
    if (pending.size() < 2 || !(pending.get(1) instanceof byte[] id)) {
      return Optional.of(Duration.ZERO);
    }
    long age = now - EntryId.parse(Link.text(id)).millis();
    return Optional.of(Duration.ofMillis(Math.max(0, age)));
  }

  private static Map<String, Long> ofOurs(StreamName stream, List<?> pending) {
    long own = 0;
    if (pending.size() == 4 && pending.get(3) instanceof List<?> consumers) {
      for (Object row : consumers) {
        List<?> pair = (List<?>) row;
        if (Link.text(pair.get(0)).equals(stream.consumer())) {
          own = Long.parseLong(Link.text(pair.get(1)));
        }
      }
    }
    return Map.of(stream.consumer(), own);
  }

  private static OptionalLong longOf(@Nullable Object value) {
    return value instanceof Long number ? OptionalLong.of(number) : OptionalLong.empty();
  }

  private static OptionalLong number(CompletableFuture<Long> reply) {
    return OptionalLong.of(reply.join());
  }

  private static long millis(List<Object> time) {
    return Long.parseLong(Link.text(time.get(0))) * 1000
        + Long.parseLong(Link.text(time.get(1))) / 1000;
  }
}
