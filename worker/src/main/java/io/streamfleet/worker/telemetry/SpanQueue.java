package io.streamfleet.worker.telemetry;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.streamfleet.worker.metrics.SpanMetrics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exports spans on a thread of its own. Whoever ends a span never waits: a span that finds the
 * queue full is dropped and counted. A failure is logged when it begins and when it is over.
 *
 * <p>Instead of the SDK's batch processor, which tells nobody what it drops.
 */
final class SpanQueue implements SpanProcessor {

  private static final Logger LOG = LoggerFactory.getLogger(SpanQueue.class);

  /** For one batch with its repetitions: a collector that restarts is back within it. */
  private static final Duration EXPORT = Duration.ofSeconds(30);

  /** At the end: a collector answers in milliseconds, and one that is away must not delay a pod. */
  private static final Duration LAST = Duration.ofSeconds(2);

  private final SpanExporter exporter;
  private final String endpoint;
  private final TelemetrySettings.Queue limits;
  private final SpanMetrics metrics;
  private final Queue<ReadableSpan> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();
  private final Thread thread;
  private volatile boolean closing;

  /** Only the thread's. */
  private boolean failing;

  SpanQueue(
      SpanExporter exporter, String endpoint, TelemetrySettings.Queue limits, SpanMetrics metrics) {
    this.exporter = exporter;
    this.endpoint = endpoint;
    this.limits = limits;
    this.metrics = metrics;
    this.thread = Thread.ofPlatform().daemon().name("traces").start(this::run);
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {}

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    if (!span.getSpanContext().isSampled()) {
      return;
    }
    int now = size.incrementAndGet();
    if (now > limits.size()) {
      size.decrementAndGet();
      metrics.dropped();
      return;
    }
    waiting.add(span);
    if (now == limits.batch()) {
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    while (!closing) {
      if (size.get() < limits.batch()) {
        LockSupport.parkNanos(this, limits.delay().toNanos());
      }
      exportAll(EXPORT);
    }
    exportAll(LAST);
  }

  private void exportAll(Duration limit) {
    for (List<SpanData> batch = next(); !batch.isEmpty(); batch = next()) {
      export(batch, limit);
      if (closing && failing) {
        return;
      }
    }
  }

  private List<SpanData> next() {
    List<SpanData> batch = new ArrayList<>(Math.min(limits.batch(), size.get()));
    while (batch.size() < limits.batch()) {
      ReadableSpan span = waiting.poll();
      if (span == null) {
        break;
      }
      size.decrementAndGet();
      batch.add(span.toSpanData());
    }
    return batch;
  }

  private void export(List<SpanData> batch, Duration limit) {
    String problem;
    try {
      CompletableResultCode result =
          exporter.export(batch).join(limit.toMillis(), TimeUnit.MILLISECONDS);
      problem = result.isSuccess() ? "" : problem(result);
    } catch (RuntimeException | Error e) {
      problem = e.toString();
    }
    if (problem.isEmpty()) {
      metrics.exported(batch.size());
    } else {
      metrics.failed(batch.size());
    }
    log(problem);
  }

  private static String problem(CompletableResultCode result) {
    Throwable cause = result.getFailureThrowable();
    if (cause == null) {
      return "no answer in time";
    }
    while (cause.getCause() != null && !(cause instanceof IOException)) {
      cause = cause.getCause();
    }
    return cause instanceof IOException ? cause.toString() : "the collector answers with an error";
  }

  private void log(String problem) {
    if (failing == problem.isEmpty()) {
      failing = !problem.isEmpty();
      if (failing) {
        LOG.atWarn()
            .addKeyValue("endpoint", endpoint)
            .addKeyValue("problem", problem)
            .log("traces cannot be exported: their spans are lost until it works again");
      } else {
        LOG.atInfo().addKeyValue("endpoint", endpoint).log("traces are exported again");
      }
    }
  }

  /** Exports what waits, for two seconds at most. */
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    try {
      thread.join(LAST);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    int lost = size.get();
    if (lost > 0) {
      metrics.failed(lost);
      LOG.atWarn().addKeyValue("spans", lost).log("the spans that are left are lost");
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
