package io.streamfleet.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates the probes of a running container: whether it has started, is ready, and is alive. Not
 * thread-safe.
 */
final class Vitals {

  /**
   * Until a container is ready it is probed this often, whatever the period, because a developer
   * waits for it. The number of failures still counts by the period.
   */
  static final Duration FAST_PERIOD = Duration.ofMillis(200);

  private final @Nullable Probe startup;
  private final @Nullable Probe readiness;
  private final @Nullable Probe liveness;
  private final Look look;
  private final LongSupplier nanoTime;
  private final long begun;
  private boolean started;
  private boolean ready;
  private int notReady;
  private int notAlive;
  private long nextReadiness;
  private long nextLiveness;

  /** Executes a probe. */
  @FunctionalInterface
  interface Look {
    /** The problem, if any. */
    Optional<String> problem(Probe probe) throws InterruptedException;
  }

  Vitals(Container container, Look look, LongSupplier nanoTime) {
    this.startup = container.getStartupProbe();
    this.readiness = container.getReadinessProbe();
    this.liveness = container.getLivenessProbe();
    this.look = look;
    this.nanoTime = nanoTime;
    this.begun = nanoTime.getAsLong();
  }

  boolean isStarted() {
    return started;
  }

  boolean isReady() {
    return ready;
  }

  /** How long until the next probe is due. */
  Duration untilNext() {
    if (!started || !ready) {
      return FAST_PERIOD;
    }
    long next = liveness == null ? nextReadiness : Math.min(nextReadiness, nextLiveness);
    return Duration.ofNanos(Math.max(0, next - nanoTime.getAsLong()));
  }

  /**
   * Executes the probes that are due.
   *
   * @return why the container has to be restarted, if so
   */
  Optional<String> look() throws InterruptedException {
    if (!started) {
      Optional<String> problem = ask(startup);
      if (problem.isPresent()) {
        return nanoTime.getAsLong() - begun
                > startupLimit(Objects.requireNonNull(startup)).toNanos()
            ? Optional.of("Startup probe failed: " + problem.get())
            : Optional.empty();
      }
      started = true;
      nextReadiness = nanoTime.getAsLong();
      nextLiveness = nextReadiness;
    }
    long now = nanoTime.getAsLong();
    if (now - nextReadiness >= 0) {
      lookWhetherReady();
      Duration pause = ready && readiness != null ? period(readiness) : FAST_PERIOD;
      nextReadiness = now + (readiness == null ? Duration.ofHours(1) : pause).toNanos();
    }
    if (liveness != null && now - nextLiveness >= 0) {
      nextLiveness = now + period(liveness).toNanos();
      Optional<String> problem = ask(liveness);
      notAlive = problem.isEmpty() ? 0 : notAlive + 1;
      if (notAlive >= failures(liveness)) {
        return Optional.of("Liveness probe failed: " + problem.orElse(""));
      }
    }
    return Optional.empty();
  }

  private void lookWhetherReady() throws InterruptedException {
    if (ask(readiness).isEmpty()) {
      ready = true;
      notReady = 0;
    } else if (ready && ++notReady >= failures(Objects.requireNonNull(readiness))) {
      ready = false;
    }
  }

  private Optional<String> ask(@Nullable Probe probe) throws InterruptedException {
    return probe == null ? Optional.empty() : look.problem(probe);
  }

  private static Duration startupLimit(Probe probe) {
    return period(probe).multipliedBy(failures(probe));
  }

  private static Duration period(Probe probe) {
    return Duration.ofSeconds(Objects.requireNonNullElse(probe.getPeriodSeconds(), 10));
  }

  private static int failures(Probe probe) {
    return Objects.requireNonNullElse(probe.getFailureThreshold(), 3);
  }
}
