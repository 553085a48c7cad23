package io.streamfleet.torture.plan;

import io.streamfleet.torture.plan.Errand.Kind;
import io.streamfleet.torture.plan.Fault.BadLock;
import io.streamfleet.torture.plan.Fault.Beside;
import io.streamfleet.torture.plan.Fault.CancelElsewhere;
import io.streamfleet.torture.plan.Fault.CutApi;
import io.streamfleet.torture.plan.Fault.CutLink;
import io.streamfleet.torture.plan.Fault.Failover;
import io.streamfleet.torture.plan.Fault.FatalMessage;
import io.streamfleet.torture.plan.Fault.Flush;
import io.streamfleet.torture.plan.Fault.Freeze;
import io.streamfleet.torture.plan.Fault.HandlerDown;
import io.streamfleet.torture.plan.Fault.InJava;
import io.streamfleet.torture.plan.Fault.Kill;
import io.streamfleet.torture.plan.Fault.KillOperator;
import io.streamfleet.torture.plan.Fault.KillRedis;
import io.streamfleet.torture.plan.Fault.Large;
import io.streamfleet.torture.plan.Fault.LoseGroup;
import io.streamfleet.torture.plan.Fault.LoseReplies;
import io.streamfleet.torture.plan.Fault.LoseStream;
import io.streamfleet.torture.plan.Fault.Namesake;
import io.streamfleet.torture.plan.Fault.PauseRedis;
import io.streamfleet.torture.plan.Fault.RefuseStream;
import io.streamfleet.torture.plan.Fault.RefuseWrites;
import io.streamfleet.torture.plan.Fault.Roll;
import io.streamfleet.torture.plan.Fault.RollWaiting;
import io.streamfleet.torture.plan.Fault.Scale;
import io.streamfleet.torture.plan.Fault.SlowLink;
import io.streamfleet.torture.plan.Fault.Solo;
import io.streamfleet.torture.plan.Fault.StallLink;
import io.streamfleet.torture.plan.Fault.Terminate;
import io.streamfleet.torture.plan.Fault.Unread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/**
 * The schedule of faults: rounds, each with every kind of fault in its own order. A step waits for
 * a number of handled messages and not for time, so that slow and fast machines see the same
 * faults.
 */
public record Schedule(long seed, Setting setting) {

  /** The maximum number of handled messages between two faults; some follow immediately. */
  private static final int MAX_GAP = 150;

  /** Few enough that the operator has not yet finished its work. */
  private static final int OPERATOR_GAP = 20;

  private static final int SOLO_MESSAGES = 120;

  /** Enough for those in flight at once to exceed a worker's heap here, however few it has. */
  private static final int LARGE_MESSAGES = 60;

  private static final int LARGE_BYTES = 2_000_000;

  /** Alone more than a worker's payload buffer here. */
  private static final int TOO_LARGE_BYTES = 5_000_000;

  /** Together more than a worker's heap here. */
  private static final int TOO_LARGE_MESSAGES = 20;

  /**
   * One step.
   *
   * @param after the number of messages to be handled since the previous step
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
    // Runs between rounds, when no other fault is active.
    faults.add(new Solo(SOLO_MESSAGES));
    return faults.stream().map(it -> new Step(peace(it, random), it)).toList();
  }

  private static int peace(Fault before, Random random) {
    return random.nextInt(before instanceof KillOperator ? OPERATOR_GAP : MAX_GAP);
  }

  /** Kills the operator in the middle of its work, where it has any. */
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
    List<Fault> faults = setting.usual() ? usualFaults(random) : new ArrayList<>();
    // In the order of the parts, so that a seed determines a run.
    new TreeSet<>(setting.parts()).forEach(part -> faults.addAll(faultsOf(part, random)));
    return faults;
  }

  private List<Fault> usualFaults(Random random) {
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
    // Original workers load messages of any size.
    if (setting.redis().knownToOriginals() && !setting.parts().contains(Part.TOO_LARGE)) {
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

  private List<Fault> faultsOf(Part part, Random random) {
    return switch (part) {
      case GROUP_LOST -> List.of(new LoseGroup(false), new LoseGroup(random.nextBoolean()));
      case STREAM_LOST -> List.of(new LoseStream());
      case FLUSHED -> List.of(new Flush());
      case WRITES_REFUSED -> List.of(new RefuseWrites(setting.beyond().plus(moment(random))));
      case BAD_LOCK -> List.of(new BadLock());
      case LARGE_MESSAGES -> List.of(new Large(Kind.PLAIN, LARGE_MESSAGES, LARGE_BYTES));
      case TOO_LARGE -> List.of(new Large(Kind.TOO_LARGE, TOO_LARGE_MESSAGES, TOO_LARGE_BYTES));
      case OTHER_DATABASE -> List.of(new CancelElsewhere(), new CancelElsewhere());
      case RETRY_AFTER -> List.of(new RollWaiting());
      case STREAM_REFUSES -> List.of(new RefuseStream(moment(random)));
      case UNREAD_LOG -> List.of(new Unread());
      case NAMESAKES -> List.of(new Namesake(victim(random)));
      case JAVA_HANDLER -> List.of(new InJava());
      // When it is dead, its name decides whose entries and locks are released.
      case NESTED_NAMES -> List.of(new Kill(victim(random), true), new Kill(victim(random), true));
      case HANDLER_DOWN -> handlerDown(random);
      case FROM_END -> List.of();
    };
  }

  private List<Fault> handlerDown(Random random) {
    return Arrays.stream(HandlerTrouble.values())
        .map(it -> (Fault) new HandlerDown(it, it.length(moment(random))))
        .toList();
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
