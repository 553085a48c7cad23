package io.streamfleet.local.view;

import io.streamfleet.local.fleet.FleetPod;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A fleet at one moment. Unknown values are empty, never zero.
 *
 * @param problem why the numbers are not up to date, if so
 */
public record Snapshot(
    Instant at,
    List<Resource> resources,
    List<FleetPod> pods,
    List<Stream> streams,
    List<Happening> events,
    Optional<String> problem) {

  /**
   * A StreamConsumerGroup.
   *
   * @param ready {@code True}, {@code False}, or {@code -} if unknown
   * @param workers ready and wanted ones, such as {@code 2/3}
   * @param reason why it is not ready, as a sentence; empty if it is
   */
  public record Resource(
      String namespace, String name, String ready, String workers, String reason) {

    boolean isReady() {
      return ready.equals("True");
    }

    /** Its name, with the namespace if that is not {@code default}. */
    String shortName() {
      return namespace.equals("default") ? name : namespace + "/" + name;
    }
  }

  /**
   * A stream that a group reads, or the dead-letter stream.
   *
   * @param group empty for dead letters
   * @param rate entries settled each second, over the last seconds
   */
  public record Stream(
      String stream,
      String group,
      OptionalLong length,
      OptionalLong pending,
      OptionalLong lag,
      OptionalDouble rate) {

    boolean isDeadLetters() {
      return group.isEmpty();
    }
  }

  /**
   * A Kubernetes Event.
   *
   * @param about such as {@code pod/chat-worker-abc}
   */
  public record Happening(
      Instant at, boolean warning, String reason, String about, String message, int times) {}

  public Snapshot {
    resources = List.copyOf(resources);
    pods = List.copyOf(pods);
    streams = List.copyOf(streams);
    events = List.copyOf(events);
  }

  /** Whether all resources are ready. */
  public boolean isReady() {
    return !resources.isEmpty() && resources.stream().allMatch(Resource::isReady);
  }
}
