package io.streamfleet.operator.check;

import io.streamfleet.api.HandlerSpec;
import io.streamfleet.api.InboundSpec;
import io.streamfleet.api.OutboundSpec;
import io.streamfleet.api.RedisSpec;
import io.streamfleet.operator.resource.DeclaredGroup;
import io.streamfleet.operator.resource.Direction;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.redis.group.ConsumerGroup;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.Set;

/** Whether streams, groups, dead letters and addresses go together. */
final class StreamCheck {

  private static final String PLATFORM = "{platform}";

  private final Fleet fleet;
  private final Problems problems;

  StreamCheck(Fleet fleet, Problems problems) {
    this.fleet = fleet;
    this.problems = problems;
  }

  void run() {
    redis(fleet.spec().redis());
    groups();
    InboundSpec inbound = fleet.spec().inbound();
    if (inbound != null) {
      url(inbound.handler(), "spec.inbound.handler.http.url", false);
    }
    OutboundSpec outbound = fleet.spec().outbound();
    if (outbound != null) {
      url(outbound.handler(), "spec.outbound.handler.http.url", true);
    }
  }

  private void groups() {
    Set<ConsumerGroup> seen = new HashSet<>();
    for (DeclaredGroup declared : fleet.groups()) {
      ConsumerGroup group = declared.group();
      String path =
          declared.direction() == Direction.INBOUND
              ? "spec.inbound.streams"
              : "spec.outbound.streamTemplate";
      if (!seen.add(group)) {
        problems.add(
            path,
            "the stream %s would be read twice in the group %s: give one of the two another stream or group"
                .formatted(group.stream(), group.group()));
      }
      if (group.stream().equals(fleet.deadLetterStream())) {
        problems.add(
            "spec.deadLetter.stream",
            "%s is also read, hence dead letters would be handled again for ever: choose another stream"
                .formatted(group.stream()));
      }
    }
  }

  private void redis(RedisSpec redis) {
    String path = "spec.redis.url";
    try {
      URI url = new URI(redis.url());
      String database = url.getPath().replace("/", "");
      String authority = url.getRawAuthority();
      boolean isOneServer = !url.getScheme().endsWith("-sentinel");
      if (authority == null || !authority.matches("[^,]+(,[^,]+)*")) {
        problems.add(path, "must name a host, such as redis://redis:6379");
      } else if (isOneServer && authority.contains(",")) {
        problems.add(
            path,
            "must name one server (of a Redis Cluster one node will do); several are for Sentinel");
      } else if (isOneServer && url.getHost() == null && authority.contains(":")) {
        // Lettuce would take all of it, the port included, for the name of the host.
        problems.add(
            path, "has no valid host (letters, digits, dots and hyphens) or no valid port");
      } else if (!database.matches("[0-9]{0,5}")) {
        problems.add(path, "must have a number as its path, that of the database, or none");
      } else if (redis.cluster() && !database.matches("0*")) {
        problems.add(path, "must not name a database: a Redis Cluster has only the first");
      }
    } catch (URISyntaxException e) {
      problems.add(path, "is not a url: " + e.getReason() + " at character " + (e.getIndex() + 1));
    }
  }

  private void url(HandlerSpec handler, String path, boolean ofPlatform) {
    if (handler.http() == null) {
      return;
    }
    String text = handler.http().url();
    if (!ofPlatform && text.contains(PLATFORM)) {
      problems.add(path, "has {platform}, which only an outbound handler can fill: leave it out");
      return;
    }
    try {
      if (new URI(text.replace(PLATFORM, "platform")).getHost() == null) {
        problems.add(
            path, "has no valid host (letters, digits, dots and hyphens) or no valid port");
      }
    } catch (URISyntaxException e) {
      // Not the exception's own text: it repeats the url.
      problems.add(path, "is not a url: " + e.getReason() + " at character " + (e.getIndex() + 1));
    }
  }
}
