package io.streamfleet.apiserver.controller;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.streamfleet.apiserver.write.Timestamps;
import java.time.Clock;
import java.util.Optional;

/** Writes a node's Events about pods: one object for each distinct message. */
final class NodeEvents {

  private static final String COMPONENT = "kubelet";

  private final ClusterObjects objects;
  private final Clock clock;

  NodeEvents(ClusterObjects objects, Clock clock) {
    this.objects = objects;
    this.clock = clock;
  }

  void tell(Pod pod, String type, String reason, String message) {
    String namespace = pod.getMetadata().getNamespace();
    String name =
        "%s.%08x".formatted(pod.getMetadata().getName(), (reason + '\n' + message).hashCode());
    Optional<Event> before = objects.get(Event.class, namespace, name);
    if (before.isPresent()) {
      ObjectNode again = JsonNodeFactory.instance.objectNode();
      again.put("count", before.get().getCount() + 1).put("lastTimestamp", Timestamps.now(clock));
      objects.patch(before.get(), again);
      return;
    }
    String now = Timestamps.now(clock);
    objects.create(
        new EventBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(namespace)
            .endMetadata()
            .withNewInvolvedObject()
            .withApiVersion("v1")
            .withKind("Pod")
            .withNamespace(namespace)
            .withName(pod.getMetadata().getName())
            .withUid(pod.getMetadata().getUid())
            .endInvolvedObject()
            .withType(type)
            .withReason(reason)
            .withMessage(message)
            .withFirstTimestamp(now)
            .withLastTimestamp(now)
            .withCount(1)
            .withNewSource()
            .withComponent(COMPONENT)
            .withHost(PodRunner.NODE)
            .endSource()
            .withReportingComponent(COMPONENT)
            .withReportingInstance(PodRunner.NODE)
            .build());
  }
}
