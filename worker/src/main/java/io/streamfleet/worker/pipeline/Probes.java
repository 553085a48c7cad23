package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.breaker.Breaker;
import io.streamfleet.worker.breaker.Charge;
import io.streamfleet.worker.channel.Candidate;
import io.streamfleet.worker.channel.DispatchOrders;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Outcome;
import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends probes while the breaker of a pipeline's endpoint is open. Meanwhile entries wait in their
 * orders; one at a time is sent as a probe, a different one each time if possible. Belongs to the
 * pipeline's loop.
 */
final class Probes {

  /** A tenth of the pause between probes; a probe may be sent so much later than possible. */
  private static final Duration TICK = Duration.ofMillis(100);

  /**
   * How long a probe may take to reach the handler, which includes a call to Redis for its lock.
   * After that another entry becomes the probe.
   */
  private static final Duration UNDER_WAY = Duration.ofSeconds(1);

  private final EventLoop loop;
  private final IntakeSwitch intakeSwitch;
  private final Breaker breaker;
  private final Admission admission;
  private final DispatchOrders orders;
  private final RetrySchedule attempts;
  private final Deliveries deliveries;

  /** The number of the probe that an entry was last, counted within this outage. */
  private Map<String, Long> probed = new HashMap<>();

  private long probes;
  private long sendingSince;
  private EventLoop.@Nullable Timer next;

  Probes(
      Shared shared,
      Breaker breaker,
      Admission admission,
      DispatchOrders orders,
      RetrySchedule attempts,
      Deliveries deliveries) {
    this.loop = shared.loop();
    this.intakeSwitch = shared.intakeSwitch();
    this.breaker = breaker;
    this.admission = admission;
    this.orders = orders;
    this.attempts = attempts;
    this.deliveries = deliveries;
  }

  void start() {
    breaker.listen(() -> loop.execute(this::look));
    look();
  }

  /** Reports an outcome to the breaker. Returns whether it uses an attempt. */
  Charge ended(Entry entry, Outcome outcome) {
    boolean wasProbe = admission.isProbe(entry);
    Charge charge = admission.ended(entry, outcome);
    look();
    if (wasProbe) {
      isOver();
    }
    return charge;
  }

  private void look() {
    if (!admission.follow()) {
      return;
    }
    if (admission.isShut()) {
      attempts.forgive(breaker.forgivenSince());
      orders.hold();
      tick();
    } else {
      probed.clear();
      cancelTick();
      orders.letGo();
    }
  }

  private void cancelTick() {
    EventLoop.Timer planned = next;
    if (planned != null) {
      planned.cancel();
    }
  }

  private void tick() {
    // First, so that probes continue even if a line below throws.
    next = loop.after(TICK, this::tick);
    if (admission.isSending() && loop.now() - sendingSince >= UNDER_WAY.toNanos()) {
      breaker.withdraw();
      isOver();
    }
    if (!intakeSwitch.isDraining()) {
      deliveries.takeBack(orders.held());
      if (breaker.reserve()) {
        send();
      }
    }
  }

  private void send() {
    List<Candidate> candidates = orders.candidates();
    Candidate probe =
        candidates.stream()
            .min(
                Comparator.comparing(Candidate::waits)
                    .thenComparingInt(Candidate::suspicion)
                    .thenComparingLong(this::lastProbed))
            .orElse(null);
    if (probe == null) {
      breaker.withdraw();
      return;
    }
    remember(probe, candidates);
    admission.sending(true);
    sendingSince = loop.now();
    probe.send().run();
  }

  private void remember(Candidate probe, List<Candidate> candidates) {
    Map<String, Long> still = new HashMap<>();
    for (Candidate candidate : candidates) {
      Long last = probed.get(key(candidate));
      if (last != null) {
        still.put(key(candidate), last);
      }
    }
    still.put(key(probe), ++probes);
    probed = still;
  }

  private long lastProbed(Candidate candidate) {
    return probed.getOrDefault(key(candidate), 0L);
  }

  private static String key(Candidate candidate) {
    return candidate.stream().stream() + ' ' + candidate.id();
  }

  /** The probe has ended, or was not started. */
  private void isOver() {
    admission.sending(false);
    orders.probed();
  }
}
