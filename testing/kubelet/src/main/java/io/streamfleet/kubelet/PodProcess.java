package io.streamfleet.kubelet;

import io.fabric8.kubernetes.api.model.Pod;
import io.streamfleet.apiserver.controller.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the container of one pod as a process, and restarts it when it ends by itself. One thread
 * runs it; any other thread may query and stop it.
 */
public final class PodProcess {

  private static final Logger LOG = LoggerFactory.getLogger(PodProcess.class);

  /** A missing ConfigMap or Secret usually follows in a moment. */
  private static final Duration POLL_INTERVAL = Duration.ofMillis(200);

  /**
   * Changes of Secrets and ConfigMaps arrive within this time; a real kubelet takes up to a minute.
   */
  private static final Duration REFRESH_INTERVAL = Duration.ofSeconds(5);

  private final Pod pod;
  private final Node node;
  private final Program program;
  private final PodLog log;
  private final PodLaunch launch;
  private final Surroundings environment;
  private final PodReport report;
  private final ReentrantLock lock = new ReentrantLock();
  // These three are guarded by the lock.
  private @Nullable Process process;
  private OptionalInt port = OptionalInt.empty();
  private boolean over;

  private final CountDownLatch stopRequested = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);

  PodProcess(Pod pod, Node node, Program program, Surroundings environment) {
    String place = pod.getMetadata().getNamespace() + "_" + pod.getMetadata().getName();
    this.pod = pod;
    this.node = node;
    this.program = program;
    this.log = new PodLog(environment.logs().resolve(place + ".log").toAbsolutePath());
    this.launch =
        new PodLaunch(
            pod, node, program, environment.pods().resolve(place).toAbsolutePath(), log.file());
    this.environment = environment;
    this.report = new PodReport(pod, node, environment.clock());
  }

  /** The pod's name. */
  public String name() {
    return pod.getMetadata().getName();
  }

  public String namespace() {
    return pod.getMetadata().getNamespace();
  }

  /** Its log, across restarts. */
  public Path log() {
    return log.file();
  }

  /** What is kept of its log. */
  public String said() {
    try {
      return log.text();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the log of " + name(), e);
    }
  }

  /** The id of its process, while it runs. */
  public OptionalLong pid() {
    lock.lock();
    try {
      return process != null && process.isAlive()
          ? OptionalLong.of(process.pid())
          : OptionalLong.empty();
    } finally {
      lock.unlock();
    }
  }

  /** The exit status of its process; empty while it runs, and before it was started. */
  public OptionalInt exitStatus() {
    lock.lock();
    try {
      return process == null || process.isAlive()
          ? OptionalInt.empty()
          : OptionalInt.of(process.exitValue());
    } finally {
      lock.unlock();
    }
  }

  /** The port of its health and metrics, once it has one; a new one after each restart. */
  public OptionalInt port() {
    lock.lock();
    try {
      return port;
    } finally {
      lock.unlock();
    }
  }

  /** SIGKILL: the process is restarted, as after a crash. */
  public void kill() {
    lock.lock();
    try {
      if (process != null) {
        process.destroyForcibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The process ends at once and is not restarted, as on a node that lost its power. */
  public void crash() {
    lock.lock();
    try {
      over = true;
      stopRequested.countDown();
      if (process != null) {
        process.destroyForcibly();
      }
    } finally {
      lock.unlock();
    }
  }

  void run() {
    try {
      int failures = 0;
      while (prepare()) {
        long begun = System.nanoTime();
        long said = log.length();
        Optional<Process> started = start();
        if (started.isEmpty()) {
          return;
        }
        watch(started.get());
        environment.listeners().forEach(it -> it.ended(this, started.get().exitValue()));
        if (isOver()) {
          return;
        }
        int status = started.get().exitValue();
        String why = LastWords.of(status, log.end(said));
        report.ended(status, why);
        boolean longEnough = System.nanoTime() - begun > environment.pace().forgiven().toNanos();
        failures = longEnough ? 1 : failures + 1;
        backOff(failures, why);
      }
    } catch (IOException | RuntimeException e) {
      LOG.error("pod {} cannot be run", name(), e);
      report.waiting("CreateContainerError", String.valueOf(e.getMessage()));
      node.tell(pod, "Warning", "Failed", "Error: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      done.countDown();
    }
  }

  /**
   * Prepares the pod's files, waiting for the objects that they come from; false if the pod was
   * stopped before.
   */
  private boolean prepare() throws IOException, InterruptedException {
    String problem = "";
    while (!isOver()) {
      try {
        launch.refresh();
        return true;
      } catch (NotYet e) {
        String now = String.valueOf(e.getMessage());
        if (!now.equals(problem)) {
          problem = now;
          report.waiting("ContainerCreating", now);
          node.tell(pod, "Warning", "FailedMount", now);
        }
      }
      stopRequested.await(POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }
    return false;
  }

  private String containerName() {
    return pod.getSpec().getContainers().getFirst().getName();
  }

  private Optional<Process> start() throws IOException {
    int free = PodLaunch.freePort();
    ProcessBuilder builder = launch.builder(free);
    lock.lock();
    try {
      if (over) {
        return Optional.empty();
      }
      Process fresh = builder.start();
      environment.children().add(fresh.toHandle(), program.role());
      process = fresh;
      port = OptionalInt.of(free);
      environment.listeners().forEach(it -> it.started(this));
      return Optional.of(fresh);
    } finally {
      lock.unlock();
    }
  }

  private void watch(Process running) throws IOException, InterruptedException {
    int served = port().orElseThrow();
    node.annotate(
        pod,
        Map.of(
            ProcessKubelet.PID,
            Long.toString(running.pid()),
            ProcessKubelet.PORT,
            Integer.toString(served)));
    Instant since = environment.clock().instant();
    report.running(since, false, false);
    node.tell(pod, "Normal", "Started", "Started container " + containerName());
    Vitals vitals =
        new Vitals(
            pod.getSpec().getContainers().getFirst(),
            probe -> environment.http().problem(probe, served),
            System::nanoTime);
    long nextRefresh = System.nanoTime() + REFRESH_INTERVAL.toNanos();
    while (!running.waitFor(pause(vitals).toMillis(), TimeUnit.MILLISECONDS)) {
      boolean started = vitals.isStarted();
      boolean ready = vitals.isReady();
      Optional<String> failure = isOver() ? Optional.empty() : vitals.look();
      if (failure.isPresent()) {
        node.tell(pod, "Warning", "Unhealthy", failure.get());
        node.tell(
            pod,
            "Normal",
            "Killing",
            "Container %s failed a probe, will be restarted".formatted(containerName()));
        tell(running, pod);
      } else if (running.isAlive()
          && (started != vitals.isStarted() || ready != vitals.isReady())) {
        report.running(since, vitals.isStarted(), vitals.isReady());
      }
      if (System.nanoTime() - nextRefresh > 0) {
        nextRefresh = System.nanoTime() + REFRESH_INTERVAL.toNanos();
        refresh();
      }
    }
  }

  private static Duration pause(Vitals vitals) {
    Duration next = vitals.untilNext();
    return next.compareTo(REFRESH_INTERVAL) < 0 ? next : REFRESH_INTERVAL;
  }

  /** A deleted object keeps its last content in a running pod, as in a cluster. */
  private void refresh() throws IOException {
    try {
      launch.refresh();
      log.rotate();
    } catch (NotYet e) {
      LOG.debug("a volume of {} cannot be refreshed: {}", name(), e.getMessage());
    }
  }

  private void backOff(int failures, String why) throws InterruptedException {
    Duration pause = environment.pace().before(failures);
    if (pause.isPositive()) {
      report.waiting(
          "CrashLoopBackOff",
          "back-off %ds restarting failed container: %s".formatted(pause.toSeconds(), why));
      node.tell(pod, "Warning", "BackOff", "Back-off restarting failed container: " + why);
    }
    stopRequested.await(pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private boolean isOver() {
    lock.lock();
    try {
      return over;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Stops it as a kubelet does: SIGTERM first, SIGKILL after the grace period.
   *
   * @param ending the pod with its deletion
   */
  void stop(Pod ending) throws InterruptedException {
    Process running;
    lock.lock();
    try {
      over = true;
      stopRequested.countDown();
      running = process;
    } finally {
      lock.unlock();
    }
    if (running != null) {
      tell(running, ending);
    }
    done.await();
    try {
      launch.removeFiles();
    } catch (IOException e) {
      LOG.warn("the files of pod {} could not be removed", name(), e);
    }
  }

  private void tell(Process running, Pod ending) throws InterruptedException {
    environment.listeners().forEach(it -> it.toldToEnd(this));
    GracefulEnd.of(running, ending);
  }

  /** The same for a pod that stays in the API server. */
  void stop() throws InterruptedException {
    stop(pod);
  }
}
