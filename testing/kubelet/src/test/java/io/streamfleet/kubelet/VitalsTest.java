package io.streamfleet.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class VitalsTest {

  private final AtomicLong nanos = new AtomicLong();
  private final Set<String> failing = new HashSet<>();

  private static Probe probe(String path, int period, int failures) {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath(path)
        .endHttpGet()
        .withPeriodSeconds(period)
        .withFailureThreshold(failures)
        .build();
  }

  private Vitals vitals() {
    Container container =
        new ContainerBuilder()
            .withStartupProbe(probe("startup", 2, 3))
            .withReadinessProbe(probe("readiness", 5, 2))
            .withLivenessProbe(probe("liveness", 10, 3))
            .build();
    return new Vitals(
        container,
        it -> failing.contains(it.getHttpGet().getPath()) ? Optional.of("no") : Optional.empty(),
        nanos::get);
  }

  private Optional<String> after(Vitals vitals, int seconds) throws InterruptedException {
    nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
    return vitals.look();
  }

  @Test
  void whatHasStartedAndIsReadyIsLookedAtAsItsProbesSay() throws InterruptedException {
    Vitals vitals = vitals();
    assertThat(vitals.untilNext()).isEqualTo(Vitals.FAST_PERIOD);
    assertThat(vitals.look()).isEmpty();
    assertThat(vitals.isStarted()).isTrue();
    assertThat(vitals.isReady()).isTrue();
    assertThat(vitals.untilNext()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void whatDoesNotStartInTimeHasToBeStartedAnew() throws InterruptedException {
    Vitals vitals = vitals();
    failing.add("startup");
    assertThat(after(vitals, 5)).isEmpty();
    assertThat(vitals.isStarted()).isFalse();
    assertThat(after(vitals, 2)).contains("Startup probe failed: no");
  }

  @Test
  void oneMissIsForgivenBeforeAContainerIsNotReadyAnyMore() throws InterruptedException {
    Vitals vitals = vitals();
    vitals.look();
    failing.add("readiness");
    assertThat(after(vitals, 5)).isEmpty();
    assertThat(vitals.isReady()).isTrue();
    assertThat(after(vitals, 5)).isEmpty();
    assertThat(vitals.isReady()).isFalse();
    failing.clear();
    after(vitals, 1);
    assertThat(vitals.isReady()).isTrue();
  }

  @Test
  void whatMissesItsLivenessOftenEnoughHasToBeStartedAnew() throws InterruptedException {
    Vitals vitals = vitals();
    vitals.look();
    failing.add("liveness");
    assertThat(after(vitals, 10)).isEmpty();
    assertThat(after(vitals, 10)).isEmpty();
    assertThat(after(vitals, 10)).contains("Liveness probe failed: no");
  }
}
