package io.streamfleet.operator.desired;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.streamfleet.api.WorkersSpec;
import java.util.List;

/**
 * The user's containers in a worker's pod.
 *
 * <p>{@code workers.sidecars} become Kubernetes sidecar containers: init containers with restart
 * policy Always. They start before the worker and are stopped only after it has ended, so a handler
 * in a sidecar still answers while the worker drains. {@code workers.containers} start and stop
 * together with the worker.
 *
 * <p>A container without a security context gets the one of the profile Restricted. Its root file
 * system stays writable, because most images rely on that.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/">Kubernetes
 *     on sidecar containers; on by default since 1.29</a>
 */
final class Companions {

  private static final String ALWAYS = "Always";

  private Companions() {}

  static List<Container> sidecars(WorkersSpec workers) {
    return restricted(workers.sidecars()).stream()
        .map(container -> new ContainerBuilder(container).withRestartPolicy(ALWAYS).build())
        .toList();
  }

  static List<Container> containers(WorkersSpec workers) {
    return restricted(workers.containers());
  }

  private static List<Container> restricted(List<JsonNode> containers) {
    return PodPart.list(containers, Container.class).stream()
        .map(
            container ->
                container.getSecurityContext() == null
                    ? new ContainerBuilder(container)
                        .withSecurityContext(Restriction.byProfile())
                        .build()
                    : container)
        .toList();
  }
}
