package io.streamfleet.apiserver.controller;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.streamfleet.apiserver.write.DeleteOptions;
import io.streamfleet.apiserver.write.Timestamps;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** Reports the status of pods to the API server. Reports about deleted pods are ignored. */
public final class Node {

  private final ClusterObjects objects;
  private final Clock clock;
  private final NodeEvents events;

  Node(ClusterObjects objects, Clock clock) {
    this.objects = objects;
    this.clock = clock;
    this.events = new NodeEvents(objects, clock);
  }

  /** The pod's containers are running. */
  public void running(Pod pod, boolean ready) {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    String now = Timestamps.now(clock);
    status.put("phase", "Running").put("podIP", "127.0.0.1").put("hostIP", "127.0.0.1");
    status.put("startTime", now);
    for (String type : new String[] {"PodScheduled", "Initialized", "ContainersReady", "Ready"}) {
      boolean holds = ready || !type.endsWith("Ready");
      status
          .withArray("/conditions")
          .addObject()
          .put("type", type)
          .put("status", holds ? "True" : "False")
          .put("lastTransitionTime", now);
    }
    for (Container container : pod.getSpec().getContainers()) {
      ObjectNode state = status.withArray("/containerStatuses").addObject();
      state.put("name", container.getName()).put("image", container.getImage());
      state.put("imageID", "").put("ready", ready).put("started", true).put("restartCount", 0);
      state.putObject("state").putObject("running").put("startedAt", now);
    }
    status(pod, status);
  }

  /**
   * Sets the whole status of a pod.
   *
   * @param status replaces the fields of the pod's status
   */
  public void status(Pod pod, ObjectNode status) {
    objects.patchStatus(pod, status);
  }

  /** Sets annotations of a pod. */
  public void annotate(Pod pod, Map<String, String> annotations) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    ObjectNode fields = patch.withObject("/metadata").putObject("annotations");
    annotations.forEach(fields::put);
    objects.patch(pod, patch);
  }

  /** An object that a pod needs from its namespace, such as a ConfigMap, if it exists. */
  public <T extends HasMetadata> Optional<T> find(Class<T> kind, String namespace, String name) {
    return objects.get(kind, namespace, name);
  }

  /**
   * Writes an Event about a pod; a repeated one only increments the count.
   *
   * @param type {@code Normal} or {@code Warning}
   */
  public void tell(Pod pod, String type, String reason, String message) {
    events.tell(pod, type, reason, message);
  }

  /** The pod has ended: deletes it from the API server. */
  public void gone(Pod pod) {
    objects.delete(pod, DeleteOptions.now());
  }
}
