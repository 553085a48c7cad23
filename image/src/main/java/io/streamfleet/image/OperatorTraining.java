package io.streamfleet.image;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.apiserver.ApiServer;
import io.streamfleet.embedded.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs the operator once as it is run in earnest, on an API server and a Redis of this process,
 * while the JVM notes which classes it needs and how they are linked; it keeps that in the cache.
 */
final class OperatorTraining {

  /** A fleet is ready within seconds; beyond this a build should say that it is stuck. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** At its end the JVM puts the cache together: seconds, or on a crowded machine a minute. */
  private static final Duration ASSEMBLY = Duration.ofMinutes(3);

  private final Path repository;
  private final List<String> program;
  private final Path cache;
  private final Path log;

  /**
   * @param program what starts the operator
   * @param cache is written
   * @param log gets what the operator prints
   */
  OperatorTraining(Path repository, List<String> program, Path cache, Path log) {
    this.repository = repository;
    this.program = program;
    this.cache = cache;
    this.log = log;
  }

  /**
   * Trains.
   *
   * @throws IOException when there is no cache in the end; the log has the reason
   */
  void train() throws IOException, InterruptedException {
    Path made = cache.resolveSibling(cache.getFileName() + ".part");
    Path kubeconfig = cache.resolveSibling(cache.getFileName() + ".kubeconfig");
    try (ApiServer server = ApiServer.start();
        KubernetesClient client = server.client();
        RedisServer redis = RedisServer.plain()) {
      server.apply(
          Files.readString(repository.resolve("crds/streamconsumergroups.streamfleet.io.yaml")));
      server.apply(resource(redis.url()));
      Process process = start(server.kubeconfig().write(kubeconfig), made);
      try {
        awaitReady(client, process);
        process.destroy();
        if (!process.waitFor(ASSEMBLY.toMillis(), TimeUnit.MILLISECONDS)
            || process.exitValue() != 0) {
          throw new IOException("the operator did not end in good order; see " + log);
        }
      } finally {
        process.destroyForcibly();
      }
      if (!Files.exists(made)) {
        throw new IOException("the JVM wrote no cache; see " + log);
      }
      Files.move(made, cache, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(made);
      Files.deleteIfExists(kubeconfig);
    }
  }

  private Process start(Path kubeconfig, Path made) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(program.getFirst(), "-XX:AOTCacheOutput=" + made, "-Xlog:aot=error"));
    command.addAll(program.subList(1, program.size()));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "KUBECONFIG", kubeconfig.toString(),
                "STREAMFLEET_HOST", "127.0.0.1",
                "STREAMFLEET_PORT", "0",
                "POD_NAME", "training"));
    return builder.start();
  }

  private void awaitReady(KubernetesClient client, Process process)
      throws IOException, InterruptedException {
    try {
      var resource = client.resources(StreamConsumerGroup.class).inNamespace("default");
      resource
          .withName("training")
          .waitUntilCondition(OperatorTraining::isReady, PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (RuntimeException e) {
      throw new IOException(
          "the operator %s brought no fleet up: %s; see %s"
              .formatted(process.isAlive() ? "" : "ended and", e.getMessage(), log),
          e);
    }
  }

  private static boolean isReady(StreamConsumerGroup resource) {
    return resource != null
        && resource.getStatus() != null
        && resource.getStatus().conditions().stream()
                .filter(
                    condition ->
                        condition.type().equals("Ready")
                            || condition.type().equals("RedisReachable"))
                .filter(condition -> condition.status().equals("True"))
                .count()
            == 2;
  }

  private static String resource(String redis) {
    return """
    apiVersion: streamfleet.io/v1alpha1
    kind: StreamConsumerGroup
    metadata: {name: training, namespace: default}
    spec:
      redis: {url: "%s"}
      inbound: {streams: [training], group: workers, handler: {builtin: Discard}}
      workers: {replicas: 2}
    """
        .formatted(redis);
  }
}
