package io.streamfleet.apiserver.controller;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.streamfleet.apiserver.store.Selection;
import io.streamfleet.apiserver.store.Store;
import io.streamfleet.apiserver.store.Watch;
import io.streamfleet.apiserver.store.WatchEvent;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scheduler and node in one: takes each pod without a node and has a kubelet run it. A pod with
 * another node's name is left alone, as if its node did not respond.
 */
final class PodRunner implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PodRunner.class);

  /** The name of the only node. */
  static final String NODE = "streamfleet";

  private static final Duration WATCH_POLL = Duration.ofMinutes(1);

  private final ClusterObjects objects;
  private final Kubelet kubelet;
  private final Node node;
  private final Watch watch;

  /** By uid; owned by the runner's thread. */
  private final Set<String> started = new HashSet<>();

  private final Set<String> stopping = new HashSet<>();

  PodRunner(Store store, ClusterObjects objects, Kubelet kubelet, Node node) {
    this.objects = objects;
    this.kubelet = kubelet;
    this.node = node;
    this.watch = store.watch(Selection.all("", "pods"), OptionalLong.empty());
    Thread.ofVirtual().name("pod-runner").start(this::run);
  }

  private void run() {
    try {
      while (!watch.isClosed()) {
        Optional<WatchEvent> event = watch.next(WATCH_POLL);
        if (event.isPresent()) {
          handle(event.get());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void handle(WatchEvent event) {
    Pod pod = objects.read(event.object(), Pod.class);
    String uid = pod.getMetadata().getUid();
    try {
      if (event.type() == WatchEvent.Type.DELETED) {
        stop(pod);
        started.remove(uid);
        stopping.remove(uid);
      } else if (pod.getMetadata().getDeletionTimestamp() != null) {
        stop(pod);
      } else if (pod.getSpec().getNodeName() == null && started.add(uid)) {
        ObjectNode spec = JsonNodeFactory.instance.objectNode();
        spec.putObject("spec").put("nodeName", NODE);
        objects.patch(pod, spec);
        kubelet.started(pod, node);
      }
    } catch (RuntimeException e) {
      LOG.error("pod {} cannot be run", event.key(), e);
    }
  }

  private void stop(Pod pod) {
    String uid = pod.getMetadata().getUid();
    if (started.contains(uid) && stopping.add(uid)) {
      kubelet.stopping(pod, node);
    }
  }

  @Override
  public void close() {
    watch.close();
  }
}
