package io.streamfleet.worker.pipeline;

import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.Link;
import io.streamfleet.worker.entry.AnswerWarning;
import io.streamfleet.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detects outbound streams that nobody reads. The platform of an answer comes from outside, and
 * Redis creates a stream of any name, so a misspelt platform fills a stream without a reader and
 * nobody notices. The reader may be this fleet, another one or a gateway of the Python original, so
 * the groups of the stream are queried from time to time. Belongs to the pipeline's loop.
 */
final class UnreadStreams {

  private static final Logger LOG = LoggerFactory.getLogger(UnreadStreams.class);

  /** Between two checks of a stream: soon enough to notice a new group, at next to no cost. */
  private static final long CHECK_AGAIN_NANOS = Duration.ofMinutes(1).toNanos();

  /** Streams to remember, since platforms come from outside; the oldest are forgotten. */
  private static final int MOST_STREAMS = 1_000;

  private final Link commands;
  private final WorkerMetrics metrics;
  private final LongSupplier nanoTime;
  private final Map<String, Check> checks =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Check> eldest) {
          return size() > MOST_STREAMS;
        }
      };

  /** The last check of a stream. */
  private static final class Check {
    private final long at;
    private volatile boolean unread;

    Check(long at, boolean unread) {
      this.at = at;
      this.unread = unread;
    }
  }

  UnreadStreams(Link commands, WorkerMetrics metrics, LongSupplier nanoTime) {
    this.commands = commands;
    this.metrics = metrics;
    this.nanoTime = nanoTime;
  }

  /** A message was appended to the stream of a platform. */
  void emitted(String platform, String stream) {
    Check last = checks.get(stream);
    if (last != null && nanoTime.getAsLong() - last.at < CHECK_AGAIN_NANOS) {
      if (last.unread) {
        metrics.suspectAnswer(AnswerWarning.UNREAD_STREAM);
      }
      return;
    }
    Check check = new Check(nanoTime.getAsLong(), false);
    boolean logged = last != null && last.unread;
    checks.put(stream, check);
    commands
        .list(CommandType.XINFO, Link.args().add("GROUPS").addKey(stream))
        .whenComplete((groups, failure) -> checked(check, groups, logged, platform, stream));
  }

  /** Processes the reply. A failed check is ignored: a right may be missing. */
  private void checked(
      Check check, @Nullable List<Object> groups, boolean logged, String platform, String stream) {
    if (groups == null || !groups.isEmpty()) {
      return;
    }
    check.unread = true;
    metrics.suspectAnswer(AnswerWarning.UNREAD_STREAM);
    if (!logged) {
      LOG.atWarn()
          .addKeyValue("platform", platform)
          .addKeyValue("stream", stream)
          .log(
              "a handler emitted a message into a stream without a consumer group. Is the name of the"
                  + " platform right, and does a resource or a gateway serve it?");
    }
  }
}
