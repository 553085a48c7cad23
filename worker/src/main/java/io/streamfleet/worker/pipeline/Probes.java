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
 * What happens when the breaker of a pipeline's endpoint opens, and until it closes: entries are
 * held up in their orders, and one at a time is sent as a probe, each time another. Belongs to the
 * pipeline's loop.
 */
final class Probes {

  /** A tenth of the pause between probes: so much later than it could be a probe goes out. */
  private static final Duration TICK = Duration.ofMillis(100);

  /**
   * For so long a probe may be on its way to the handler, which is a call of Redis for its lock:
   * then another has its turn.
   */
  private static final Duration UNDER_WAY = Duration.ofSeconds(1);

  private final EventLoop loop;
  private final IntakeSwitch intakeSwitch;
  private final Breaker breaker;
  private final Admission admission;
  private final DispatchOrders orders;
  private final RetrySchedule attempts;
  private final Deliveries deliveries;

  /** When which entry was the probe, in probes of this outage; others never were. */
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

  /** Tells the breaker what came of an entry, and hears whether an attempt is used up. */
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
    // First: whatever fails below, the endpoint is probed again.
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

  /** The probe is with the handler no more, or did not get there. */
  private void isOver() {
    admission.sending(false);
    orders.probed();
  }
}
