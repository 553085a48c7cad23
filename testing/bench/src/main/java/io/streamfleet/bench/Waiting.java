package io.streamfleet.bench;

import io.streamfleet.bench.Observer.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * What entries that wait cost the others: behind a channel that is slow, and for a next attempt.
 */
final class Waiting {

  private static final String STREAM = "bench:waiting";
  private static final String CONSUMER = "waiting";

  private static final int CHANNELS = 1_000;

  /** Entries a second of each channel but the busy one. */
  private static final double PER_CHANNEL = 2;

  private static final int TIMES = 50;

  /** So the busy channel gets half as much again as can be handled one at a time. */
  private static final Duration HANDLER = Duration.ofMillis(15);

  /** So that all that fails meanwhile is known by id in the heap that workers have here. */
  private static final Duration FAILING_HANDLER = Duration.ofMillis(60);

  /** Nothing comes back that failed while it is measured: the least of a wait is half of it. */
  private static final String RETRY = "{maxAttempts: 3, initialBackoff: 30s, maxBackoff: 30s}";

  /** Messages a second that a limit permits, and the workers that share it. */
  private static final int LIMIT = 50;

  private static final int LIMITED = 4;

  /** More than can be handled in each second of it. */
  private static final long FILLED_A_SECOND = 10_000;

  private final Lab lab;
  private final Duration warmUp;
  private final Duration duration;

  /**
   * @param duration how long each is measured
   */
  Waiting(Lab lab, Duration warmUp, Duration duration) {
    this.lab = lab;
    this.warmUp = warmUp;
    this.duration = duration;
  }

  Findings run() throws IOException, InterruptedException {
    return Findings.of(slowChannels(), failing(), limit());
  }

  // --- slow channels

  private Table slowChannels() throws IOException, InterruptedException {
    Table table =
        new Table(
            "Slow channels",
            """
            Milliseconds from the moment at which an entry should be added to the start of its \
            handler, of %d channels with %.0f entries a second each, each handled for %d ms. Uneven: \
            the handler of one of them hangs and another one gets %d times as many, more than can be \
            handled; the others are measured. Resident: of the worker, at the half and at the end.\
            """
                .formatted(CHANNELS, PER_CHANNEL, HANDLER.toMillis(), TIMES),
            List.of("load", "p50 ms", "p99 ms", "max ms", "entries", "MiB at half", "MiB at end"));
    double all = CHANNELS * PER_CHANNEL;
    uneven(table, "even", new Messages(CHANNELS), all, Map.of());
    Map<String, String> slow =
        Map.of(
            Stopwatch.HANGS,
            Messages.channelId(1),
            Stopwatch.UNRECORDED,
            Messages.channelId(Messages.BUSY));
    uneven(
        table,
        "uneven",
        Messages.uneven(CHANNELS, TIMES),
        (CHANNELS - 1 + TIMES) * PER_CHANNEL,
        slow);
    return table;
  }

  private void uneven(
      Table table, String load, Messages messages, double perSecond, Map<String, String> slow)
      throws IOException, InterruptedException {
    Path file = lab.folder().resolve("waiting.hdr").toAbsolutePath();
    Files.deleteIfExists(file);
    List<String> options = new ArrayList<>(List.of(option(Stopwatch.FILE, file.toString())));
    options.add(option(Stopwatch.WAIT, Long.toString(HANDLER.toMillis())));
    slow.forEach((name, value) -> options.add(option(name, value)));
    new WorkerContender().clear(lab, STREAM);
    lab.redis().rewind(STREAM, Lab.GROUP);
    try (Child worker = start("Channel", options)) {
      OpenLoop publisher = new OpenLoop(lab.redis().connection(), STREAM, messages, perSecond);
      long before = publisher.publish(warmUp, false);
      // Nearly all: what the slow channels have is not waited for.
      lab.await(new WorkerContender(), worker, STREAM, before * 9 / 10);
      publisher.publish(duration.dividedBy(2), true);
      double half = ResidentSet.mebibytes(worker);
      publisher.publish(duration.dividedBy(2), true);
      double end = ResidentSet.mebibytes(worker);
      worker.terminate();
      Histogram micros = Stopwatch.read(file);
      table.row(
          load,
          micros.getValueAtPercentile(50) / 1e3,
          micros.getValueAtPercentile(99) / 1e3,
          micros.getMaxValue() / 1e3,
          micros.getTotalCount(),
          half,
          end);
      lab.say("waiting: %s, p99 %.1f ms".formatted(load, micros.getValueAtPercentile(99) / 1e3));
    } finally {
      new WorkerContender().clear(lab, STREAM);
    }
  }

  // --- messages that fail

