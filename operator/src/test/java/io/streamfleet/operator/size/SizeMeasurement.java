package io.streamfleet.operator.size;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.apiserver.ApiServer;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.operator.Main;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * How much memory and time the operator takes for many resources: it runs as a process with the
 * options that it is given, and so does the API server, on one Redis. Prints figures.
 *
 * <p>{@code SizeMeasurement <resources> <pods each> <option of the operator's JVM>...}, such as
 * {@code @jvm.options -XX:MaxRAM=256m}; with {@code server <port file>} it is the API server.
 */
public final class SizeMeasurement {

  /** A namespace holds a few dozen fleets at the most. */
  private static final int RESOURCES_IN_A_NAMESPACE = 25;

  private static final Path CRD = Path.of("..", "crds", "streamconsumergroups.streamfleet.io.yaml");
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** Long enough for some looks at Redis. */
  private static final Duration IDLE = Duration.ofSeconds(60);

  /** In the first of these times it still hears of what it did before. */
  private static final int IDLE_TIMES = 2;

  /** What takes less than a second is looked for this often. */
  private static final Duration QUICK = Duration.ofMillis(5);

  /** From the change of a spec to the change of its Deployment, each of another resource. */
  private static final int CHANGES = 50;

  private SizeMeasurement() {}

  /** Measures, or serves who measures. */
  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("server")) {
      serve(Path.of(arguments[1]));
      return;
    }
    int resources = Integer.parseInt(arguments[0]);
    int pods = Integer.parseInt(arguments[1]);
    Path folder = Files.createTempDirectory("size");
    Path address = folder.resolve("server");
    Process server =
        java(
            folder,
            "server.log",
            List.of("-Xmx1500m"),
            SizeMeasurement.class,
            Map.of(),
            "server",
            address.toString());
    try (RedisServer redis = RedisServer.plain()) {
      until(server, QUICK, () -> Files.exists(address));
      Config config = Config.fromKubeconfig(address.toFile());
      try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
        measure(
            folder,
            client,
            address,
            redis,
            resources,
            pods,
            List.of(arguments).subList(2, arguments.length));
      }
    } finally {
      server.destroyForcibly().waitFor();
    }
  }

  private static void serve(Path address) throws Exception {
    try (ApiServer server = ApiServer.start()) {
      server.apply(Files.readString(CRD));
      server.kubeconfig().write(address);
      new CountDownLatch(1).await();
    }
  }

  private static void measure(
      Path folder,
      KubernetesClient client,
      Path kubeconfig,
      RedisServer redis,
      int resources,
      int pods,
      List<String> options)
      throws Exception {
    for (int i = 0; i < resources; i++) {
      if (i % RESOURCES_IN_A_NAMESPACE == 0) {
        client
            .resource(
                "apiVersion: v1\nkind: Namespace\nmetadata: {name: %s}\n".formatted(namespace(i)))
            .create();
      }
      client.resource(resource(i, pods, redis.url())).create();
    }
    say("%d resources are there", resources);
    int port = freePort();
    Instant start = Instant.now();
    Process operator =
        java(
            folder,
            "operator.log",
            options,
            Main.class,
            Map.of(
                "KUBECONFIG",
                kubeconfig.toString(),
                "STREAMFLEET_PORT",
                Integer.toString(port),
                "POD_NAME",
                "size"));
    try {
      until(operator, Duration.ofSeconds(1), () -> ready(client) == resources);
      say(
          "all %d ready after %d s, %s",
          resources, Duration.between(start, Instant.now()).toSeconds(), memory(operator));
      say("pid %d, log in %s", operator.pid(), folder);
      for (int i = 0; i < IDLE_TIMES; i++) {
        idle(operator, port);
      }
      List<Long> millis = new ArrayList<>();
      for (int i = 0; i < CHANGES; i++) {
        millis.add(change(client, operator, i * resources / CHANGES));
      }
      Collections.sort(millis);
      say(
          "%d changes, one after another: applied after %d ms at the median, %d at the most, %s",
          CHANGES, millis.get(CHANGES / 2), millis.getLast(), memory(operator));
    } finally {
      operator.destroy();
      operator.waitFor();
      say("operator ended with %d", operator.exitValue());
    }
  }

  /** What an operator does with which nothing is to be done. */
  private static void idle(Process operator, int port) throws Exception {
    Map<String, Double> counters = counters(port);
    Duration before = operator.info().totalCpuDuration().orElseThrow();
    new CountDownLatch(1).await(IDLE.toSeconds(), TimeUnit.SECONDS);
    Duration spent = operator.info().totalCpuDuration().orElseThrow().minus(before);
    Map<String, Double> counted = new TreeMap<>(counters(port));
    counted.replaceAll((name, count) -> count - counters.getOrDefault(name, 0.0));
    counted.values().removeIf(count -> count == 0);
    say(
        "idle: %d ms of processor in %d s, %s, %s",
        spent.toMillis(), IDLE.toSeconds(), memory(operator), counted);
  }

  /** What the operator counts of its own work. */
  private static Map<String, Double> counters(int port) throws IOException {
    Map<String, Double> counters = new HashMap<>();
    try (InputStream metrics =
        URI.create("http://localhost:" + port + "/metrics").toURL().openStream()) {
      new String(metrics.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.matches("streamfleet_operator_\\w+_total\\b.*"))
          .forEach(
              line -> {
                int value = line.lastIndexOf(' ');
                counters.put(
                    line.substring("streamfleet_operator_".length(), value),
                    Double.valueOf(line.substring(value + 1)));
              });
    }
    return counters;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static long change(KubernetesClient client, Process operator, int i) throws Exception {
    var resource =
        client
            .resources(StreamConsumerGroup.class)
            .inNamespace(namespace(i))
            .withName("fleet-" + i);
    var deployment =
        client.apps().deployments().inNamespace(namespace(i)).withName("fleet-" + i + "-worker");
    long before = deployment.get().getMetadata().getGeneration();
    Instant start = Instant.now();
    resource.patch(
        io.fabric8.kubernetes.client.dsl.base.PatchContext.of(
            io.fabric8.kubernetes.client.dsl.base.PatchType.JSON_MERGE),
        "{\"spec\":{\"workers\":{\"podLabels\":{\"changed\":\"yes\"}}}}");
    until(operator, QUICK, () -> deployment.get().getMetadata().getGeneration() > before);
    return Duration.between(start, Instant.now()).toMillis();
  }

  private static long ready(KubernetesClient client) {
    return client.resources(StreamConsumerGroup.class).inAnyNamespace().list().getItems().stream()
        .filter(
            it ->
                it.getStatus() != null
                    && it.getStatus().conditions().stream()
                        .anyMatch(c -> c.type().equals("Ready") && c.status().equals("True")))
        .count();
  }

  private static String namespace(int i) {
    return "team-" + i / RESOURCES_IN_A_NAMESPACE;
  }

  private static String resource(int i, int pods, String redis) {
    return """
    apiVersion: streamfleet.io/v1alpha1
    kind: StreamConsumerGroup
    metadata: {name: fleet-%d, namespace: %s}
    spec:
      redis: {url: "%s"}
      inbound: {streams: ["in:%d"], handler: {builtin: Discard}}
      deadLetter: {stream: "dlq:%d"}
      workers: {replicas: %d}
    """
        .formatted(i, namespace(i), redis, i, i, pods);
  }

  private static Process java(
      Path folder,
      String log,
      List<String> options,
      Class<?> main,
      Map<String, String> environment,
      String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(log).toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Resident and peak, as the kernel counts them. */
  private static String memory(Process process) throws IOException {
    return Files.readAllLines(Path.of("/proc", "" + process.pid(), "status")).stream()
        .filter(line -> line.matches("(VmRSS|VmHWM|Threads):.*"))
        .map(line -> line.replaceAll("\\s+", " "))
        .reduce((a, b) -> a + ", " + b)
        .orElse("");
  }

  private static void until(Process needed, Duration pause, BooleanSupplier condition)
      throws Exception {
    Instant end = Instant.now().plus(PATIENCE);
    while (!condition.getAsBoolean()) {
      if (!needed.isAlive() || Instant.now().isAfter(end)) {
        throw new TimeoutException("no sign of it; see the logs");
      }
      new CountDownLatch(1).await(pause.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  @SuppressWarnings("AnnotateFormatMethod") // Nobody else calls it.
  private static void say(String what, Object... values) {
    System.out.printf(
        "%s load %.1f: %s%n",
        Instant.now(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
        what.formatted(values));
  }
}
