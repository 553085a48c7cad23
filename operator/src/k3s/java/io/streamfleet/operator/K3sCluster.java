package io.streamfleet.operator;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.opentest4j.TestAbortedException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/**
 * Runs k3s in a container, one for all tests; each has a namespace of its own there. The image of
 * the workers is the one that the build makes, which k3s takes in when it starts; or the one that
 * {@code STREAMFLEET_TEST_WORKER_IMAGE} names, which it must be able to pull.
 */
public final class K3sCluster implements TestCluster.Provider {

  private static final DockerImageName IMAGE =
      DockerImageName.parse(
              Objects.requireNonNullElse(
                  System.getenv("STREAMFLEET_TEST_K3S_IMAGE"), "rancher/k3s:v1.34.1-k3s1"))
          .asCompatibleSubstituteFor("rancher/k3s");

  private static final Path WORKER_IMAGE =
      Path.of("..", "worker", "target", "streamfleet-worker-image.tar");

  /** What lies there before k3s starts it has as if it had been pulled. */
  private static final String TAKEN_IN = "/var/lib/rancher/k3s/agent/images/streamfleet-worker.tar";

  /** Started by the first who asks, and removed by Testcontainers when this JVM ends. */
  private static final class Shared {

    private static final K3sContainer K3S = started();

    private static K3sContainer started() {
      K3sContainer container = new K3sContainer(IMAGE);
      if (System.getenv("STREAMFLEET_TEST_WORKER_IMAGE") == null) {
        if (!Files.exists(WORKER_IMAGE)) {
          throw new IllegalStateException(
              "the profile k3s needs the workers' image: mvn -Pimages -DskipTests package makes it,"
                  + " or name another by STREAMFLEET_TEST_WORKER_IMAGE");
        }
        container.withCopyFileToContainer(MountableFile.forHostPath(WORKER_IMAGE), TAKEN_IN);
      }
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
