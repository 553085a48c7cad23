package io.streamfleet.torture.testbed;

import io.streamfleet.torture.evidence.SoloSpan;
import io.streamfleet.torture.plan.Fault;
import io.streamfleet.torture.plan.Schedule.Step;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Executes the schedule, and fails the run if a part of it was not executed. */
public final class Torturer {

  /**
   * No fault keeps a fleet from its work for this long, even if the machine is so busy that a
   * worker takes twenty seconds to start: a killing message kills seven of them, one after the
   * other.
   */
  static final Duration STUCK_AFTER = Duration.ofMinutes(3);

  private static final Duration POLL_INTERVAL = Duration.ofMillis(100);

  private final Testbed field;
  private final Journal journal;
  private final int usual;
  private final Consumer<String> progress;
  private final FaultActions actions;
  private final FaultsUnderWay underWay = new FaultsUnderWay();

  /**
   * @param workers their number unless a fault changes it
   * @param progress receives progress messages
   */
  public Torturer(Testbed field, int workers, Consumer<String> progress) {
    this.field = field;
    this.journal = field.journal();
    this.usual = workers;
    this.progress = progress;
    this.actions = new FaultActions(field, STUCK_AFTER);
  }

  /** Starts the usual number of workers and the producer. */
  public void begin() throws InterruptedException, RunAborted {
    field.workers().scale(usual);
    awaitReady();
    field.producer().start();
  }

  /**
   * Executes the steps of a round, and returns when they are over.
   *
   * @throws RunAborted if one could not be executed, or there is no progress any more
   */
  public void carryOut(List<Step> steps) throws InterruptedException, RunAborted {
    for (Step step : steps) {
      awaitHandled(journal.handled() + step.after());
      progress.accept("%.1f s: %s".formatted(journal.now() / 1e9, step.fault()));
      if (step.fault() instanceof Fault.Solo(int messages)) {
        underWay.awaitAll(STUCK_AFTER);
        solo(messages);
      } else {
        underWay.start(step.fault().toString(), () -> actions.hurt(step.fault()));
      }
    }
    underWay.awaitAll(STUCK_AFTER);
  }

  /** Lets the fleet settle everything, and shuts it down cleanly. */
  public void end() throws InterruptedException, RunAborted {
    field.producer().pause();
    awaitSettled();
    awaitOriginalLocks();
    if (!field.workers().end(field.look()::hasNoNames, STUCK_AFTER)) {
      throw new RunAborted(
          "not all workers ended, or not all names of those that died could be removed");
    }
  }

  private void awaitHandled(int target) throws InterruptedException, RunAborted {
    int before = -1;
    while (journal.handled() < target) {
      int now = journal.handled();
      if (now == before) {
        throw new RunAborted("no handler was called for " + STUCK_AFTER);
      }
      before = now;
      journal.await(() -> journal.handled() >= target || journal.handled() > now, STUCK_AFTER);
      underWay.check();
    }
  }

  /**
   * Waits until every entry is settled; the number of open entries has to fall, or handlers have to
   * work.
   */
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
      } else if (journal.now() - since > STUCK_AFTER.toNanos()) {
        throw new RunAborted(
            open + " entries are not settled, and nothing has moved for " + STUCK_AFTER);
      }
      pause(POLL_INTERVAL);
    }
  }

  /** The locks of killed original workers expire by themselves; ours must be released. */
  private void awaitOriginalLocks() throws InterruptedException, RunAborted {
    long since = journal.now();
    while (field.look().hasOriginalLocks()) {
      if (journal.now() - since > STUCK_AFTER.toNanos()) {
        throw new RunAborted("a lock of an original worker does not run out");
      }
      pause(POLL_INTERVAL);
    }
  }

  private void awaitReady() throws InterruptedException, RunAborted {
    if (!field.workers().awaitReady(STUCK_AFTER)) {
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
