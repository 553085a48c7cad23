package io.streamfleet.bench;

import io.lettuce.core.protocol.CommandType;
import io.streamfleet.bench.plot.Axis;
import io.streamfleet.bench.plot.Bars;
import io.streamfleet.bench.plot.Bars.Bar;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.torture.testbed.Departures;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The time from the death of a worker until all its entries in flight are acknowledged by another
 * one.
 */
final class Recovery {

  private static final String STREAM = "bench:recovery";

  private static final int PER_SECOND = 200;
  private static final int CHANNELS = 1_000;
  private static final Duration HANDLER = Duration.ofMillis(5);

  /** Shorter than the default, so that a run has several deaths; the same for all contenders. */
  private static final Duration MIN_IDLE = Duration.ofSeconds(5);

  /** Negligible beside 200 entries per second; makes a figure inexact by as much. */
  private static final Duration POLL_INTERVAL = Duration.ofMillis(2);

  /** As often as the operator retries. */
  private static final Duration DEPARTURE_RETRY = Duration.ofMillis(200);

  /** Entries that a worker handles before it is killed, because its first ones are slow. */
  private static final int WARM_UP_ENTRIES = 50;

  /** Eight times the maximum duration of a takeover by sweeps. */
  private static final Duration STUCK_AFTER = Duration.ofSeconds(60);

  /** A death with nothing in flight yields no figure; this happens occasionally. */
  private static final int MAX_TRIES = 5;

  /** More than are ever in flight at this load. */
  private static final int MAX_IN_FLIGHT = 1_000;

  /** The default of {@code ordering.lockTemplate}. */
  private static final String LOCK = "sg:lock:channel:{channel}";

  private final Lab lab;
  private final int kills;
  private final Table table;
  private final List<Bar> bars = new ArrayList<>();
  private int victims;

  Recovery(Lab lab, int kills) {
    this.lab = lab;
    this.kills = kills;
    this.table =
        new Table(
            "Recovery",
            """
            Milliseconds from SIGKILL of one of two workers until all its entries in flight are \
            acknowledged by the other, at %d entries/s, each handled for %d ms. By sweeps: the \
            other one claims entries idle for %d s, with two sweeps in that time. By hand-over: as \
            the operator does when a pod is gone, by the same scripts; without the time until the \
            operator notices.\
            """
                .formatted(PER_SECOND, HANDLER.toMillis(), MIN_IDLE.toSeconds()),
            List.of("contender", "work", "by", "kills", "entries in flight", "p50 ms", "max ms"));
  }

  /**
   * @param worker measured also with the operator's help
   * @param peers which have no such help
   */
  Findings run(Contender worker, List<Contender> peers) throws IOException, InterruptedException {
    measure(worker, false, true);
    measure(worker, true, true);
    measure(worker, false, false);
    for (Contender peer : peers) {
      if (peer.readsStreams()) {
        lab.gaps().measured("recovery", peer.name(), () -> measure(peer, false, false));
      }
    }
    Axis axis = Axis.logarithmic("ms, logarithmic");
    return new Findings(
        List.of(table),
        List.of(
            new Figure(
                "recovery.svg",
                new Bars("From the death of a worker to the last acknowledgement", axis, bars))));
  }

  /** The outcome of one death. */
  private record Death(double millis, int inFlight) {}

  private void measure(Contender contender, boolean ordered, boolean handedOver)
      throws IOException, InterruptedException {
    String kind = ordered ? "ordered, 1,000 channels" : "unordered";
    String by = handedOver ? "hand-over" : "sweeps";
    List<Death> deaths = deaths(contender, ordered, handedOver);
    double[] millis = deaths.stream().mapToDouble(Death::millis).sorted().toArray();
    long inFlight = deaths.stream().mapToLong(Death::inFlight).sum();
    double max = millis[millis.length - 1];
    table.row(contender.name(), kind, by, (long) kills, inFlight, Racer.median(millis), max);
    String who = "%s, %s, by %s".formatted(contender.name(), ordered ? "ordered" : kind, by);
    bars.add(new Bar(who, "median", Math.max(1, Racer.median(millis))));
    bars.add(new Bar(who, "greatest", Math.max(1, max)));
  }

