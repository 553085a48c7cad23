package io.streamfleet.operator;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
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

  private static final String K3S_IMAGE = "STREAMFLEET_TEST_K3S_IMAGE";

  private static final Path WORKER_IMAGE =
      Path.of("..", "worker", "target", "streamfleet-worker-image.tar");

  /** What lies there before k3s starts it has as if it had been pulled. */
  private static final String TAKEN_IN = "/var/lib/rancher/k3s/agent/images/streamfleet-worker.tar";

  /** k3s is up in half a minute; on a busy machine, and with an image to take in, in some more. */
  private static final Duration STARTS_WITHIN = Duration.ofMinutes(5);

  /** It has some 80 MB. */
  private static final Duration PULLED_WITHIN = Duration.ofMinutes(10);

  /**
   * Started by the first who asks, and removed by Testcontainers when this JVM ends. What kept it
   * from starting is told to all who ask.
   */
  private static final FutureTask<K3sContainer> SHARED = new FutureTask<>(K3sCluster::started);

  @Override
  public TestCluster start() {
    SHARED.run();
    try {
      return ExistingCluster.of(SHARED.get().getKubeConfigYaml());
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      if (cause instanceof TestAbortedException skipped) {
        throw skipped;
      }
      throw new IllegalStateException(String.valueOf(cause.getMessage()), cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while k3s started", e);
    }
  }

  private static K3sContainer started() throws InterruptedException {
    requireDocker();
    String named = TestEnvironment.value(K3S_IMAGE).orElse("rancher/k3s:v1.34.1-k3s1");
    requireImage(named);
    K3sContainer container =
        new K3sContainer(DockerImageName.parse(named).asCompatibleSubstituteFor("rancher/k3s"))
            .withStartupTimeout(STARTS_WITHIN);
    if (TestEnvironment.value(ExistingCluster.WORKER_IMAGE).isEmpty()) {
      if (!Files.exists(WORKER_IMAGE)) {
        throw new IllegalStateException(
            "the profile k3s needs the workers' image: mvn -Pimages -DskipTests package makes it,"
                + " or name another by "
                + ExistingCluster.WORKER_IMAGE);
      }
      container.withCopyFileToContainer(MountableFile.forHostPath(WORKER_IMAGE), TAKEN_IN);
    }
    try {
      container.start();
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "k3s could not be started from the image %s within %s; Docker must run privileged containers"
              .formatted(named, STARTS_WITHIN),
          e);
    }
    return container;
  }

  private static void requireDocker() {
    boolean isThere;
    try {
      isThere = DockerClientFactory.instance().isDockerAvailable();
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "Docker answers, and Testcontainers cannot work with it. If it cannot pull the image"
              + " testcontainers/ryuk, set TESTCONTAINERS_RYUK_DISABLED=true",
          e);
    }
    if (!isThere) {
      String message =
          "the profile k3s needs Docker, and none answers: start it, let this user use it, or name"
              + " it by DOCKER_HOST";
      if (TestEnvironment.isCi()) {
        throw new IllegalStateException(message);
      }
      throw new TestAbortedException("skipped: " + message);
    }
  }

  /** Testcontainers would try to pull it for many minutes where there is no way to a registry. */
  private static void requireImage(String name) throws InterruptedException {
    DockerClient docker = DockerClientFactory.instance().client();
    try {
      docker.inspectImageCmd(name).exec();
    } catch (NotFoundException missing) {
      boolean isPulled;
      try {
        isPulled =
            docker
                .pullImageCmd(name)
                .start()
                .awaitCompletion(PULLED_WITHIN.toSeconds(), TimeUnit.SECONDS);
      } catch (RuntimeException e) {
        throw noImage(name, e);
      }
      if (!isPulled) {
        throw noImage(name, missing);
      }
    }
  }

  private static IllegalStateException noImage(String name, RuntimeException cause) {
    return new IllegalStateException(
        "the profile k3s needs the image %s, which Docker neither has nor can pull: load it, or name another by %s"
            .formatted(name, K3S_IMAGE),
        cause);
  }
}
