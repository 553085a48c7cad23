package io.streamfleet.local.fleet;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.apiserver.ApiServer;
import io.streamfleet.apiserver.access.Kubeconfig;
import io.streamfleet.apiserver.access.Users;
import io.streamfleet.apiserver.failure.ApiFailure;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.kubelet.ChildProcesses;
import io.streamfleet.kubelet.PodProcess;
import io.streamfleet.kubelet.ProcessKubelet;
import io.streamfleet.kubelet.ProcessListener;
import io.streamfleet.kubelet.Program;
import io.streamfleet.kubelet.WorkerProgram;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * A whole fleet on this machine: a Redis (unless there is one), an API server in this process, and
 * the operator and the workers as processes of their own, made of the pods that the API server has.
 *
 * <pre>{@code
 * try (LocalFleet fleet = LocalFleet.start(FleetPlan.of(repository, folder))) {
 *   fleet.apply(Files.readString(Path.of("my.yaml")));
 *   fleet.scale("default", "chat", 3);
 *   fleet.process("default", fleet.workers("chat").getFirst().name()).kill();
 *   fleet.process(LocalFleet.OPERATOR_NAMESPACE, fleet.operator().name()).kill();
 * }
 * }</pre>
 *
 * <p>Closing drains it: workers settle what they have in flight, and nothing stays but logs. Should
 * this process be killed, a guard does the same with the children.
 */
public final class LocalFleet implements AutoCloseable {

  /** Of what is no worker: the operator, and the console. */
  public static final String OPERATOR_NAMESPACE = "streamfleet-system";

  private static final String OPERATOR = "streamfleet-operator-";

  /**
   * The field manager of {@code kubectl apply --server-side}, so that it may change what was
   * applied here.
   */
  private static final String FIELD_MANAGER = "kubectl";

  private final FleetPlan plan;
  private final ChildProcesses children;
  private final FleetRedis redis;
  private final ProcessKubelet kubelet;
  private final ApiServer server;
  private final KubernetesClient client;
  private final OptionalInt console;

  private LocalFleet(
      FleetPlan plan,
      ChildProcesses children,
      FleetRedis redis,
      ProcessKubelet kubelet,
      ApiServer server,
      OptionalInt console) {
    this.plan = plan;
    this.children = children;
    this.redis = redis;
    this.kubelet = kubelet;
    this.server = server;
    this.client = server.client();
    this.console = console;
  }

