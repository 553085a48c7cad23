package io.streamfleet.worker.pipeline;

import io.streamfleet.process.log.Sparingly;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.MachineFault;
import io.streamfleet.worker.entry.Outcome;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs and counts what goes wrong in a pipeline. */
final class PipelineLog {

  private static final Logger LOG = LoggerFactory.getLogger("io.streamfleet.worker.pipeline");

  /** Each kind of problem is logged at most once in this time; the counters count all. */
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  /** Characters of a lock's key in the log: enough to identify it; publishers decide its length. */
  private static final int KEY_SHOWN = 200;

  /** A fault of the machine that is over sooner does not make the worker unready. */
  private static final Duration LASTING = Duration.ofSeconds(10);

  private final WorkerMetrics metrics;
  private final UnaryOperator<String> outboundStream;
  private final UnreadStreams unreadStreams;
  private final LongSupplier nanoTime;
  private final Map<String, Sparingly> problems = new HashMap<>();
  private volatile @Nullable MachineFault hinderedBy;
  private volatile long hinderedSince;

  /**
   * @param commands the connection for what does not block
   */
  PipelineLog(PipelineSettings settings, Link commands, WorkerMetrics metrics) {
    this.metrics = metrics;
    this.outboundStream = settings.outboundStream();
    this.unreadStreams = new UnreadStreams(commands, metrics, settings.nanoTime());
    this.nanoTime = settings.nanoTime();
  }

  void emitted(String platform) {
    String stream = outboundStream.apply(platform);
    metrics.outboundEmitted(stream, 1);
    unreadStreams.emitted(platform, stream);
  }

  void lockLost(StreamConsumer stream) {
    sparingly("lock lost")
        .say(
            unsaid ->
                LOG.atWarn()
                    .addKeyValue("stream", stream.stream())
                    .addKeyValue("unsaid", unsaid)
                    .log("a channel's lock was lost while it was needed"));
  }

  void partitionLost(StreamConsumer stream) {
    sparingly("partition lost")
        .say(
            unsaid ->
                LOG.atWarn()
                    .addKeyValue("stream", stream.stream())
                    .addKeyValue("unsaid", unsaid)
                    .log(
                        "the lease of a partition was lost, or Redis has lost writes under it:"
                            + " what was not settled is handled again"));
  }

  void partitionHeldUp(StreamConsumer stream, int entries) {
    sparingly("partition held up")
        .say(
            unsaid ->
                LOG.atWarn()
                    .addKeyValue("stream", stream.stream())
                    .addKeyValue("entries", entries)
                    .addKeyValue("unsaid", unsaid)
                    .log(
                        "handlers did not end within workers.drainTimeout for another worker to have"
                            + " their partition: they are interrupted"));
  }

  boolean lockRefused(StreamConsumer stream, String key, String reason, boolean named) {
    metrics.redisFailed("take a lock");
    return named
        || sparingly("lock refused")
            .say(
                unsaid ->
                    LOG.atWarn()
                        .addKeyValue("stream", stream.stream())
                        .addKeyValue("lock", key.substring(0, Math.min(KEY_SHOWN, key.length())))
                        .addKeyValue("failure", reason)
                        .addKeyValue("unsaid", unsaid)
                        .log(
                            "Redis refuses the key of a channel's lock; the channel waits, the others"
                                + " continue"));
  }

  void locksUsableAgain() {
    sparingly("lock refused")
        .over(
            times ->
                LOG.atInfo().addKeyValue("channels", times).log("no lock is refused any more"));
  }

  void failed(Entry entry, String failure) {
    sparingly("handler")
        .say(
            unsaid ->
                LOG.atWarn()
                    .addKeyValue("stream", entry.stream())
                    .addKeyValue("entry", entry.id())
                    .addKeyValue("channel", entry.channel())
                    .addKeyValue("attempt", entry.attempt())
                    .addKeyValue("failure", failure)
                    .addKeyValue("unsaid", unsaid)
                    .log("the handler failed"));
  }

  /** The handler's endpoint is, or seems, unavailable; the same attempt is repeated. */
  void free(Entry entry, String failure) {
    repeated(
        "unavailable",
        entry,
        failure,
        "the handler's endpoint was unavailable; no attempt is used up");
  }

