package io.streamfleet.torture.plan;

import io.streamfleet.torture.plan.Fault.Beside;
import io.streamfleet.torture.plan.Fault.CutApi;
import io.streamfleet.torture.plan.Fault.CutLink;
import io.streamfleet.torture.plan.Fault.Failover;
import io.streamfleet.torture.plan.Fault.FatalMessage;
import io.streamfleet.torture.plan.Fault.Freeze;
import io.streamfleet.torture.plan.Fault.Kill;
import io.streamfleet.torture.plan.Fault.KillOperator;
import io.streamfleet.torture.plan.Fault.KillRedis;
import io.streamfleet.torture.plan.Fault.LoseReplies;
import io.streamfleet.torture.plan.Fault.PauseRedis;
import io.streamfleet.torture.plan.Fault.Roll;
import io.streamfleet.torture.plan.Fault.Scale;
import io.streamfleet.torture.plan.Fault.SlowLink;
import io.streamfleet.torture.plan.Fault.Solo;
import io.streamfleet.torture.plan.Fault.StallLink;
import io.streamfleet.torture.plan.Fault.Terminate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What is done when: rounds, each with every kind of fault in an order of its own. A step waits for
 * messages to be handled rather than for time to pass, so that a slow machine sees the same faults
 * as a fast one.
 */
public record Schedule(long seed, Setting setting) {

  /** Handled messages between two faults, at the most: some follow on each other's heels. */
  private static final int LONGEST_PEACE = 150;

  /** So few that what the operator is about to see to is not yet done. */
  private static final int SHORTEST_PEACE = 20;

  private static final int SOLO_MESSAGES = 120;

  /**
   * One step.
   *
   * @param after how many messages are handled after the step before it
   */
  public record Step(int after, Fault fault) {}

  /** The steps of a round; the first one is round 0. */
  public List<Step> round(int number) {
    Random random = new Random(seed * 1_000_003 + number);
    List<Fault> faults = faults(random);
    Collections.shuffle(faults, random);
    if (setting.operated()) {
      faults = withoutOperator(faults);
    }
    // Peace is between rounds: nothing is in its way there.
    faults.add(new Solo(SOLO_MESSAGES));
    return faults.stream().map(it -> new Step(peace(it, random), it)).toList();
  }

  private static int peace(Fault before, Random random) {
    return random.nextInt(before instanceof KillOperator ? SHORTEST_PEACE : LONGEST_PEACE);
  }

  /** Where the operator has a part, it dies in the middle of it. */
  private static List<Fault> withoutOperator(List<Fault> faults) {
    List<Fault> all = new ArrayList<>();
    for (Fault fault : faults) {
      all.add(fault);
      if (fault instanceof Kill
          || fault instanceof Terminate
          || fault instanceof Scale
          || fault instanceof Roll
          || fault instanceof CutApi) {
        all.add(new KillOperator());
      }
    }
    return all;
  }

  private List<Fault> faults(Random random) {
    List<Fault> faults = new ArrayList<>();
    faults.add(new Kill(victim(random), true));
    faults.add(new Kill(victim(random), false));
    faults.add(new Terminate(victim(random)));
    faults.add(new Freeze(victim(random), setting.beyond().plusMillis(random.nextInt(2_000))));
    faults.add(new Freeze(victim(random), Duration.ofMillis(100 + random.nextInt(2_000))));
    faults.add(new PauseRedis(Duration.ofMillis(500 + random.nextInt(4_000))));
    faults.add(new Scale(1 + random.nextInt(setting.workers() + 1)));
    faults.add(new Roll());
    faults.add(new FatalMessage(victim(random)));
    if (setting.redis().knownToOriginals()) {
      faults.add(new Beside(moment(random), random.nextBoolean()));
    }
    if (setting.redis().failsOver()) {
      faults.add(new Failover());
    }
    if (setting.redis().hasFile()) {
      faults.add(new KillRedis(Duration.ofMillis(random.nextInt(3_000))));
    }
    if (setting.operated()) {
      faults.add(new CutApi(moment(random)));
    }
    if (setting.hasLinks()) {
      faults.addAll(faultsOfLinks(random));
    }
    return faults;
  }

  private List<Fault> faultsOfLinks(Random random) {
    return List.of(
        new CutLink(victim(random), moment(random)),
        new StallLink(victim(random), moment(random)),
        new LoseReplies(victim(random), Duration.ofMillis(random.nextInt(300))),
        new SlowLink(victim(random), Duration.ofMillis(20 + random.nextInt(200)), moment(random)));
  }

  private Duration moment(Random random) {
    return Duration.ofMillis(random.nextInt(Math.toIntExact(setting.beyond().toMillis())));
  }

  private static int victim(Random random) {
    return random.nextInt(1_000);
  }
}
