package io.streamfleet.local.view;

import io.streamfleet.local.fleet.FleetPod;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A fleet at one moment. What is not known is empty, never zero.
 *
 * @param problem what keeps the numbers from being fresh, if anything does
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
   * @param ready {@code True}, {@code False}, or {@code -} while nothing is known
   * @param workers ready ones of those wanted, such as {@code 2/3}
   * @param reason why it is not ready, in a sentence; empty if it is
   */
  public record Resource(
      String namespace, String name, String ready, String workers, String reason) {

    boolean isReady() {
      return ready.equals("True");
    }

    /** Its name, with the namespace where that is another than {@code default}. */
    String shortName() {
      return namespace.equals("default") ? name : namespace + "/" + name;
    }
  }

  /**
   * A stream that a group reads, or that keeps dead letters.
   *
   * @param group empty for dead letters
   * @param rate entries settled a second, over the last seconds
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

  /** Whether all that is wanted is there. */
  public boolean isReady() {
    return !resources.isEmpty() && resources.stream().allMatch(Resource::isReady);
  }
}