  private Table failing() throws IOException, InterruptedException {
    Table table =
        new Table(
            "Messages that fail",
            """
            Entries a second of those that do not fail, unordered, each handled for %d ms; the others \
            fail and wait for up to 30 s, so that none of them comes back while it is measured. \
            Share: of what their part is where none fails.\
            """
                .formatted(FAILING_HANDLER.toMillis()),
            List.of("of 100 fail", "entries/s", "share"));
    double whole = 0;
    for (int percent : List.of(0, 10, 50, 90)) {
      double rate = rate(percent);
      whole = percent == 0 ? rate : whole;
      double share = rate / (whole * (100 - percent) / 100);
      table.row((long) percent, rate, share);
      lab.say("waiting: %d %% fail, share of the rest %.2f".formatted(percent, share));
    }
    return table;
  }

  private double rate(int percent) throws IOException, InterruptedException {
    new WorkerContender().clear(lab, STREAM);
    lab.redis()
        .fill(
            STREAM,
            new Messages(CHANNELS),
            FILLED_A_SECOND * (1 + warmUp.plus(duration).toSeconds()));
    lab.redis().rewind(STREAM, Lab.GROUP);
    List<String> options =
        List.of(
            option(Stopwatch.WAIT, Long.toString(FAILING_HANDLER.toMillis())),
            option(Stopwatch.FAILS, Integer.toString(percent)));
    try (Child worker = start("None", options)) {
      lab.awaitPending(worker, STREAM, 1);
      Thread.sleep(warmUp);
      Progress begin = lab.redis().progress(STREAM, Lab.GROUP);
      long beganAt = System.nanoTime();
      Thread.sleep(duration);
      Progress end = lab.redis().progress(STREAM, Lab.GROUP);
      double seconds = (System.nanoTime() - beganAt) / 1e9;
      worker.check();
      return (end.acknowledged() - begin.acknowledged()) / seconds;
    } finally {
      new WorkerContender().clear(lab, STREAM);
    }
  }

  // --- messages that wait for a limit

  /** One worker leaves and another one comes in the middle of it. */
  private Table limit() throws IOException, InterruptedException {
    Table table =
        new Table(
            "A limit",
            """
            Entries a second of %d workers with limits of %d/s, with a backlog, of which one leaves \
            and another comes at the half. Share: of the limit.\
            """
                .formatted(LIMITED, LIMIT),
            List.of("workers", "entries/s", "share"));
    new WorkerContender().clear(lab, STREAM);
    lab.redis().fill(STREAM, new Messages(CHANNELS), FILLED_A_SECOND);
    lab.redis().rewind(STREAM, Lab.GROUP);
    List<Child> workers = new ArrayList<>();
    try {
      while (workers.size() < LIMITED) {
        workers.add(limited("limited-" + workers.size()));
      }
      lab.awaitPending(workers.getLast(), STREAM, 1);
      Thread.sleep(warmUp);
      Progress begin = lab.redis().progress(STREAM, Lab.GROUP);
      long beganAt = System.nanoTime();
      Thread.sleep(duration.dividedBy(2));
      workers.removeFirst().terminate();
      workers.add(limited("limited-" + LIMITED));
      Thread.sleep(duration.dividedBy(2));
      Progress end = lab.redis().progress(STREAM, Lab.GROUP);
      double seconds = (System.nanoTime() - beganAt) / 1e9;
      double rate = (end.acknowledged() - begin.acknowledged()) / seconds;
      table.row((long) LIMITED, rate, rate / LIMIT);
      lab.say("waiting: %.2f of a limit used".formatted(rate / LIMIT));
    } finally {
      workers.forEach(Child::close);
      new WorkerContender().clear(lab, STREAM);
    }
    return table;
  }

  private Child limited(String consumer) throws IOException {
    String limits = "  limits: {rate: %d/s, burst: %d}\n".formatted(LIMIT, LIMIT / 10);
    return new WorkerContender()
        .start(
            lab,
            WorkerContender.manifest(Work.discarding(STREAM, false), lab.redis().url(), limits),
            consumer);
  }

  private static String option(String name, String value) {
    return "%s: \"%s\"".formatted(name, value);
  }

  private Child start(String mode, List<String> options) throws IOException, InterruptedException {
    String manifest =
        """
        redis: {url: "%s"}
        inbound:
          streams: ["%s"]
          group: %s
          ordering: {mode: %s}
          handler: {class: %s, options: {%s}}
        retry: %s
        trace: {enabled: false}
        workers: {drainTimeout: 1s}
        """
            .formatted(
                lab.redis().url(),
                STREAM,
                Lab.GROUP,
                mode,
                Stopwatch.class.getName(),
                options.stream().collect(Collectors.joining(", ")),
                RETRY);
    return new WorkerContender().start(lab, manifest, CONSUMER);
  }
}