  /**
   * Starts everything; the operator is starting when this returns, and there is no resource yet.
   *
   * @throws LocalFailure if something is missing, such as a port or a jar
   */
  public static LocalFleet start(FleetPlan plan) {
    Jars jars = new Jars(plan.root());
    jars.require(plan.console().isPresent());
    try {
      Files.createDirectories(plan.folder());
      ChildProcesses children = ChildProcesses.guarded(plan.processes());
      try {
        FleetRedis redis = FleetRedis.of(plan, children);
        try {
          return start(plan, jars, children, redis);
        } catch (IOException | RuntimeException e) {
          redis.close();
          throw e;
        }
      } catch (IOException | RuntimeException e) {
        children.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep the files of the fleet in " + plan.folder(), e);
    }
  }

  private static LocalFleet start(
      FleetPlan plan, Jars jars, ChildProcesses children, FleetRedis redis) throws IOException {
    List<Program> programs =
        new ArrayList<>(
            List.of(
                new WorkerProgram(jars.worker(plan.handlers())),
                new OperatorProgram(jars.operator(), plan.kubeconfig())));
    OptionalInt console = OptionalInt.empty();
    if (plan.console().isPresent()) {
      console = OptionalInt.of(ConsoleProgram.freePort(plan.console().getAsInt()));
      programs.add(new ConsoleProgram(jars.console(), plan.kubeconfig(), console.getAsInt()));
    }
    ProcessKubelet kubelet =
        ProcessKubelet.in(programs, plan.pods(), plan.logs(), plan.pace(), children);
    ApiServer server;
    try {
      server = ApiServer.start(kubelet, plan.apiPort());
    } catch (IllegalStateException e) {
      kubelet.close();
      throw LocalFailure.machine(
          "port %d is taken: pass another one by --port, or leave it out for any"
              .formatted(plan.apiPort()));
    }
    new Kubeconfig(plan.wayToApi().apply(server.url()), server.identity()).write(plan.kubeconfig());
    server.apply(jars.definition());
    server.apply(operatorManifest(plan.operatorSettings()));
    if (console.isPresent()) {
      server.apply(text("console.yaml"));
    }
    return new LocalFleet(plan, children, redis, kubelet, server, console);
  }

  private static String operatorManifest(Map<String, String> settings) throws IOException {
    StringBuilder env = new StringBuilder("          env:\n");
    settings.forEach(
        (name, value) ->
            env.append("            - {name: %s, value: \"%s\"}\n".formatted(name, value)));
    return text("operator.yaml").replace("          env:\n", env);
  }

  private static String text(String name) throws IOException {
    try (InputStream manifest = LocalFleet.class.getResourceAsStream(name)) {
      if (manifest == null) {
        throw new IllegalStateException(name + " is missing from the class path");
      }
      return new String(manifest.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /**
   * Applies StreamConsumerGroups and other objects; every resource gets this fleet's Redis.
   *
   * @param yaml documents; also a bare spec
   * @throws LocalFailure with all problems
   */
  public LocalManifest apply(String yaml) {
    LocalManifest manifest = LocalManifest.read(yaml, redis.place());
    try {
      for (String namespace : manifest.namespaces()) {
        server.apply(
            "{apiVersion: v1, kind: Namespace, metadata: {name: %s}}".formatted(namespace),
            FIELD_MANAGER);
      }
      server.apply(manifest.text(), FIELD_MANAGER);
    } catch (ApiFailure e) {
      throw LocalFailure.input(String.valueOf(e.getMessage()));
    }
    return manifest;
  }

  /** Like {@code kubectl scale}. */
  public void scale(String namespace, String name, int replicas) {
    client
        .resources(StreamConsumerGroup.class)
        .inNamespace(namespace)
        .withName(name)
        .scale(replicas);
  }

  /** Like {@code kubectl delete --wait=false}. */
  public void delete(String namespace, String name) {
    client.resources(StreamConsumerGroup.class).inNamespace(namespace).withName(name).delete();
  }

  /** The present StreamConsumerGroup. */
  public Optional<StreamConsumerGroup> resource(String namespace, String name) {
    return Optional.ofNullable(
        client.resources(StreamConsumerGroup.class).inNamespace(namespace).withName(name).get());
  }

  /** The workers of a StreamConsumerGroup, by name. */
  public List<FleetPod> workers(String group) {
    return pods().stream().filter(pod -> pod.group().equals(group)).toList();
  }

  /** All pods, by namespace and name. */
  public List<FleetPod> pods() {
    return client.pods().inAnyNamespace().list().getItems().stream().map(FleetPod::of).toList();
  }

  /**
   * The operator's pod.
   *
   * @throws NoSuchElementException if there is none
   */
  public FleetPod operator() {
    return pods().stream()
        .filter(
            pod ->
                pod.namespace().equals(OPERATOR_NAMESPACE)
                    && pod.name().startsWith(OPERATOR)
                    && !pod.isTerminating())
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException("there is no pod of the operator"));
  }

  /**
   * The process of a pod, to be killed.
   *
   * @throws NoSuchElementException if there is none
   */
  public PodProcess process(String namespace, String pod) {
    return kubelet
        .pod(namespace, pod)
        .orElseThrow(() -> new NoSuchElementException("no pod %s/%s".formatted(namespace, pod)));
  }

  /** Registers a listener for the processes of pods. */
  public void listen(ProcessListener listener) {
    kubelet.listen(listener);
  }

  /**
   * Deletes a pod.
   *
   * @param force at once, whatever its process does, like {@code --force --grace-period=0}
   */
  public void deletePod(String namespace, String name, boolean force) {
    Pod pod = client.pods().inNamespace(namespace).withName(name).get();
    if (force) {
      client.resource(pod).withGracePeriod(0).delete();
    } else {
      client.resource(pod).delete();
    }
  }

  /** A client of the API server, which is closed with the fleet. */
  public KubernetesClient client() {
    return client;
  }

  /** The URL of the API server. */
  public String apiUrl() {
    return server.url();
  }

  /** The URL of the console, if there is one; it may still be starting. */
  public Optional<String> consoleUrl() {
    return console.isPresent()
        ? Optional.of("http://127.0.0.1:" + console.getAsInt())
        : Optional.empty();
  }

  /** The users of whom the API server's access reviews know. */
  public Users users() {
    return server.users();
  }

  public Path kubeconfig() {
    return plan.kubeconfig();
  }

  public String redisUrl() {
    return redis.place().url();
  }

  /** The embedded Redis, if there is one. Whoever restarts it calls {@link #redisStartedAgain}. */
  public Optional<RedisServer> embeddedRedis() {
    return redis.server();
  }

  /** Tracks the process of a restarted Redis. */
  public void redisStartedAgain() {
    redis.startedAgain();
  }

  /**
   * Stops the workers gracefully, each within its grace period; they settle what they have in
   * flight. Their objects stay, and no more pods are started.
   *
   * @return those that could not settle everything, or did not stop in time
   */
  public List<String> drain() throws InterruptedException {
    Predicate<PodProcess> isWorker = pod -> !pod.namespace().equals(OPERATOR_NAMESPACE);
    kubelet.drain(isWorker);
    return kubelet.pods().stream()
        .filter(isWorker)
        .filter(pod -> pod.exitStatus().orElse(0) != 0)
        .map(PodProcess::name)
        .toList();
  }

  /** Drains and stops everything; only the logs stay. */
  @Override
  public void close() {
    try {
      drain();
      kubelet.drain(pod -> true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      client.close();
      server.close();
      kubelet.close();
      redis.close();
      children.close();
      forget(plan.kubeconfig());
    }
  }

  private static void forget(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + file, e);
    }
  }
}
