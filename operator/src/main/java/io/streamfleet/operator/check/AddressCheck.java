package io.streamfleet.operator.check;

import io.streamfleet.api.HandlerSpec;
import io.streamfleet.api.InboundSpec;
import io.streamfleet.api.OutboundSpec;
import io.streamfleet.api.RedisSpec;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.redis.RedisUrl;
import java.net.URI;
import java.net.URISyntaxException;

/** Checks the syntax of the addresses of Redis and of the handlers. */
final class AddressCheck {

  private static final String PLATFORM = "{platform}";

  private static final String SOCKET = "unix://";

  private final Fleet fleet;
  private final Problems problems;

  AddressCheck(Fleet fleet, Problems problems) {
    this.fleet = fleet;
    this.problems = problems;
  }

  void run() {
    RedisSpec redis = fleet.spec().redis();
    RedisUrl.problemWithoutLogin(redis.url(), redis.cluster())
        .ifPresent(problem -> problems.add("spec.redis.url", problem));
    InboundSpec inbound = fleet.spec().inbound();
    if (inbound != null) {
      url(inbound.handler(), "spec.inbound.handler.http.url", false);
    }
    OutboundSpec outbound = fleet.spec().outbound();
    if (outbound != null) {
      url(outbound.handler(), "spec.outbound.handler.http.url", true);
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
    if (text.startsWith(SOCKET)) {
      socket(text.substring(SOCKET.length()), path);
      return;
    }
    try {
      if (new URI(text.replace(PLATFORM, "platform")).getHost() == null) {
        problems.add(
            path, "has no valid host (letters, digits, dots and hyphens) or no valid port");
      }
    } catch (URISyntaxException e) {
      // Not the exception's message: it repeats the URL.
      problems.add(path, "is not a url: " + e.getReason() + " at character " + (e.getIndex() + 1));
    }
  }

  /** A socket of another container can be in a volume only. */
  private void socket(String rest, String path) {
    String file = rest.replaceFirst(":.*", "");
    boolean isInVolume =
        fleet.spec().workers().volumeMounts().stream()
            .map(mount -> mount.path("mountPath").asText())
            .anyMatch(mounted -> !mounted.isEmpty() && file.startsWith(mounted));
    if (!isInVolume) {
      problems.add(
          path,
          "names a socket that is in no volume of the worker: mount the one of its sidecar by"
              + " spec.workers.volumeMounts");
    }
  }
}
