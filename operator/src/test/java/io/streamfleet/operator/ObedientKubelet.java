package io.streamfleet.operator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.streamfleet.apiserver.controller.Kubelet;
import io.streamfleet.apiserver.controller.Node;
import java.util.ArrayList;
import java.util.List;

/**
 * Does with a pod what the tag of its worker's image asks for: {@code slow} gets ready when told,
 * {@code unpullable} never starts, {@code unmounted} waits without a word, {@code unschedulable}
 * finds no node, {@code lingering} ends when told. Every other is ready at once and ends at once.
 */
final class ObedientKubelet implements Kubelet {

  private final List<Runnable> slow = new ArrayList<>();
  private final List<Runnable> lingering = new ArrayList<>();

  @Override
  public synchronized void started(Pod pod, Node node) {
    switch (tag(pod)) {
      case "slow" -> {
        node.running(pod, false);
        slow.add(() -> node.running(pod, true));
      }
      case "unpullable" -> node.status(pod, unpullable());
      case "unmounted" -> node.status(pod, pending());
      case "unschedulable" -> node.status(pod, unschedulable());
      default -> node.running(pod, true);
    }
  }

  @Override
  public synchronized void stopping(Pod pod, Node node) {
    if (tag(pod).equals("lingering")) {
      lingering.add(() -> node.gone(pod));
    } else {
      node.gone(pod);
    }
  }

  /** Slow pods get ready. */
  synchronized void getReady() {
    slow.forEach(Runnable::run);
    slow.clear();
  }

  /** Lingering pods end. */
  synchronized void letGo() {
    lingering.forEach(Runnable::run);
    lingering.clear();
  }

  private static String tag(Pod pod) {
    String image =
        pod.getSpec().getContainers().stream()
            .filter(container -> container.getName().equals("worker"))
            .findFirst()
            .orElseThrow()
            .getImage();
    return image.substring(image.lastIndexOf(':') + 1);
  }

  private static ObjectNode pending() {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("phase", "Pending");
    return status;
  }

  private static ObjectNode unpullable() {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("phase", "Pending");
    ObjectNode container = status.withArray("/containerStatuses").addObject();
    container.put("name", "worker").put("image", "").put("imageID", "");
    container.put("ready", false).put("restartCount", 0);
    container.putObject("state").putObject("waiting").put("reason", "ImagePullBackOff");
    return status;
  }

  private static ObjectNode unschedulable() {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("phase", "Pending");
    status
        .withArray("/conditions")
        .addObject()
        .put("type", "PodScheduled")
        .put("status", "False")
        .put("reason", "Unschedulable")
        .put(
            "message",
            "0/3 nodes are available: 3 Insufficient memory. preemption: 0/3 nodes are available.");
    return status;
  }
}
