package io.streamfleet.worker.pipeline;

import io.streamfleet.process.log.Sparingly;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Failures;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamName;
import io.streamfleet.worker.observe.WorkerMetrics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a pipeline tells people: the log, and the counters of what goes wrong. */
final class Diary {

  private static final Logger LOG = LoggerFactory.getLogger("io.streamfleet.worker.pipeline");

  /** One line in ten seconds for each kind of trouble tells enough; the counters count the rest. */
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  /** A lock's key may be as long as its sender likes; this much tells which it is. */
  private static final int KEY_SHOWN = 200;

  private final WorkerMetrics metrics;
  private final UnaryOperator<String> outboundStream;
  private final LongSupplier nanoTime;
  private final Map<String, Sparingly> troubles = new HashMap<>();

  Diary(WorkerMetrics metrics, UnaryOperator<String> outboundStream, LongSupplier nanoTime) {
    this.metrics = metrics;
    this.outboundStream = outboundStream;
    this.nanoTime = nanoTime;
  }

  void emitted(String platform) {
    metrics.outboundEmitted(outboundStream.apply(platform), 1);
  }

  void lockLost(StreamName stream) {
    sparingly("lock lost")
        .say(
            unsaid ->
                LOG.atWarn()
                    .addKeyValue("stream", stream.stream())
                    .addKeyValue("unsaid", unsaid)
                    .log("a channel's lock was lost while it was needed"));
  }

  void lockRefused(StreamName stream, String key, String reason) {
    metrics.redisFailed("take a lock");
    sparingly("lock refused")
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

  void failed(Entry entry, Throwable failure) {
    sparingly("handler")
        .say(
            unsaid ->
                LOG.atWarn()
                    .addKeyValue("stream", entry.stream())
                    .addKeyValue("entry", entry.id())
                    .addKeyValue("channel", entry.channel())
                    .addKeyValue("attempt", entry.attempt())
                    .addKeyValue("failure", Failures.line(failure))
                    .addKeyValue("unsaid", unsaid)
                    .log("the handler failed"));
  }

  void deadLettered(StreamName stream, EntryId id, String reason, String error) {
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
    metrics.redisFailed("internal");
    sparingly("bug " + failure.getClass().getName())
        .say(
            unsaid ->
                LOG.atError()
                    .setCause(failure)
                    .addKeyValue("unsaid", unsaid)
                    .log("a task of the pipeline failed; please report this"));
  }

  private Sparingly sparingly(String what) {
    return troubles.computeIfAbsent(what, kind -> new Sparingly(INTERVAL, nanoTime));
  }
}