  /** A request with the entry and others failed, not known because of which. */
  void batchFailed(Entry entry, String failure) {
    repeated(
        "batch",
        entry,
        failure,
        "a batch failed as a whole: each of its messages is sent again in a request of its own, and"
            + " no attempt is used up");
  }

  private void repeated(String kind, Entry entry, String failure, String what) {
    sparingly(kind)
        .say(
            unsaid ->
                LOG.atWarn()
                    .addKeyValue("stream", entry.stream())
                    .addKeyValue("entry", entry.id())
                    .addKeyValue("failure", failure)
                    .addKeyValue("unsaid", unsaid)
                    .log(what));
  }

  /** A limit of the channel is used up; the same attempt is repeated. */
  void limited(Entry entry, String failure) {
    sparingly("limited")
        .say(
            unsaid ->
                LOG.atWarn()
                    .addKeyValue("stream", entry.stream())
                    .addKeyValue("entry", entry.id())
                    .addKeyValue("channel", entry.channel())
                    .addKeyValue("failure", failure)
                    .addKeyValue("unsaid", unsaid)
                    .log("a channel is limited: it waits, and no attempt is used up"));
  }

  /** A fault of the machine made a handler fail; the same attempt is repeated. */
  void hindered(Outcome.Hindered hindered) {
    MachineFault fault = hindered.fault();
    metrics.machineFault(fault);
    if (hinderedBy == null) {
      hinderedSince = nanoTime.getAsLong();
    }
    hinderedBy = fault;
    sparingly("machine")
        .say(
            unsaid ->
                LOG.atError()
                    .addKeyValue("fault", fault.label())
                    .addKeyValue("failure", hindered.failure())
                    .addKeyValue("advice", fault.advice())
                    .addKeyValue("unsaid", unsaid)
                    .log("a fault of this machine makes the handler fail; no attempt is used up"));
  }

  /** A handler succeeded: the fault of the machine is over. */
  void unhindered() {
    if (hinderedBy != null) {
      hinderedBy = null;
      sparingly("machine")
          .over(
              times ->
                  LOG.atInfo()
                      .addKeyValue("times", times)
                      .log("the fault of this machine is over"));
    }
  }

  /** The fault of the machine, if it has lasted for a while. Thread-safe. */
  Optional<String> hindrance() {
    MachineFault fault = hinderedBy;
    return fault != null && nanoTime.getAsLong() - hinderedSince >= LASTING.toNanos()
        ? Optional.of("no handler can work: " + fault.advice())
        : Optional.empty();
  }

  void deadLettered(StreamConsumer stream, EntryId id, String reason, String error) {
    sparingly("dead letter " + reason)
        .say(
            unsaid ->
                LOG.atWarn()
                    .addKeyValue("stream", stream.stream())
                    .addKeyValue("entry", id)
                    .addKeyValue("reason", reason)
                    .addKeyValue("error", error)
                    .addKeyValue("unsaid", unsaid)
                    .log("the entry becomes a dead letter"));
  }

  /** A bug of the worker in a task; its entries are still pending in Redis. */
  void bug(Throwable failure) {
    metrics.internalFailure();
    sparingly("bug " + failure.getClass().getName())
        .say(
            unsaid ->
                LOG.atError()
                    .addKeyValue("unsaid", unsaid)
                    .setCause(failure)
                    .log("a task of the pipeline failed; please report this"));
  }

  /** A bug of the worker while it processed an entry, which is fetched again. */
  void bug(Entry entry, Throwable failure) {
    metrics.internalFailure();
    sparingly("bug with an entry")
        .say(
            unsaid ->
                LOG.atError()
                    .addKeyValue("stream", entry.stream())
                    .addKeyValue("entry", entry.id())
                    .addKeyValue("unsaid", unsaid)
                    .setCause(failure)
                    .log("the worker failed to process an entry; please report this"));
  }

  /** Entries in flight that nothing processed any more after a bug of the worker. */
  void forgotten(List<Entry> entries) {
    LOG.atError()
        .addKeyValue("entries", entries.size())
        .addKeyValue("stream", entries.getFirst().stream())
        .addKeyValue("entry", entries.getFirst().id())
        .log("entries were not processed any more after a failure; they are fetched again");
  }

  private Sparingly sparingly(String what) {
    return problems.computeIfAbsent(what, kind -> new Sparingly(INTERVAL, nanoTime));
  }
}
