package io.streamfleet.commands.status;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.api.LimitsSpec;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.line.Text;
import io.streamfleet.commands.stream.ReadStream;
import io.streamfleet.commands.stream.RedisReply;
import io.streamfleet.redis.Link;
import io.streamfleet.worker.limit.Rates;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a stream, and how far the rate that all its messages share is used up.
 *
 * @param due the time until a message may start; zero if one may at once; empty if there is no such
 *     rate, or Redis refuses to tell
 */
record LimitUse(LimitsSpec limits, Optional<Duration> due) {

  /** Looks by one small command; empty if the stream has no limits. */
  static Optional<LimitUse> of(
      Link link, StreamConsumerGroupSpec spec, ReadStream stream, Instant now) {
    LimitsSpec limits = limits(spec, stream);
    if (limits == null) {
      return Optional.empty();
    }
    Rates rates = Rates.of(limits, stream.platform().orElse("inbound"));
    Rates.Bound bound = rates.ofPlatform();
    return Optional.of(
        new LimitUse(
            limits,
            bound == null
                ? Optional.empty()
                : usedUntil(link, rates.key()).map(used -> wait(bound, used, now))));
  }

  private static @Nullable LimitsSpec limits(StreamConsumerGroupSpec spec, ReadStream stream) {
    var inbound = spec.inbound();
    var outbound = spec.outbound();
    if (stream.platform().isPresent()) {
      return outbound == null ? null : outbound.limits();
    }
    return inbound == null ? null : inbound.limits();
  }

  /** See the worker's take.lua: microseconds since 1970, absent while the rate is not used. */
  private static Optional<Long> usedUntil(Link link, String key) {
    try {
      String value = RedisReply.of(() -> link.status(CommandType.GET, Link.args().addKey(key)));
      return Optional.of(value == null ? 0 : Long.parseLong(value));
    } catch (RedisCommandExecutionException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Duration wait(Rates.Bound bound, long used, Instant now) {
    double room = bound.micros() * bound.burst();
    double wait = used + bound.micros() - room - ChronoUnit.MICROS.between(Instant.EPOCH, now);
    return Duration.ofNanos((long) Math.max(0, wait * 1_000));
  }

  /** Whether a message that would start now has to wait. */
  boolean isUsedUp() {
    return due.filter(Duration::isPositive).isPresent();
  }

  /** As a reason for which entries wait. */
  String reason() {
    return "the limit of %s is used up: the next message may start in %s"
        .formatted(limits.rate(), Text.age(due.orElse(Duration.ZERO)));
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("rate", limits.rate());
    json.put("per", limits.per().name());
    json.put("channel_rate", limits.channelRate());
    json.put("concurrency", limits.concurrency());
    json.put("wait_seconds", due.map(it -> it.toNanos() / 1e9).orElse(null));
    return json;
  }
}
