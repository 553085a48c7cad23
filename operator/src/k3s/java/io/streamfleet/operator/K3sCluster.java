package io.streamfleet.operator;

import org.opentest4j.TestAbortedException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Runs k3s in a container, one for all tests; each has a namespace of its own there. It must be
 * able to pull the image that {@code STREAMFLEET_TEST_WORKER_IMAGE} names.
 */
public final class K3sCluster implements TestCluster.Provider {

  private static final DockerImageName IMAGE = DockerImageName.parse("rancher/k3s:v1.34.1-k3s1");

  /** Started by the first who asks, and removed by Testcontainers when this JVM ends. */
  private static final class Shared {

    private static final K3sContainer K3S = started();

    private static K3sContainer started() {
      K3sContainer container = new K3sContainer(IMAGE);
      container.start();
      return container;
    }
  }

  @Override
  public TestCluster start() {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      throw new TestAbortedException("skipped: the profile k3s needs Docker, and there is none");
    }
    return ExistingCluster.of(Shared.K3S.getKubeConfigYaml());
  }
}
