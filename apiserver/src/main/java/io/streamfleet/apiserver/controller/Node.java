package io.streamfleet.apiserver.controller;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.streamfleet.apiserver.write.DeleteOptions;
import io.streamfleet.apiserver.write.Timestamps;
import java.time.Clock;

/** Tells the API server how pods fare. What it tells of a pod that is gone is forgotten. */
public final class Node {

  private final ClusterObjects objects;
  private final Clock clock;

  Node(ClusterObjects objects, Clock clock) {
    this.objects = objects;
    this.clock = clock;
  }

  /** The pod's containers run. */
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
   * Tells the whole status of a pod, as its node sees it.
   *
   * @param status fields of the pod's status that replace what was there
   */
  public void status(Pod pod, ObjectNode status) {
    objects.patchStatus(pod, status);
  }

  /** The pod has ended: it goes from the API server. */
  public void gone(Pod pod) {
    objects.delete(pod, DeleteOptions.now());
  }
}
