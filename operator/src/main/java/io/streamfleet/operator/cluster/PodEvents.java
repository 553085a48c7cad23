package io.streamfleet.operator.cluster;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads from Events why a pod does not start: its status says nothing about a volume that can't be
 * mounted or a probe that fails. They are listed on demand, because a watch of all Events of a
 * cluster would be the operator's most expensive one.
 */
public final class PodEvents {

  private static final Logger LOG = LoggerFactory.getLogger(PodEvents.class);

  private static final Set<String> TELLING =
      Set.of(
          "FailedMount",
          "FailedAttachVolume",
          "FailedMapVolume",
          "FailedCreatePodSandBox",
          "Unhealthy");

  /** The kubelet repeats a failure at least every two minutes; an older one is over. */
  private static final Duration RECENT = Duration.ofMinutes(5);

  /** Hundreds of pending pods usually have the same reason, so the first few will do. */
  private static final int PODS_ASKED = 3;

  private static final long EVENTS_ASKED = 50;

  private final KubernetesClient client;
  private final Clock clock;
  private volatile boolean refused;

  public PodEvents(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** The reason for the first of these pods that has one, as text for users. */
  public Optional<String> trouble(String namespace, List<String> pods) {
    if (refused) {
      return Optional.empty();
    }
    try {
      return pods.stream()
          .limit(PODS_ASKED)
          .flatMap(pod -> latest(namespace, pod).map(it -> pod + ", " + it).stream())
          .findFirst();
    } catch (KubernetesClientException e) {
      // The status is written even without this detail.
      if (e.getCode() == 403) {
        refused = true;
        LOG.atWarn()
            .addKeyValue("status", e.getCode())
            .log("events can't be listed, so no status says why a volume can't be mounted");
      }
      return Optional.empty();
    }
  }

  private Optional<String> latest(String namespace, String pod) {
    Instant since = clock.instant().minus(RECENT);
    return client
        .v1()
        .events()
        .inNamespace(namespace)
        .withField("involvedObject.kind", "Pod")
        .withField("involvedObject.name", pod)
        .list(new ListOptionsBuilder().withLimit(EVENTS_ASKED).build())
        .getItems()
        .stream()
        .filter(event -> TELLING.contains(event.getReason()))
        .filter(event -> at(event).isAfter(since))
        .max(Comparator.comparing(PodEvents::at))
        .map(event -> PodTrouble.with(event.getReason(), PodTrouble.cut(event.getMessage())));
  }

  private static Instant at(Event event) {
    String time =
        Objects.requireNonNullElse(
            event.getLastTimestamp(),
            Objects.requireNonNullElse(event.getMetadata().getCreationTimestamp(), ""));
    try {
      return Instant.parse(time);
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }
}
