package io.streamfleet.operator.desired;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.streamfleet.api.WorkersSpec;
import io.streamfleet.operator.resource.Fleet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The pod template of the workers. */
public final class WorkerPod {

  /** The name of the worker's container. */
  public static final String CONTAINER = "worker";

  /** The name of the worker's port. */
  public static final String METRICS_PORT = "metrics";

  static final String METRICS_PATH = "/metrics";

  /**
   * The annotation with the hash of the settings that need a restart: when it changes, the pods are
   * rolled.
   */
  public static final String CONFIG_HASH = "streamfleet.io/config-hash";

  /**
   * The label of workers with their own PodMonitor. The chart's PodMonitor for all workers excludes
   * them by this label; otherwise they would be scraped twice.
   */
  static final String OWN_POD_MONITOR = "streamfleet.io/own-pod-monitor";

  static final String CONFIG_VOLUME = "config";
  static final String TMP_VOLUME = "tmp";

  /** Survives restarts of the container, as long as the pod lives. */
  static final String STATE_VOLUME = "streamfleet-state";

  /** After its drain a worker needs this for its last calls and to close its connections. */
  private static final Duration CLOSE_TIME = Duration.ofSeconds(15);

  /** Lets the worker end by itself instead of being killed in its last second. */
  private static final Duration MARGIN = Duration.ofSeconds(5);

  private WorkerPod() {}

  /** The names of the volumes that the operator adds. */
  public static List<String> volumeNames(Fleet fleet) {
    return ownVolumes(fleet).stream().map(Volume::getName).toList();
  }

  static PodTemplateSpec of(Fleet fleet, String defaultImage) {
    WorkersSpec workers = fleet.spec().workers();
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .withLabels(Metadata.merged(workers.podLabels(), labels(fleet)))
        .withAnnotations(
            Metadata.merged(
                workers.podAnnotations(), Map.of(CONFIG_HASH, WorkerConfigMap.hash(fleet))))
        .endMetadata()
        .withSpec(spec(fleet, workers, defaultImage).build())
        .build();
  }

  private static Map<String, String> labels(Fleet fleet) {
    Map<String, String> labels = fleet.names().labels();
    return WorkerPodMonitor.isWanted(fleet)
        ? Metadata.merged(labels, Map.of(OWN_POD_MONITOR, "true"))
        : labels;
  }

  private static PodSpecBuilder spec(Fleet fleet, WorkersSpec workers, String defaultImage) {
    List<Container> containers = new ArrayList<>();
    containers.add(WorkerContainer.of(fleet, defaultImage));
    containers.addAll(Companions.containers(workers));
    List<Volume> volumes = new ArrayList<>(ownVolumes(fleet));
    volumes.addAll(PodPart.list(workers.volumes(), Volume.class));
    PodSpecBuilder spec =
        new PodSpecBuilder()
            .withInitContainers(Companions.sidecars(workers))
            .withContainers(containers)
            .withVolumes(volumes)
            .withNodeSelector(Metadata.merged(workers.nodeSelector(), Map.of()))
            .withTolerations(PodPart.list(workers.tolerations(), Toleration.class))
            .withTopologySpreadConstraints(
                PodPart.list(workers.topologySpreadConstraints(), TopologySpreadConstraint.class))
            .withImagePullSecrets(
                workers.imagePullSecrets().stream()
                    .map(secret -> new LocalObjectReference(secret.name()))
                    .toList())
            .withServiceAccountName(workers.serviceAccountName())
            .withAutomountServiceAccountToken(false)
            .withEnableServiceLinks(false)
            .withTerminationGracePeriodSeconds(gracePeriod(workers).toSeconds())
            .withNewSecurityContext()
            .withRunAsNonRoot(true)
            .withNewSeccompProfile()
            .withType("RuntimeDefault")
            .endSeccompProfile()
            .endSecurityContext();
    JsonNode affinity = workers.affinity();
    return affinity.isEmpty() ? spec : spec.withAffinity(PodPart.of(affinity, Affinity.class));
  }

  /** Rounded up to seconds: a drain timeout of 1500 ms counts as two seconds. */
  static Duration gracePeriod(WorkersSpec workers) {
    Duration drain = workers.drainTimeout().plusMillis(999);
    return Duration.ofSeconds(drain.toSeconds()).plus(CLOSE_TIME).plus(MARGIN);
  }

  private static Volume emptyDir(String name) {
    return new VolumeBuilder().withName(name).withNewEmptyDir().endEmptyDir().build();
  }

  private static List<Volume> ownVolumes(Fleet fleet) {
    List<Volume> volumes = new ArrayList<>();
    volumes.add(
        new VolumeBuilder()
            .withName(CONFIG_VOLUME)
            .withNewConfigMap()
            .withName(fleet.names().config())
            .endConfigMap()
            .build());
    volumes.add(emptyDir(TMP_VOLUME));
    volumes.add(emptyDir(STATE_VOLUME));
    volumes.addAll(RedisSecrets.volumes(fleet.spec().redis()));
    return volumes;
  }
}
