package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.Failures;
import io.streamfleet.worker.due.DueTimes;
import io.streamfleet.worker.loop.CallReport;
import io.streamfleet.worker.metrics.WorkerMetrics;
import io.streamfleet.worker.partition.PartitionReader;
import io.streamfleet.worker.partition.PartitionReads;
import io.streamfleet.worker.partition.SettlementCalls;
import io.streamfleet.worker.read.StreamReader;
import io.streamfleet.worker.settle.Acknowledger;
import io.streamfleet.worker.settle.Traces;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tracks which calls to Redis fail now, for log and readiness. It logs one line when calls start to
 * fail and one when all operations that failed have succeeded again. Belongs to the pipeline's
 * loop, except for {@link #unreadable()}, {@link #unsettled()} and {@link #lasting()}.
 */
final class FailingCalls {

  private static final Logger LOG = LoggerFactory.getLogger("io.streamfleet.worker.pipeline");

  /** The same failure is logged at most once in this time; the counters count all failures. */
  private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

  /** Errors that a server returns for all commands, so that one line is enough for all calls. */
  private static final Pattern OF_THE_SERVER =
      Pattern.compile(
          "(LOADING|MASTERDOWN|READONLY|CLUSTERDOWN|TRYAGAIN|BUSY|NOAUTH|WRONGPASS|NOREPLICAS"
              + "|MISCONF|OOM)\\b.*");

  /** While one of these fails, nothing new is read from its stream. */
  private static final Set<String> FOR_READING =
      Set.of(
          StreamReader.READ,
          StreamReader.LOOK,
          PartitionReads.READ,
          PartitionReader.TAKE,
          GroupRecovery.CREATE);

  /** No entry waits for these, so a worker without the right to them is ready all the same. */
  private static final Set<String> BEST_EFFORT =
      Set.of(Traces.TRACE_STATES, DueTimes.KEEP, Deliveries.TAKE_BACK);

  /** A time-out and the next attempt, or a failover, take less. */
  private static final Duration LASTING = Duration.ofSeconds(20);

  /** Repeated calls fail again within this time: after a time-out of 10 s and a pause of 2 s. */
  private static final Duration REPEATED = Duration.ofSeconds(30);

  private final String loop;
  private final WorkerMetrics metrics;
  private final LongSupplier nanoTime;
  private final Map<Call, Failing> failing = new ConcurrentHashMap<>();
  private final Set<String> logged = new HashSet<>();
  private final Map<String, Long> lastLogged = new HashMap<>();
  private long since;
  private long times;

  /**
   * @param stream empty for calls for all streams together
   */
  private record Call(String operation, String stream) {}

  /** A call that fails: Redis' error, and when it failed first and last, in nanoseconds. */
  private record Failing(String reason, long since, long last) {}

  FailingCalls(String loop, WorkerMetrics metrics, LongSupplier nanoTime) {
    this.loop = loop;
    this.metrics = metrics;
    this.nanoTime = nanoTime;
  }

  /**
   * The report for calls for all streams together.
   *
   * @param noGroup called if such a call fails because a group does not exist, of whichever stream
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
      logged.clear();
    }
    times++;
    String reason = Failures.line(failure);
    long now = nanoTime.getAsLong();
    failing.merge(
        new Call(operation, stream),
        new Failing(reason, now, now),
        (old, fresh) -> new Failing(reason, old.since(), now));
    if (mayLog(kind(operation, stream, failure, reason))) {
      LOG.atWarn()
          .addKeyValue("loop", loop)
          .addKeyValue("operation", operation)
          .addKeyValue("stream", stream)
          .addKeyValue("failure", reason)
          .log("calls to Redis fail; they are repeated until they succeed");
    }
  }

  private static String kind(String operation, String stream, Throwable failure, String reason) {
    if (!Failures.isRefusal(failure)) {
      return "no answer";
    }
    String code = reason.split(" ", 2)[0];
    return OF_THE_SERVER.matcher(reason).matches() ? code : operation + " " + stream + " " + code;
  }

  private boolean mayLog(String kind) {
    long now = nanoTime.getAsLong();
    Long last = lastLogged.get(kind);
    if (logged.contains(kind) || (last != null && now - last < PAUSE_NANOS)) {
      return false;
    }
    logged.add(kind);
    lastLogged.put(kind, now);
    return true;
  }

  /** The report for calls for one stream. */
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
    if (failing.isEmpty() && !logged.isEmpty()) {
      LOG.atInfo()
          .addKeyValue("loop", loop)
          .addKeyValue("failed", times)
          .addKeyValue("seconds", Duration.ofNanos(nanoTime.getAsLong() - since).toSeconds())
          .log("calls to Redis succeed again");
    }
  }

  /** A stream that cannot be read, and why, if there is one. Thread-safe. */
  Optional<String> unreadable() {
    return failing.entrySet().stream()
        .filter(entry -> FOR_READING.contains(entry.getKey().operation()))
        .map(entry -> "cannot read " + entry.getKey().stream() + ": " + entry.getValue().reason())
        .findFirst();
  }

  /** Why handled entries cannot be acknowledged, if they cannot. Thread-safe. */
  Optional<String> unsettled() {
    return Stream.of(Acknowledger.ACKNOWLEDGE, SettlementCalls.SETTLE)
        .map(operation -> failing.get(new Call(operation, "")))
        .filter(Objects::nonNull)
        .findFirst()
        .map(call -> "cannot acknowledge: " + call.reason());
  }

  /**
   * An operation that has failed for too long, if any, such as locks, dead letters or emissions.
   * Then the pipeline is not ready, even if it handles other entries. An operation that is not
   * repeated any more does not count. Thread-safe.
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

  /** One of the operations that fail now, in one line. */
  Optional<String> any() {
    return failing.entrySet().stream()
        .map(entry -> entry.getKey().operation() + ": " + entry.getValue().reason())
        .findFirst();
  }
}
