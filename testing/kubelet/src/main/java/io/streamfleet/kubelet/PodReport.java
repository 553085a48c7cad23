package io.streamfleet.kubelet;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.streamfleet.apiserver.controller.Node;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Writes the status of a pod. Not thread-safe. */
final class PodReport {

  private final Pod pod;
  private final Node node;
  private final Clock clock;
  private final ObjectNode never = JsonNodeFactory.instance.objectNode();
  private ObjectNode state = never;
  private ObjectNode lastState = never;
  private @Nullable Instant runningSince;
  private int restarts;

  PodReport(Pod pod, Node node, Clock clock) {
    this.pod = pod;
    this.node = node;
    this.clock = clock;
  }

  /** The container is waiting. */
  void waiting(String reason, String message) {
    state = JsonNodeFactory.instance.objectNode();
    state.putObject("waiting").put("reason", reason).put("message", message);
    tell(runningSince == null ? "Pending" : "Running", false, false);
  }

  /** The container is running. */
  void running(Instant since, boolean started, boolean ready) {
    runningSince = since;
    state = JsonNodeFactory.instance.objectNode();
    state.putObject("running").put("startedAt", text(since));
    tell("Running", started, ready);
  }

  /**
   * The container has ended and will be restarted.
   *
   * @param why in one line
   */
  void ended(int status, String why) {
    state = JsonNodeFactory.instance.objectNode();
    ObjectNode terminated = state.putObject("terminated");
    terminated.put("exitCode", status).put("reason", status == 0 ? "Completed" : "Error");
    terminated.put("message", why);
    if (runningSince != null) {
      terminated.put("startedAt", text(runningSince));
    }
    terminated.put("finishedAt", text(clock.instant()));
    lastState = state;
    restarts++;
    tell("Running", false, false);
  }

  private void tell(String phase, boolean started, boolean ready) {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    String now = text(clock.instant());
    status.put("phase", phase).put("podIP", "127.0.0.1").put("hostIP", "127.0.0.1");
    status.put("startTime", now);
    for (String type : new String[] {"PodScheduled", "Initialized", "ContainersReady", "Ready"}) {
      boolean holds = ready || !type.endsWith("Ready");
      ObjectNode condition = status.withArray("/conditions").addObject();
      condition.put("type", type).put("status", holds ? "True" : "False");
      condition.put("lastTransitionTime", now);
    }
    for (Container container : pod.getSpec().getContainers()) {
      ObjectNode containerStatus = status.withArray("/containerStatuses").addObject();
      containerStatus
          .put("name", container.getName())
          .put("image", container.getImage())
          .put("imageID", "");
      containerStatus.put("ready", ready).put("started", started).put("restartCount", restarts);
      containerStatus.set("state", state);
      containerStatus.set("lastState", lastState);
    }
    node.status(pod, status);
  }

  private static String text(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
