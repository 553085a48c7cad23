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

/** What a pipeline tells people: the log, and the counters of what goes wrong. */
final class PipelineLog {

  private static final Logger LOG = LoggerFactory.getLogger("io.streamfleet.worker.pipeline");

  /** One line in ten seconds for each kind of trouble tells enough; the counters count the rest. */
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  /** A lock's key may be as long as its sender likes; this much tells which it is. */
  private static final int KEY_SHOWN = 200;

  /** A fault of the machine that is over sooner is no reason to be left out of a roll-out. */
  private static final Duration LASTING = Duration.ofSeconds(10);

  private final WorkerMetrics metrics;
  private final UnaryOperator<String> outboundStream;
  private final UnreadStreams unreadStreams;
  private final LongSupplier nanoTime;
  private final Map<String, Sparingly> troubles = new HashMap<>();
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
                                + " go on"));
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

  /** The handler's endpoint is unavailable, or seems so; the same attempt is made again. */
  void free(Entry entry, String failure) {
    sparingly("unavailable")
        .say(
            unsaid ->
                LOG.atWarn()
                    .addKeyValue("stream", entry.stream())
                    .addKeyValue("entry", entry.id())
                    .addKeyValue("failure", failure)
                    .addKeyValue("unsaid", unsaid)
                    .log("the handler's endpoint was not there; no attempt is used up"));
  }

  /** The machine did not let a handler work; the same attempt is made again. */
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
                    .log("the machine does not let the handler work; no attempt is used up"));
  }

  /** A handler could work. */
  void unhindered() {
    if (hinderedBy != null) {
      hinderedBy = null;
      sparingly("machine")
          .over(
              times ->
                  LOG.atInfo()
                      .addKeyValue("times", times)
                      .log("the machine lets the handler work again"));
    }
  }

  /** Why no handler can work, if that has lasted for a while. Safe for any thread. */
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
                    .log("entry goes to the dead letters"));
  }

  /** A mistake of ours: what was being done is left undone, and Redis still has it pending. */
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

  /** A mistake of ours over one entry, which is fetched again. */
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
                    .log("the worker failed over an entry; please report this"));
  }

  /** Entries in flight that nobody worked on any more, after a mistake of ours. */
  void forgotten(List<Entry> entries) {
    LOG.atError()
        .addKeyValue("entries", entries.size())
        .addKeyValue("stream", entries.getFirst().stream())
        .addKeyValue("entry", entries.getFirst().id())
        .log("entries were left without anybody at work on them; they are fetched again");
  }

  private Sparingly sparingly(String what) {
    return troubles.computeIfAbsent(what, kind -> new Sparingly(INTERVAL, nanoTime));
  }
}
