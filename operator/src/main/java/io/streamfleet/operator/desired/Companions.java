package io.streamfleet.operator.desired;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.streamfleet.api.WorkersSpec;
import java.util.List;

/**
 * The user's containers in a worker's pod.
 *
 * <p>{@code workers.sidecars} are what Kubernetes calls sidecar containers: init containers that
 * restart always. They have started before the worker starts, and are told to stop only after it
 * has ended, so that a handler still answers for as long as the worker drains. {@code
 * workers.containers} are for those who don't want that: they start and stop at the same time as
 * the worker.
 *
 * <p>A container without a security context gets the one of the profile Restricted; its root file
 * system stays writable, for most images count on that.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/">Kubernetes
 *     on sidecar containers; on by default since 1.29</a>
 */
final class Companions {

  private static final String ALWAYS = "Always";

  private Companions() {}

  static List<Container> aroundTheWorker(WorkersSpec workers) {
    return restricted(workers.sidecars()).stream()
        .map(container -> new ContainerBuilder(container).withRestartPolicy(ALWAYS).build())
        .toList();
  }

  static List<Container> besideTheWorker(WorkersSpec workers) {
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
