package io.streamfleet.torture.testbed;

import io.streamfleet.torture.evidence.SoloSpan;
import io.streamfleet.torture.plan.Fault;
import io.streamfleet.torture.plan.Schedule.Step;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Carries out the schedule, and fails the run where less is done than it says. */
public final class Torturer {

  /**
   * Nothing that is done to a fleet keeps it from its work for so long, even where the machine is
   * so busy that a worker takes twenty seconds to start: a message that kills takes seven of them,
   * one after the other.
   */
  static final Duration STUCK = Duration.ofMinutes(3);

  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  private final Testbed field;
  private final Journal journal;
  private final int usual;
  private final Consumer<String> progress;
  private final FaultActions actions;
  private final FaultsUnderWay underWay = new FaultsUnderWay();

  /**
   * @param workers how many there are unless a fault says otherwise
   * @param progress for who waits
   */
  public Torturer(Testbed field, int workers, Consumer<String> progress) {
    this.field = field;
    this.journal = field.journal();
    this.usual = workers;
    this.progress = progress;
    this.actions = new FaultActions(field, STUCK);
  }

  /** Starts the usual number of workers, and publishing. */
  public void begin() throws InterruptedException, RunAborted {
    field.workers().scale(usual);
    awaitReady();
    field.producer().start();
  }

  /**
   * Carries out the steps of a round, and returns when they are over.
   *
   * @throws RunAborted if one could not be carried out, or nothing moves any more
   */
  public void carryOut(List<Step> steps) throws InterruptedException, RunAborted {
    for (Step step : steps) {
      awaitHandled(journal.handled() + step.after());
      progress.accept("%.1f s: %s".formatted(journal.now() / 1e9, step.fault()));
      if (step.fault() instanceof Fault.Solo(int messages)) {
        underWay.awaitAll(STUCK);
        solo(messages);
      } else {
        underWay.start(step.fault().toString(), () -> actions.hurt(step.fault()));
      }
    }
    underWay.awaitAll(STUCK);
  }

  /** Lets the fleet settle everything, and ends it in good order. */
  public void end() throws InterruptedException, RunAborted {
    field.producer().pause();
    awaitSettled();
    awaitOriginalLocks();
    if (!field.workers().end(field.look()::hasNoNames, STUCK)) {
      throw new RunAborted(
          "not all workers ended, or not all names of those that died could be removed");
    }
  }

  // --- waiting

  private void awaitHandled(int target) throws InterruptedException, RunAborted {
    int before = -1;
    while (journal.handled() < target) {
      int now = journal.handled();
      if (now == before) {
        throw new RunAborted("no handler was called for " + STUCK);
      }
      before = now;
      journal.await(() -> journal.handled() >= target || journal.handled() > now, STUCK);
      underWay.check();
    }
  }

  /** Waits until every entry is settled; what is open has to become less or be worked on. */
  private void awaitSettled() throws InterruptedException, RunAborted {
    long since = journal.now();
    long least = Long.MAX_VALUE;
    int handled = journal.handled();
    long open;
    while ((open = field.look().open()) > 0) {
      if (open < least || journal.handled() > handled) {
        least = Math.min(least, open);
        handled = journal.handled();
        since = journal.now();
      } else if (journal.now() - since > STUCK.toNanos()) {
        throw new RunAborted(open + " entries are not settled, and nothing has moved for " + STUCK);
      }
      pause(LOOK_EVERY);
    }
  }

  /** Those of an original worker that was killed run out by themselves; ours must be released. */
  private void awaitOriginalLocks() throws InterruptedException, RunAborted {
    long since = journal.now();
    while (field.look().hasOriginalLocks()) {
      if (journal.now() - since > STUCK.toNanos()) {
        throw new RunAborted("a lock of an original worker does not run out");
      }
      pause(LOOK_EVERY);
    }
  }

  private void awaitReady() throws InterruptedException, RunAborted {
    if (!field.workers().awaitReady(STUCK)) {
      throw new RunAborted("not all workers consume");
    }
  }

  private static void pause(Duration length) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(length.toNanos());
  }

  private void solo(int messages) throws InterruptedException, RunAborted {
    field.producer().pause();
    awaitSettled();
    field.workers().scale(1);
    awaitReady();
    String alone = field.workers().living().getFirst();
    long from = journal.now();
    field.producer().publish(messages);
    awaitSettled();
    journal.add(new SoloSpan(alone, from, journal.now()));
    field.workers().scale(usual);
    awaitReady();
    field.producer().resume();
  }
}
