package io.streamfleet.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.streamfleet.api.StreamConsumerGroup;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import org.opentest4j.TestAbortedException;

/**
 * A cluster to try the operator on, with a Redis that operator and pods reach. Tests are written
 * once, against whatever cluster they are given:
 *
 * <ul>
 *   <li>one in this process, unless something else is asked for;
 *   <li>the one of the kubeconfig that {@code STREAMFLEET_TEST_KUBECONFIG} names, see {@link
 *       ExistingCluster};
 *   <li>k3s in a container, with the Maven profile {@code k3s}.
 * </ul>
 *
 * <p>A class of tests that starts one has the tag {@link #TAG}: such a build runs no others.
 */
interface TestCluster extends AutoCloseable {

  /** Of tests that any cluster will do for. */
  String TAG = "cluster";

  /** Where the CustomResourceDefinition is. */
  Path CRD = Path.of("..", "crds", "streamconsumergroups.streamfleet.io.yaml");

  /** Makes clusters of a kind that takes more than this module has. */
  interface Provider {
    /**
     * Starts one.
     *
     * @throws TestAbortedException when there is none to be had here
     */
    TestCluster start();
  }

  /** The cluster that is asked for. */
  static TestCluster start() {
    Optional<Provider> provided = ServiceLoader.load(Provider.class).findFirst();
    if (provided.isPresent()) {
      return provided.get().start();
    }
    return TestEnvironment.value("STREAMFLEET_TEST_KUBECONFIG")
        .<TestCluster>map(kubeconfig -> ExistingCluster.of(Path.of(kubeconfig)))
        .orElseGet(EmbeddedCluster::new);
  }

  /** Whoever tests; may do everything. */
  KubernetesClient client();

  /** A namespace of this cluster's own. */
  String namespace();

  /** An image that its pods can run, and that stays. */
  String workerImage();

  /** Where the Redis is, for the operator and for pods. */
  String redisUrl();

  /** Asks Redis. */
  RedisCommands<String, String> redis();

  /**
   * Starts an operator with the settings of production, save for a quicker look at Redis. It ends
   * with the cluster, or when it is closed.
   *
   * @param settings more variables of its environment, name and value in turn
   */
  StreamfleetOperator operator(String... settings);

  /**
   * This cluster as one that does what it is told; on any other the test is skipped.
   *
   * @param why what is needed of it
   */
  default EmbeddedCluster embedded(String why) {
    throw new TestAbortedException("skipped on a real cluster: " + why);
  }

  /** Applies a resource that reads a stream of its own, {@code <name>:in}, in group workers. */
  default LiveFleet fleet(String name, String more) {
    LiveFleet fleet = new LiveFleet(this, namespace(), name);
    fleet.apply(more);
    return fleet;
  }

  /** Applies a resource of this name, whose Redis is this cluster's. */
  default void apply(String name, String spec) {
    new LiveFleet(this, namespace(), name).applyWhole(redisUrl(), spec);
  }

  default StreamConsumerGroup resource(String name) {
    return Objects.requireNonNull(new LiveFleet(this, namespace(), name).resource().get());
  }

  /** {@code True/AllAvailable}, or nothing while there is no such condition. */
  default String condition(String name, String type) {
    return new LiveFleet(this, namespace(), name).condition(type);
  }

  @Override
  void close();
}
