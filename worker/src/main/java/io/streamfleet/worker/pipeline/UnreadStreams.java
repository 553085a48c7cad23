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
 * Whether anybody reads what handlers emit. The platform of an answer comes from outside, and Redis
 * makes a stream of any name: a misspelt one fills a stream that nobody reads, and all looks well.
 * Any reader will do, of this fleet, another one, or the original's gateways, so Redis is asked for
 * the groups of the stream, now and then. Used by the loop.
 */
final class UnreadStreams {

  private static final Logger LOG = LoggerFactory.getLogger(UnreadStreams.class);

  /** A group that is made later is seen soon enough, and a call a minute costs nothing. */
  private static final long LOOK_AGAIN_NANOS = Duration.ofMinutes(1).toNanos();

  /** Platforms come from outside: of more streams the ones that were met first are forgotten. */
  private static final int MOST_STREAMS = 1_000;

  private final Link commands;
  private final WorkerMetrics metrics;
  private final LongSupplier nanoTime;
  private final Map<String, Look> looks =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Look> eldest) {
          return size() > MOST_STREAMS;
        }
      };

  /** What was seen of a stream. */
  private static final class Look {
    private final long at;
    private volatile boolean unread;

    Look(long at, boolean unread) {
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
    Look last = looks.get(stream);
    if (last != null && nanoTime.getAsLong() - last.at < LOOK_AGAIN_NANOS) {
      if (last.unread) {
        metrics.suspectAnswer(AnswerWarning.UNREAD_STREAM);
      }
      return;
    }
    Look look = new Look(nanoTime.getAsLong(), false);
    boolean told = last != null && last.unread;
    looks.put(stream, look);
    commands
        .list(CommandType.XINFO, Link.args().add("GROUPS").addKey(stream))
        .whenComplete((groups, failure) -> seen(look, groups, told, platform, stream));
  }

  /** A look that failed says nothing: a right may be missing, and the next one is a minute away. */
  private void seen(
      Look look, @Nullable List<Object> groups, boolean told, String platform, String stream) {
    if (groups == null || !groups.isEmpty()) {
      return;
    }
    look.unread = true;
    metrics.suspectAnswer(AnswerWarning.UNREAD_STREAM);
    if (!told) {
      LOG.atWarn()
          .addKeyValue("platform", platform)
          .addKeyValue("stream", stream)
          .log(
              "nobody reads what a handler emitted: the stream has no consumer group. Is it the"
                  + " platform's right name, and does a resource or a gateway serve it?");
    }
  }
}
