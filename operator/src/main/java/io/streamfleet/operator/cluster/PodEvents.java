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
 * What is said of a pod in Events only: its status says nothing of a volume that can't be mounted,
 * or of a probe that fails. It is asked for when it is needed; to watch all Events of a cluster
 * would be the most expensive thing that the operator does.
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

  /** The kubelet tries again at least every two minutes; what it does not say again is over. */
  private static final Duration RECENT = Duration.ofMinutes(5);

  /** Of hundreds of pods that wait, the first few wait for what the others do. */
  private static final int PODS_ASKED = 3;

  private static final long EVENTS_ASKED = 50;

  private final KubernetesClient client;
  private final Clock clock;
  private volatile boolean refused;

  public PodEvents(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** What keeps the first of these pods of which something is said, for people. */
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
      // A report is worth more than its last detail.
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
