package io.streamfleet.apiserver.controller;

import io.streamfleet.apiserver.kind.ResourceTypes;
import io.streamfleet.apiserver.store.ObjectKey;
import io.streamfleet.apiserver.store.Selection;
import io.streamfleet.apiserver.store.Store;
import io.streamfleet.apiserver.store.Watch;
import io.streamfleet.apiserver.store.WatchEvent;
import io.streamfleet.apiserver.write.Deleter;
import io.streamfleet.apiserver.write.Writer;
import java.time.Clock;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Starts and stops all controllers. */
public final class Controllers implements AutoCloseable {

  private final Store store;
  private final List<ControlLoop<ObjectKey>> loops;
  private final GarbageCollector garbage;
  private final PodRunner pods;

  /**
   * Starts them.
   *
   * @param kubelet runs the pods
   */
  public Controllers(
      ResourceTypes types,
      Store store,
      Writer writer,
      Deleter deleter,
      Clock clock,
      Kubelet kubelet) {
    this.store = store;
    ClusterObjects objects = new ClusterObjects(types, store, writer, deleter);
    DeploymentController deployments =
        new DeploymentController(objects, new DeploymentStatusWriter(objects, clock));
    ReplicaSetController sets = new ReplicaSetController(objects);
    NamespaceController namespaces = new NamespaceController(store, objects);
    this.loops =
        List.of(
            new ControlLoop<ObjectKey>("deployment-controller", deployments::reconcile)
                .on(watch("apps", "deployments"), event -> Stream.of(event.key()))
                .on(watch("apps", "replicasets"), event -> owner(event, "apps", "deployments")),
            new ControlLoop<ObjectKey>("replicaset-controller", sets::reconcile)
                .on(watch("apps", "replicasets"), event -> Stream.of(event.key()))
                .on(watch("", "pods"), event -> owner(event, "apps", "replicasets")),
            new ControlLoop<ObjectKey>("namespace-controller", namespaces::reconcile)
                .on(
                    store.watch(Selection.everything(), OptionalLong.empty()),
                    NamespaceController::concerned));
    this.garbage = new GarbageCollector(store, objects);
    this.pods = new PodRunner(store, objects, kubelet, new Node(objects, clock));
  }

  private Watch watch(String group, String resource) {
    return store.watch(Selection.all(group, resource), OptionalLong.empty());
  }

  /** The key of the owner that controls an object. */
  private static Stream<ObjectKey> owner(WatchEvent event, String group, String resource) {
    return event
        .object()
        .path("metadata")
        .path("ownerReferences")
        .valueStream()
        .filter(reference -> reference.path("controller").asBoolean())
        .map(
            reference ->
                new ObjectKey(
                    group, resource, event.key().namespace(), reference.path("name").asText()));
  }

  @Override
  public void close() {
    loops.forEach(ControlLoop::close);
    garbage.close();
    pods.close();
  }
}
