package io.streamfleet.operator.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.streamfleet.apiserver.controller.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The worker of one pod as a process, which is started again when it ends by itself. */
public final class PodProcess {

  /** A worker says what it has to say within milliseconds. */
  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(3);

  /** Tests wait for readiness; a kubelet has more to do and asks more seldom. */
  private static final Duration PROBE_PERIOD = Duration.ofMillis(200);

  /** As a kubelet's first back-off is, but shorter: nobody pays for the processor here. */
  private static final Duration RESTART_PAUSE = Duration.ofSeconds(1);

  private final Pod pod;
  private final Node node;
  private final List<String> command;
  private final Path folder;
  private final Volumes volumes;
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock.
  private @Nullable Process process;
  private boolean over;

  private final CountDownLatch ended = new CountDownLatch(1);

  PodProcess(Pod pod, Node node, List<String> command, Path folder, Volumes volumes) {
    this.pod = pod;
    this.node = node;
    this.command = List.copyOf(command);
    this.folder = folder;
    this.volumes = volumes;
  }

  /** The pod's name. */
  public String name() {
    return pod.getMetadata().getName();
  }

  /** What the worker says. */
  public Path log() {
    return folder.resolve("worker.log");
  }

  /** The process ends at once and is not started again, as on a node that lost its power. */
  public void crash() {
    lock.lock();
    try {
      over = true;
      ended.countDown();
      if (process != null) {
        process.destroyForcibly();
      }
    } finally {
      lock.unlock();
    }
  }

  void run() {
    try {
      Map<String, Path> mounted = volumes.mount(pod, folder.resolve("volumes"));
      try (HttpClient http = HttpClient.newBuilder().connectTimeout(PROBE_TIMEOUT).build()) {
        while (true) {
          int port = freePort();
          Process started = start(mounted, port);
          if (started == null) {
            return;
          }
          watch(started, http, URI.create("http://127.0.0.1:%d/readyz".formatted(port)));
          ended.await(RESTART_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable Process start(Map<String, Path> mounted, int port) throws IOException {
    Container container = pod.getSpec().getContainers().getFirst();
    List<String> line = new ArrayList<>(command);
    container.getArgs().forEach(argument -> line.add(local(argument, container, mounted)));
    line.addAll(List.of("--port", Integer.toString(port)));
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    for (EnvVar variable : container.getEnv()) {
      builder
          .environment()
          .put(variable.getName(), variable.getValueFrom() == null ? variable.getValue() : name());
    }
    lock.lock();
    try {
      if (over) {
        return null;
      }
      Process fresh = builder.start();
      process = fresh;
      return fresh;
    } finally {
      lock.unlock();
    }
  }

  /** A path in the container is one under the folder of what is mounted there. */
  private static String local(String argument, Container container, Map<String, Path> mounted) {
    for (VolumeMount mount : container.getVolumeMounts()) {
      if (argument.startsWith(mount.getMountPath() + "/")) {
        return mounted.get(mount.getName()) + argument.substring(mount.getMountPath().length());
      }
    }
    return argument;
  }

  private void watch(Process running, HttpClient http, URI readiness) throws InterruptedException {
    boolean ready = false;
    node.running(pod, false);
    while (!running.waitFor(PROBE_PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
      boolean now = isReady(http, readiness);
      if (now != ready) {
        ready = now;
        node.running(pod, now);
      }
    }
    if (ready) {
      node.running(pod, false);
    }
  }

  private static boolean isReady(HttpClient http, URI readiness) throws InterruptedException {
    try {
      HttpRequest request = HttpRequest.newBuilder(readiness).timeout(PROBE_TIMEOUT).build();
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Ends the worker as a kubelet does: asked first, and killed after the grace period. */
  void stop() throws InterruptedException {
    Process running;
    lock.lock();
    try {
      over = true;
      ended.countDown();
      running = process;
    } finally {
      lock.unlock();
    }
    if (running != null) {
      running.destroy();
      if (!running.waitFor(grace())) {
        running.destroyForcibly().waitFor();
      }
    }
  }

  private Duration grace() {
    Long seconds = pod.getMetadata().getDeletionGracePeriodSeconds();
    Long declared = pod.getSpec().getTerminationGracePeriodSeconds();
    return Duration.ofSeconds(seconds != null ? seconds : declared != null ? declared : 30);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** What the worker said, for whoever looks for the reason of a failure. */
  public String said() {
    try {
      return Files.readString(log());
    } catch (IOException e) {
      return "";
    }
  }
}
