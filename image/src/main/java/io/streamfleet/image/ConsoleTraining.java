package io.streamfleet.image;

import io.streamfleet.apiserver.ApiServer;
import io.streamfleet.embedded.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs the console once, with an API server and a Redis in this process, and asks for its screens,
 * while the JVM records which classes it loads and links; the result is the AOT cache.
 */
final class ConsoleTraining {

  /** It answers within seconds; after this time the build is stuck and fails. */
  private static final Duration READY_TIMEOUT = Duration.ofSeconds(90);

  /** At its exit the JVM assembles the cache: seconds, or on a busy machine a minute. */
  private static final Duration ASSEMBLY_TIMEOUT = Duration.ofMinutes(3);

  private static final Pattern PORT = Pattern.compile("msg=\"serving the console\" port=(\\d+)");

  private static final String FLEET = "/api/fleets/default/training";

  private final Path repository;
  private final List<String> program;
  private final Path cache;
  private final Path log;

  /**
   * @param program the command that starts the console
   * @param cache output file
   * @param log receives the output of the console
   */
  ConsoleTraining(Path repository, List<String> program, Path cache, Path log) {
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
        RedisServer redis = RedisServer.plain();
        HttpClient http = HttpClient.newHttpClient()) {
      server.apply(
          Files.readString(repository.resolve("crds/streamconsumergroups.streamfleet.io.yaml")));
      server.apply(
          """
          apiVersion: streamfleet.io/v1alpha1
          kind: StreamConsumerGroup
          metadata: {name: training, namespace: default}
          spec:
            redis: {url: "%s"}
            inbound: {streams: [training], group: workers, handler: {builtin: Discard}}
          """
              .formatted(redis.url()));
      Process process = start(server.kubeconfig().write(kubeconfig), made);
      try {
        askForScreens(http, server.identity().token(), process);
        process.destroy();
        if (!process.waitFor(ASSEMBLY_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
            || process.exitValue() != 0) {
          throw new IOException("the console did not end in good order; see " + log);
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
                "STREAMFLEET_CONSOLE_PORT", "0",
                "STREAMFLEET_PORT", "0"));
    return builder.start();
  }

  private void askForScreens(HttpClient http, String token, Process process)
      throws IOException, InterruptedException {
    String url = "http://127.0.0.1:" + port(process);
    long end = System.nanoTime() + READY_TIMEOUT.toNanos();
    while (ask(http, token, url + FLEET + "/channels") != 200) {
      if (System.nanoTime() > end) {
        throw new IOException("the console does not answer; see " + log);
      }
      Thread.sleep(100);
    }
    for (String path :
        List.of(
            "/",
            "/api/me",
            "/api/fleets",
            FLEET,
            FLEET + "/events",
            FLEET + "/in-flight",
            FLEET + "/dead-letters",
            FLEET + "/dead-letter-groups",
            FLEET + "/why?what=1-1")) {
      if (ask(http, token, url + path) != 200) {
        throw new IOException("the console does not answer " + path + "; see " + log);
      }
    }
  }

  private static int ask(HttpClient http, String token, String url)
      throws IOException, InterruptedException {
    return http.send(
            HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Bearer " + token)
                .timeout(READY_TIMEOUT)
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private int port(Process process) throws IOException, InterruptedException {
    long end = System.nanoTime() + READY_TIMEOUT.toNanos();
    while (System.nanoTime() < end && process.isAlive()) {
      Matcher told = PORT.matcher(Files.exists(log) ? Files.readString(log) : "");
      if (told.find()) {
        return Integer.parseInt(told.group(1));
      }
      Thread.sleep(100);
    }
    throw new IOException("the console did not start; see " + log);
  }
}
