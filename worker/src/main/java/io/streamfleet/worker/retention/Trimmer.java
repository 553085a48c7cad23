package io.streamfleet.worker.retention;

import io.streamfleet.api.InboundSpec;
import io.streamfleet.api.OutboundSpec;
import io.streamfleet.api.Retention;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.handler.Direction;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.metrics.RetentionMetrics;
import io.streamfleet.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trims the streams whose retention is {@link Retention#Acknowledged}, and partitions that a
 * splitter fills, up to the oldest entry that any of their groups still needs, including groups of
 * other applications. One worker of a fleet trims a stream; if it has not called for {@link #TURN},
 * another worker continues. Not thread-safe.
 */
public final class Trimmer {

  private static final Logger LOG = LoggerFactory.getLogger(Trimmer.class);

  private static final Script TRIM = Script.beside(Trimmer.class, "trim.lua");

  /** The label of this call in the metric of failed calls. */
  static final String OPERATION = "trim";

  /** Three rounds: another worker does not take over because of one slow reply. */
  private static final Duration TURN = Duration.ofSeconds(15);

  /**
   * Redis does nothing else meanwhile: so many take it a fifth of a millisecond if they have 200
   * bytes each, a millisecond with 2 kB, 14 ms with 200 kB.
   */
  private static final int ENTRIES_A_CALL = 1_000;

  /**
   * A round has an end, however much has gathered, for the same thread asks how the groups are,
   * every five seconds. A million entries go in that time.
   */
  static final Duration LONGEST_ROUND = Duration.ofSeconds(1);

  private final Link link;
  private final LongSupplier nanoTime;
  private final List<StreamConsumer> streams;
  private final RetentionMetrics metrics;
  private final WorkerMetrics errors;

  /** The last refusal of Redis, by stream. */
  private final Map<String, String> refusals = new HashMap<>();

  /**
   * @param streams all that the worker reads; those with another retention are left alone
   */
  public Trimmer(
      StreamConsumerGroupSpec spec,
      Link link,
      List<StreamConsumer> streams,
      WorkerMetrics metrics,
      LongSupplier nanoTime) {
    this.link = link;
    this.nanoTime = nanoTime;
    this.streams = streams.stream().filter(it -> isTrimmed(spec, it)).toList();
    this.metrics = metrics.retention();
    this.errors = metrics;
    this.streams.forEach(it -> this.metrics.show(it.stream(), it.group()));
  }

  /** Nobody else trims the partitions that a splitter fills. */
  private static boolean isTrimmed(StreamConsumerGroupSpec spec, StreamConsumer stream) {
    InboundSpec inbound = spec.inbound();
    return retention(spec, stream.direction()) == Retention.Acknowledged
        || (inbound != null
            && inbound.splitStream().isPresent()
            && inbound.readStreams().contains(stream.stream()));
  }

  private static Retention retention(StreamConsumerGroupSpec spec, Direction direction) {
    InboundSpec inbound = spec.inbound();
    OutboundSpec outbound = spec.outbound();
    return switch (direction) {
      case INBOUND -> inbound == null ? Retention.Publisher : inbound.retention();
      case OUTBOUND -> outbound == null ? Retention.Publisher : outbound.retention();
    };
  }

  /** Trims what can be trimmed now. Failures are logged and counted; the next round tries again. */
  public void round() {
    for (StreamConsumer stream : streams) {
      try {
        Optional<String> trimmer = link.beside(stream.stream(), ":trimmer");
        if (trimmer.isEmpty()) {
          refused(
              stream, "the braces in its name are no hash tag, so nothing can be kept beside it");
          continue;
        }
        trim(stream, trimmer.get());
        if (refusals.remove(stream.stream()) != null) {
          LOG.atInfo().addKeyValue("stream", stream.stream()).log("the stream is trimmed again");
        }
      } catch (RuntimeException e) {
        errors.redisFailed(OPERATION);
        // A Redis that does not answer is reported by whoever cannot work without it; each further
        // call would wait for its time-out.
        if (!Failures.isRefusal(e)) {
          return;
        }
        refused(stream, Failures.line(e));
      }
    }
  }

  private void trim(StreamConsumer stream, String trimmer) {
    long share = LONGEST_ROUND.toNanos() / streams.size();
    long began = nanoTime.getAsLong();
    while (call(stream, trimmer) > 0 && nanoTime.getAsLong() - began < share) {
      // The next call continues.
    }
  }

  /** Returns how many entries were removed. */
  private long call(StreamConsumer stream, String trimmer) {
    List<Object> reply =
        link.eval(
                TRIM,
                List.of(stream.stream(), trimmer),
                args ->
                    args.add(stream.group())
                        .add(stream.consumer())
                        .add(TURN.toMillis())
                        .add(ENTRIES_A_CALL))
            .join();
    long trimmed = (Long) reply.get(0);
    metrics.trimmed(
        stream.stream(), trimmed, Link.text(reply.get(2)), Duration.ofMillis((Long) reply.get(1)));
    return trimmed;
  }

  private void refused(StreamConsumer stream, String why) {
    if (!why.equals(refusals.put(stream.stream(), why))) {
      LOG.atWarn()
          .addKeyValue("stream", stream.stream())
          .addKeyValue("failure", why)
          .log("the stream cannot be trimmed, and grows; tried again each five seconds");
    }
  }
}
