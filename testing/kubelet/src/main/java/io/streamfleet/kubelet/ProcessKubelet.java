package io.streamfleet.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.streamfleet.apiserver.controller.Kubelet;
import io.streamfleet.apiserver.controller.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the container of each pod as a process: with the arguments and environment of the pod's
 * template, mounted volumes as files, probes, and the grace period. A pod with an image of an
 * unknown program is not started, and its status says so.
 */
public final class ProcessKubelet implements Kubelet, AutoCloseable {

  /** The annotation with the process id of a pod. */
  public static final String PID = "streamfleet.io/local-pid";

  /** The annotation with the port on loopback that replaces the pod's declared one. */
  public static final String PORT = "streamfleet.io/local-port";

  /** The reason of a container that waits for ever. */
  public static final String CANNOT_RUN = "CannotRunImage";

  private static final Logger LOG = LoggerFactory.getLogger(ProcessKubelet.class);

  private final List<Program> programs;
  private final Surroundings environment;
  private final Map<String, PodProcess> pods = new ConcurrentHashMap<>();
  private volatile boolean draining;

  private ProcessKubelet(List<Program> programs, Surroundings environment) {
    this.programs = List.copyOf(programs);
    this.environment = environment;
  }

  /**
   * Prepares to run pods.
   *
   * @param programs for their images
   * @param pods the folder of their files, which others must not read, since it contains Secrets
   * @param logs the folder of their logs, {@code NAMESPACE_NAME.log}
   */
  public static ProcessKubelet in(
      List<Program> programs, Path pods, Path logs, RestartPace pace, ChildProcesses children)
      throws IOException {
    Files.createDirectories(pods);
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(pods, PosixFilePermissions.fromString("rwx------"));
    }
    return new ProcessKubelet(
        programs,
        new Surroundings(
            pods,
            logs,
            pace,
            children,
            new HttpLook(),
            Clock.systemUTC(),
            new CopyOnWriteArrayList<>()));
  }

  @Override
  public void started(Pod pod, Node node) {
    if (draining) {
      return;
    }
    String name = pod.getMetadata().getName();
    Optional<Program> program = program(pod, node);
    if (program.isPresent()) {
      PodProcess process = new PodProcess(pod, node, program.get(), environment);
      pods.put(pod.getMetadata().getUid(), process);
      Thread.ofVirtual().name("pod-" + name).start(process::run);
    }
  }

  /** The program of a pod; empty if it has an unknown image or more than one container. */
  private Optional<Program> program(Pod pod, Node node) {
    List<Container> all = new ArrayList<>(pod.getSpec().getInitContainers());
    all.addAll(pod.getSpec().getContainers());
    Optional<Container> refused =
        all.stream()
            .filter(container -> programOf(container).isEmpty())
            .findFirst()
            .or(() -> all.stream().skip(1).findFirst());
    if (refused.isPresent()) {
      refuse(pod, node, refused.get());
      return Optional.empty();
    }
    return programOf(all.getFirst());
  }

  private Optional<Program> programOf(Container container) {
    return programs.stream().filter(it -> it.isIn(container.getImage())).findFirst();
  }

  private void refuse(Pod pod, Node node, Container container) {
    String message =
        ("container %s: image %s cannot run here. Pods are processes on this machine, there are no"
                + " containers, and only Streamfleet's own images are known. Take the container out"
                + " of the local manifest (spec.workers.sidecars, containers or image), start what"
                + " is in it yourself, and point the handler's url at it")
            .formatted(container.getName(), container.getImage());
    LOG.warn("pod {}: {}", pod.getMetadata().getName(), message);
    new PodReport(pod, node, environment.clock()).waiting(CANNOT_RUN, message);
    node.tell(pod, "Warning", CANNOT_RUN, message);
  }

  @Override
  public void stopping(Pod pod, Node node) {
    PodProcess process = pods.get(pod.getMetadata().getUid());
    if (process == null) {
      node.gone(pod);
      return;
    }
    Thread.ofVirtual()
        .name("stop-" + pod.getMetadata().getName())
        .start(
            () -> {
              try {
                process.stop(pod);
                pods.remove(pod.getMetadata().getUid());
                node.gone(pod);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (RuntimeException e) {
                LOG.warn("could not report that pod {} has ended", pod.getMetadata().getName(), e);
              }
            });
  }

  @Override
  public Optional<String> log(String namespace, String pod) {
    Path file = environment.logs().resolve(namespace + "_" + pod + ".log");
    try {
      return Files.exists(file) ? Optional.of(new PodLog(file).text()) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /** Registers a listener for processes. */
  public void listen(ProcessListener listener) {
    environment.listeners().add(listener);
  }

  /** The process of the pod of this name. */
  public Optional<PodProcess> pod(String namespace, String name) {
    return pods().stream()
        .filter(it -> it.namespace().equals(namespace) && it.name().equals(name))
        .findFirst();
  }

  /** All that run or are ending. */
  public List<PodProcess> pods() {
    return List.copyOf(pods.values());
  }

  /** Stops pods within their grace periods; their objects stay, and no more pods are started. */
  public void drain(Predicate<PodProcess> which) throws InterruptedException {
    draining = true;
    List<Thread> stops = new ArrayList<>();
    for (PodProcess process : pods()) {
      if (which.test(process)) {
        stops.add(Thread.ofVirtual().name("stop-" + process.name()).start(() -> stop(process)));
      }
    }
    for (Thread stop : stops) {
      stop.join();
    }
  }

  private static void stop(PodProcess process) {
    try {
      process.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Kills everything that runs, and deletes its files; the logs stay. */
  @Override
  public void close() {
    draining = true;
    List<PodProcess> left = pods();
    left.forEach(PodProcess::crash);
    left.forEach(ProcessKubelet::stop);
    environment.http().close();
    try (Stream<Path> files = Files.list(environment.pods())) {
      if (files.findAny().isEmpty()) {
        Files.delete(environment.pods());
      }
    } catch (IOException e) {
      LOG.warn("the folder of the pods could not be removed", e);
    }
  }
}
