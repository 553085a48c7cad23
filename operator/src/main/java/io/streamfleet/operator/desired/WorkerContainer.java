package io.streamfleet.operator.desired;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.HTTPGetActionBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.streamfleet.api.WorkersSpec;
import io.streamfleet.operator.resource.Fleet;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The worker's container. */
public final class WorkerContainer {

  /** The environment variable with the consumer name. */
  private static final String POD_NAME = "POD_NAME";

  /**
   * The environment variable with the folder for state. It is no argument, since a worker of an
   * older release does not start with an option that it does not know.
   */
  private static final String STATE_DIR = "STREAMFLEET_STATE_DIR";

  /** The environment variables that the operator sets. */
  public static final List<String> OWN_VARIABLES = List.of(POD_NAME, STATE_DIR);

  private static final String CONFIG_PATH = "/etc/streamfleet/config";
  private static final String TMP_PATH = "/tmp";
  private static final String STATE_PATH = "/var/lib/streamfleet";

  /** A worker answers within milliseconds; one that takes a second has other problems. */
  private static final int PROBE_TIMEOUT_SECONDS = 3;

  /** Short, since readiness waits for it and a worker starts in a second or two. */
  private static final int STARTUP_PERIOD_SECONDS = 2;

  /** Two minutes: a JVM on a tenth of a core starts slowly. */
  private static final int STARTUP_FAILURES = 60;

  /** A worker that hangs is restarted after half a minute; its entries wait for that long. */
  private static final int LIVENESS_PERIOD_SECONDS = 10;

  private static final int LIVENESS_FAILURES = 3;

  /** No traffic is routed by readiness: a roll-out waits for it, and the status shows it. */
  private static final int READINESS_PERIOD_SECONDS = 5;

  private static final int READINESS_FAILURES = 2;

  private WorkerContainer() {}

  /** The mount paths that the operator uses. */
  public static List<String> mountPaths(Fleet fleet) {
    return ownMounts(fleet).stream().map(VolumeMount::getMountPath).toList();
  }

  static Container of(Fleet fleet, String defaultImage) {
    WorkersSpec workers = fleet.spec().workers();
    List<EnvVar> env = new ArrayList<>();
    env.add(podName());
    env.add(new EnvVarBuilder().withName(STATE_DIR).withValue(STATE_PATH).build());
    env.addAll(PodPart.list(workers.env(), EnvVar.class));
    List<VolumeMount> mounts = new ArrayList<>(ownMounts(fleet));
    mounts.addAll(PodPart.list(workers.volumeMounts(), VolumeMount.class));
    ContainerBuilder container =
        new ContainerBuilder()
            .withName(WorkerPod.CONTAINER)
            .withImage(Objects.requireNonNullElse(workers.image(), defaultImage))
            .withImagePullPolicy(workers.imagePullPolicy())
            .withArgs("run", "-f", CONFIG_PATH + "/" + WorkerConfigMap.KEY)
            .withEnv(env)
            .addNewPort()
            .withName(WorkerPod.METRICS_PORT)
            .withContainerPort(workers.port())
            .withProtocol("TCP")
            .endPort()
            .withVolumeMounts(mounts)
            .withStartupProbe(probe("/healthz", STARTUP_PERIOD_SECONDS, STARTUP_FAILURES))
            .withLivenessProbe(probe("/healthz", LIVENESS_PERIOD_SECONDS, LIVENESS_FAILURES))
            .withReadinessProbe(probe("/readyz", READINESS_PERIOD_SECONDS, READINESS_FAILURES))
            .withSecurityContext(Restriction.withReadOnlyRoot());
    JsonNode resources = workers.resources();
    if (!resources.isEmpty()) {
      container.withResources(PodPart.of(resources, ResourceRequirements.class));
    }
    return container.build();
  }

  private static EnvVar podName() {
    return new EnvVarBuilder()
        .withName(POD_NAME)
        .withNewValueFrom()
        .withNewFieldRef("v1", "metadata.name")
        .endValueFrom()
        .build();
  }

  private static List<VolumeMount> ownMounts(Fleet fleet) {
    List<VolumeMount> mounts = new ArrayList<>();
    mounts.add(mount(WorkerPod.CONFIG_VOLUME, CONFIG_PATH).withReadOnly(true).build());
    mounts.add(mount(WorkerPod.TMP_VOLUME, TMP_PATH).build());
    mounts.add(mount(WorkerPod.STATE_VOLUME, STATE_PATH).build());
    mounts.addAll(RedisSecrets.mounts(fleet.spec().redis()));
    return mounts;
  }

  private static VolumeMountBuilder mount(String volume, String path) {
    return new VolumeMountBuilder().withName(volume).withMountPath(path);
  }

  private static Probe probe(String path, int period, int failures) {
    return new ProbeBuilder()
        .withHttpGet(
            new HTTPGetActionBuilder()
                .withPath(path)
                .withPort(new IntOrString(WorkerPod.METRICS_PORT))
                .build())
        .withPeriodSeconds(period)
        .withTimeoutSeconds(PROBE_TIMEOUT_SECONDS)
        .withFailureThreshold(failures)
        .build();
  }
}
