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
 * Runs the operator once under real conditions, with an API server and a Redis in this process,
 * while the JVM records which classes it loads and links; the result is the AOT cache.
 */
final class OperatorTraining {

  /** A fleet is ready within seconds; after this time the build is stuck and fails. */
  private static final Duration READY_TIMEOUT = Duration.ofSeconds(90);

  /** At its exit the JVM assembles the cache: seconds, or on a busy machine a minute. */
  private static final Duration ASSEMBLY_TIMEOUT = Duration.ofMinutes(3);

  private final Path repository;
  private final List<String> program;
  private final Path cache;
  private final Path log;

  /**
   * @param program the command that starts the operator
   * @param cache output file
   * @param log receives the output of the operator
   */
  OperatorTraining(Path repository, List<String> program, Path cache, Path log) {
    this.repository = repository;
    this.program = program;
    this.cache = cache;
    this.log = log;
  }

  /**
   * Runs the training.
   *
   * @throws IOException if no cache was written; the log has the reason
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
        if (!process.waitFor(ASSEMBLY_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
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
          .waitUntilCondition(
              OperatorTraining::isReady, READY_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
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