  private List<Death> deaths(Contender contender, boolean ordered, boolean handedOver)
      throws IOException, InterruptedException {
    Messages messages = new Messages(CHANNELS);
    contender.clear(lab, STREAM);
    contender.fill(lab, STREAM, messages, 0);
    Work work = Work.of(STREAM, ordered, new Work.Wait(HANDLER)).withMinIdle(MIN_IDLE);
    List<Death> all = new ArrayList<>();
    try (Child survivor = contender.start(lab, work, "survivor");
        Steady load = new Steady(contender.publisher(lab, STREAM, messages, PER_SECOND));
        Settled settled = new Settled(lab.redis().url(), STREAM, Lab.GROUP)) {
      for (int tries = 0; all.size() < kills; tries++) {
        if (tries > MAX_TRIES * kills) {
          throw new IllegalStateException(
              contender.name() + " had nothing in flight at any of %d deaths".formatted(tries));
        }
        load.check();
        survivor.check();
        String name = "victim-" + ++victims;
        try (Child victim = contender.start(lab, work, name)) {
          Death death = new Scene(settled, victim, name, handedOver).death();
          // The last entry may have been acknowledged before the signal arrived.
          if (death.inFlight() > 0) {
            all.add(death);
            lab.say(
                "recovery, %s: %d entries of %s in %.0f ms"
                    .formatted(contender.name(), death.inFlight(), name, death.millis()));
          }
        }
      }
      load.close();
      survivor.terminate();
    } finally {
      contender.clear(lab, STREAM);
    }
    return all;
  }

  /** One worker, from its first entries until all its entries are acknowledged. */
  private static final class Scene {

    private final Settled settled;
    private final Child victim;
    private final String name;
    private final boolean handedOver;
    private final Set<String> open = new HashSet<>();

    Scene(Settled settled, Child victim, String name, boolean handedOver) {
      this.settled = settled;
      this.victim = victim;
      this.name = name;
      this.handedOver = handedOver;
    }

    Death death() throws IOException, InterruptedException {
      awaitBusy();
      victim.close();
      long diedAt = System.nanoTime();
      victim.handle().onExit().join();
      Departures burial = new Departures(settled.link(), LOCK);
      ConsumerGroup group = new ConsumerGroup(STREAM, Lab.GROUP);
      long buryAt = System.nanoTime();
      look();
      int inFlight = open.size();
      while (!open.isEmpty()) {
        if (handedOver && System.nanoTime() >= buryAt) {
          burial.proceed(group, name, true);
          buryAt += DEPARTURE_RETRY.toNanos();
        }
        if (System.nanoTime() - diedAt > STUCK_AFTER.toNanos()) {
          throw new IllegalStateException(
              "%d entries of a dead worker are not handled after %s"
                  .formatted(open.size(), STUCK_AFTER));
        }
        look();
        Thread.sleep(POLL_INTERVAL);
      }
      return new Death((System.nanoTime() - diedAt) / 1e6, inFlight);
    }

    /** Waits until the worker has had some entries and has one in flight. */
    private void awaitBusy() throws IOException, InterruptedException {
      Set<String> had = new HashSet<>();
      long since = System.nanoTime();
      List<String> now = List.of();
      while (had.size() < WARM_UP_ENTRIES || now.isEmpty()) {
        now = inFlight();
        had.addAll(now);
        victim.check(since);
        Thread.sleep(POLL_INTERVAL);
      }
    }

    private void look() {
      open.addAll(inFlight());
      if (!open.isEmpty()) {
        open.removeAll(new HashSet<>(settled.of(List.copyOf(open)).ids()));
      }
    }

    /** The entries pending under its name. */
    private List<String> inFlight() {
      return settled
          .link()
          .list(
              CommandType.XPENDING,
              Link.args()
                  .addKey(STREAM)
                  .add(Lab.GROUP)
                  .add("-")
                  .add("+")
                  .add(MAX_IN_FLIGHT)
                  .add(name))
          .join()
          .stream()
          .map(row -> Link.text(((List<?>) row).getFirst()))
          .toList();
    }
  }
}
