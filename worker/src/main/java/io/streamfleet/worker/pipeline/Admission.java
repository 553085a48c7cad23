package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.breaker.Breaker;
import io.streamfleet.worker.breaker.Charge;
import io.streamfleet.worker.breaker.Failure;
import io.streamfleet.worker.channel.Candidate;
import io.streamfleet.worker.channel.Gate;
import io.streamfleet.worker.channel.Lanes;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Outcome;
import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether entries of a pipeline may meet the handler, by the breaker of its endpoint: while that is
 * open they keep their places, and one at a time is sent as a probe, each time another. Belongs to
 * the pipeline's loop.
 */
final class Admission implements Gate {

  /** A tenth of the pause between probes: so much later than it could be a probe goes out. */
  private static final Duration TICK = Duration.ofMillis(100);

  /**
   * For so long a probe may be on its way to the handler, which is a call of Redis for its lock:
   * then another has its turn.
   */
  private static final Duration UNDER_WAY = Duration.ofSeconds(1);

  /**
   * So many entries in flight are enough to probe with. A worker that can handle nothing leaves
   * what is new to those that can.
   */
  private static final int ENOUGH_TO_PROBE = 16;

  private final PipelineContext pipeline;
  private final Breaker breaker;

  /** When which entry was the probe, in probes of this outage; others never were. */
  private Map<String, Long> probed = new HashMap<>();

  private long probes;
  private boolean shut;
  private boolean sending;
  private long sendingSince;
  private EventLoop.@Nullable Timer next;

  Admission(PipelineContext pipeline, Breaker breaker) {
    this.pipeline = pipeline;
    this.breaker = breaker;
  }

  void start() {
    breaker.listen(() -> pipeline.loop().execute(this::look));
    look();
  }

  @Override
  public boolean isShut() {
    return shut;
  }

  /** Whether more entries are to be taken in. */
  boolean takesIn() {
    return !shut || pipeline.credits().inFlight() < ENOUGH_TO_PROBE;
  }

  /** Whether a handler's thread may begin with an entry. */
  boolean admits(Entry entry) {
    return breaker.admits(entry);
  }

  // --- what came of entries

  /** Tells the breaker, and hears whether an attempt is used up. */
  Charge ended(Entry entry, Outcome outcome) {
    boolean wasProbe = breaker.isProbe(entry);
    Charge charge = tell(entry, outcome);
    look();
    if (wasProbe) {
      probeIsOver();
    }
    return charge;
  }

  private Charge tell(Entry entry, Outcome outcome) {
    switch (outcome) {
      case Outcome.Success _ -> breaker.succeeded(entry);
      case Outcome.Failed failed -> {
        return breaker.failed(entry, kind(failed), failed.failure());
      }
      case Outcome.Hindered _, Outcome.Interrupted _, Outcome.NotRun _ -> breaker.ended(entry);
    }
    return Charge.NOTHING;
  }

  private static Failure kind(Outcome.Failed failed) {
    return switch (failed) {
      case Outcome.Unavailable(_, var retryAfter) ->
          new Failure.Unavailable(retryAfter.orElse(Duration.ZERO));
      case Outcome.Broken _ -> new Failure.Broken();
      case Outcome.Transient _, Outcome.Permanent _ -> new Failure.OfMessage();
    };
  }

  // --- open and shut

  /** The breaker may have opened or closed, perhaps by another pipeline. */
  private void look() {
    if (breaker.isOpen() == shut) {
      return;
    }
    shut = !shut;
    Lanes lanes = pipeline.lanes();
    if (shut) {
      pipeline.attempts().forgive(breaker.forgivenSince());
      if (lanes != null) {
        lanes.hold();
      }
      tick();
    } else {
      probed.clear();
      sending = false;
      cancelTick();
      pipeline.unordered().letGo();
      if (lanes != null) {
        lanes.letGo();
      }
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
    next = pipeline.loop().after(TICK, this::tick);
    if (sending && pipeline.loop().now() - sendingSince >= UNDER_WAY.toNanos()) {
      breaker.withdraw();
      probeIsOver();
    }
    if (!pipeline.draining()) {
      pipeline.deliveries().takeBack(held());
      if (breaker.reserve()) {
        send();
      }
    }
  }

  private List<Entry> held() {
    List<Entry> held = new ArrayList<>(pipeline.unordered().held());
    Lanes lanes = pipeline.lanes();
    if (lanes != null) {
      held.addAll(lanes.held());
    }
    return held;
  }

  private void send() {
    List<Candidate> candidates = new ArrayList<>(pipeline.unordered().candidates());
    Lanes lanes = pipeline.lanes();
    if (lanes != null) {
      candidates.addAll(lanes.candidates());
    }
    Candidate next =
        candidates.stream()
            .min(Comparator.comparing(Candidate::waits).thenComparingLong(this::lastProbed))
            .orElse(null);
    if (next == null) {
      breaker.withdraw();
      return;
    }
    remember(next, candidates);
    sending = true;
    sendingSince = pipeline.loop().now();
    next.send().run();
  }

  private void remember(Candidate next, List<Candidate> candidates) {
    Map<String, Long> still = new HashMap<>();
    for (Candidate candidate : candidates) {
      Long last = probed.get(key(candidate));
      if (last != null) {
        still.put(key(candidate), last);
      }
    }
    still.put(key(next), ++probes);
    probed = still;
  }

  private long lastProbed(Candidate candidate) {
    return probed.getOrDefault(key(candidate), 0L);
  }

  private static String key(Candidate candidate) {
    return candidate.stream().stream() + ' ' + candidate.id();
  }

  @Override
  public boolean probe(Entry entry) {
    if (!sending) {
      return false;
    }
    sending = false;
    breaker.begin(entry);
    pipeline.dispatcher().apart(List.of(entry));
    return true;
  }

  private void probeIsOver() {
    sending = false;
    Lanes lanes = pipeline.lanes();
    if (lanes != null) {
      lanes.probed();
    }
  }
}
