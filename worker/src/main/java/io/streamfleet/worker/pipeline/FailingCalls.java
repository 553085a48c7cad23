package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.Failures;
import io.streamfleet.worker.due.DueTimes;
import io.streamfleet.worker.loop.CallReport;
import io.streamfleet.worker.metrics.WorkerMetrics;
import io.streamfleet.worker.read.StreamReader;
import io.streamfleet.worker.settle.Acknowledger;
import io.streamfleet.worker.settle.Traces;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which calls of Redis fail at the moment: one line when trouble begins and one when it is over,
 * and what it keeps the pipeline from. Trouble is over when everything that failed has worked
 * again. Belongs to the pipeline's loop, but for {@link #unreadable()}.
 */
final class FailingCalls {

  private static final Logger LOG = LoggerFactory.getLogger("io.streamfleet.worker.pipeline");

  /** Trouble that comes and goes is not told more often; the counters count it all. */
  private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

  /** What a server says to whatever it is asked, so that one line tells of all calls. */
  private static final Pattern OF_THE_SERVER =
      Pattern.compile(
          "(LOADING|MASTERDOWN|READONLY|CLUSTERDOWN|TRYAGAIN|BUSY|NOAUTH|WRONGPASS|NOREPLICAS"
              + "|MISCONF|OOM)\\b.*");

  /** While one of these fails nothing new comes in from its stream. */
  private static final Set<String> FOR_READING =
      Set.of(StreamReader.READ, StreamReader.LOOK, GroupRecovery.CREATE);

  /** Nothing waits for these: who may not make them works all the same. */
  private static final Set<String> BEST_EFFORT =
      Set.of(Traces.TRACE_STATES, DueTimes.KEEP, Deliveries.TAKE_BACK);

  /** A time-out and the next try, or a failover, are over sooner. */
  private static final Duration LASTING = Duration.ofSeconds(20);

  /** What is tried again is tried sooner: after a time-out of 10 s and a pause of 2 s. */
  private static final Duration REPEATED = Duration.ofSeconds(30);

  private final String loop;
  private final WorkerMetrics metrics;
  private final LongSupplier nanoTime;
  private final Map<Call, Failing> failing = new ConcurrentHashMap<>();
  private final Set<String> told = new HashSet<>();
  private final Map<String, Long> lastTold = new HashMap<>();
  private long since;
  private long times;

  /**
   * @param stream empty for what is asked for all streams together
   */
  private record Call(String operation, String stream) {}

  /** What is known of a call that fails: Redis' words, and when it failed first and last. */
  private record Failing(String reason, long since, long last) {}

  FailingCalls(String loop, WorkerMetrics metrics, LongSupplier nanoTime) {
    this.loop = loop;
    this.metrics = metrics;
    this.nanoTime = nanoTime;
  }

  /**
   * For calls that are made for all streams together.
   *
   * @param noGroup runs when such a call tells that a group is gone, whichever
   */
  CallReport ofAllStreams(Runnable noGroup) {
    return new CallReport() {
      @Override
      public void failed(String operation, Throwable failure) {
        FailingCalls.this.failed(operation, "", failure);
        if (Failures.isNoGroup(failure)) {
          noGroup.run();
        }
      }

      @Override
      public void worked(String operation) {
        FailingCalls.this.worked(operation, "");
      }
    };
  }

  void failed(String operation, String stream, Throwable failure) {
    metrics.redisFailed(operation);
    if (failing.isEmpty()) {
      since = nanoTime.getAsLong();
      times = 0;
      told.clear();
    }
    times++;
    String reason = Failures.line(failure);
    long now = nanoTime.getAsLong();
    failing.merge(
        new Call(operation, stream),
        new Failing(reason, now, now),
        (old, fresh) -> new Failing(reason, old.since(), now));
    if (isNews(kind(operation, stream, failure, reason))) {
      LOG.atWarn()
          .addKeyValue("loop", loop)
          .addKeyValue("operation", operation)
          .addKeyValue("stream", stream)
          .addKeyValue("failure", reason)
          .log("calls of Redis fail; they are tried again until they work");
    }
  }

  private static String kind(String operation, String stream, Throwable failure, String reason) {
    if (!Failures.isRefusal(failure)) {
      return "no answer";
    }
    String code = reason.split(" ", 2)[0];
    return OF_THE_SERVER.matcher(reason).matches() ? code : operation + " " + stream + " " + code;
  }

  private boolean isNews(String kind) {
    long now = nanoTime.getAsLong();
    Long last = lastTold.get(kind);
    if (told.contains(kind) || (last != null && now - last < PAUSE_NANOS)) {
      return false;
    }
    told.add(kind);
    lastTold.put(kind, now);
    return true;
  }

  /** For calls about one stream. */
  CallReport ofStream(String stream) {
    return new CallReport() {
      @Override
      public void failed(String operation, Throwable failure) {
        FailingCalls.this.failed(operation, stream, failure);
      }

      @Override
      public void worked(String operation) {
        FailingCalls.this.worked(operation, stream);
      }
    };
  }

  void worked(String operation, String stream) {
    if (failing.isEmpty() || failing.remove(new Call(operation, stream)) == null) {
      return;
    }
    if (failing.isEmpty() && !told.isEmpty()) {
      LOG.atInfo()
          .addKeyValue("loop", loop)
          .addKeyValue("failed", times)
          .addKeyValue("seconds", Duration.ofNanos(nanoTime.getAsLong() - since).toSeconds())
          .log("calls of Redis work again");
    }
  }

  /** A stream that cannot be read, and why, if there is one. Safe for any thread. */
  Optional<String> unreadable() {
    return failing.entrySet().stream()
        .filter(entry -> FOR_READING.contains(entry.getKey().operation()))
        .map(entry -> "cannot read " + entry.getKey().stream() + ": " + entry.getValue().reason())
        .findFirst();
  }

  /** Why handled entries cannot be acknowledged, if so. Safe for any thread. */
  Optional<String> unsettled() {
    return Optional.ofNullable(failing.get(new Call(Acknowledger.ACKNOWLEDGE, "")))
        .map(call -> "cannot acknowledge: " + call.reason());
  }

  /**
   * What the pipeline has tried in vain for too long, if anything: locks, letters, emissions.
   * Whether it handles other entries meanwhile or not, it is not well. A call that nobody repeats
   * any more, since what it was for is gone, is over. Safe for any thread.
   */
  Optional<String> lasting() {
    long now = nanoTime.getAsLong();
    return failing.entrySet().stream()
        .filter(
            entry ->
                !BEST_EFFORT.contains(entry.getKey().operation())
                    && entry.getValue().last() - entry.getValue().since() >= LASTING.toNanos()
                    && now - entry.getValue().last() < REPEATED.toNanos())
        .map(
            entry ->
                "calls to %s fail: %s"
                    .formatted(entry.getKey().operation(), entry.getValue().reason()))
        .findFirst();
  }

  /** What fails at the moment, in one line. */
  Optional<String> any() {
    return failing.entrySet().stream()
        .map(entry -> entry.getKey().operation() + ": " + entry.getValue().reason())
        .findFirst();
  }
}
