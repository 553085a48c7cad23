package io.streamfleet.torture.testbed;

import io.streamfleet.embedded.FaultyLink;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.torture.evidence.EntryKey;
import io.streamfleet.torture.evidence.Incident;
import io.streamfleet.torture.plan.Errand;
import io.streamfleet.torture.plan.Errand.Kind;
import io.streamfleet.torture.plan.Fault;
import io.streamfleet.torture.plan.HandlerTrouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Executes a fault, and returns when it is over. Several may run at once, but only one for each
 * victim.
 */
final class FaultActions {

  /** Entries that wait while workers are replaced, each in its own channel. */
  private static final int DELAYED_ENTRIES = 4;

  /** Entries for a worker with the name of another one. */
  private static final int NAMESAKE_ENTRIES = 40;

  private static final Duration POLL_INTERVAL = Duration.ofMillis(100);

  private final Testbed field;
  private final Journal journal;
  private final Duration timeout;
  private final DataLoss losses;
  private final RefusedCommand refusals;
  private final ReentrantLock redisIsHurt = new ReentrantLock();
  private final Set<String> hurt = new HashSet<>();

  /**
   * @param timeout longer than any fault keeps a fleet from its work
   */
  FaultActions(Testbed field, Duration timeout) {
    this.field = field;
    this.journal = field.journal();
    this.timeout = timeout;
    this.losses = field.losses();
    this.refusals = new RefusedCommand(journal, field.producer(), field.look(), timeout);
  }

  /**
   * Executes a fault.
   *
   * @throws IllegalStateException if this fails
   */
  void hurt(Fault fault) throws InterruptedException {
    switch (fault) {
      case Fault.Kill(int victim, boolean helped) ->
          to(victim, worker -> field.workers().kill(worker, helped));
      case Fault.Terminate(int victim) -> to(victim, field.workers()::terminate);
      case Fault.Freeze(int victim, Duration length) -> to(victim, it -> freeze(it, length));
      case Fault.CutLink(int victim, Duration length) ->
          toLink(victim, length, "cut", FaultyLink::cut, FaultyLink::restore);
      case Fault.StallLink(int victim, Duration length) ->
          toLink(victim, length, "held up", FaultyLink::stall, FaultyLink::restore);
      case Fault.LoseReplies(int victim, Duration length) ->
          toLink(
              victim,
              length,
              "answers lost",
              FaultyLink::stallReplies,
              FaultActions::dropAndRestore);
      case Fault.SlowLink(int victim, Duration delay, Duration length) ->
          toLink(victim, length, "slow", it -> it.delay(delay), link -> link.delay(Duration.ZERO));
      case Fault.KillRedis(Duration length) ->
          toRedis("Redis was killed", it -> killRedis(it, length));
      case Fault.PauseRedis(Duration length) ->
          toRedis("Redis stood still", it -> pauseRedis(it, length));
      case Fault.Failover() -> toRedis("another Redis took over", field.redis()::failOver);
      case Fault.Scale(int workers) -> field.workers().scale(workers);
      case Fault.Roll() -> field.workers().roll(timeout);
      case Fault.FatalMessage(int victim) -> field.producer().publishFatal(victim);
      case Fault.KillOperator() -> operated().killOperator(timeout);
      case Fault.CutApi(Duration length) -> operated().cutApi(length);
      case Fault.Beside(Duration length, boolean killed) ->
          field.originals().beside(length, killed, timeout);
      case Fault.LoseGroup(boolean outbound) ->
          ofRedis(
              () -> losses.loseGroup(outbound ? Names.GROUPS.getLast() : Names.GROUPS.getFirst()));
      case Fault.LoseStream() -> ofRedis(losses::loseStream);
      case Fault.Flush() -> ofRedis(losses::flush);
      case Fault.RefuseWrites(Duration length) ->
          toRedis("Redis refused writes", server -> refusals.refuseWrites(length));
      case Fault.BadLock() -> ofRedis(() -> refusals.badLock("beside-" + journal.now()));
      case Fault.RefuseStream(Duration length) -> ofRedis(() -> refusals.refuseStream(length));
      case Fault.CancelElsewhere() -> ofRedis(refusals::cancelElsewhere);
      case Fault.Large(Kind kind, int messages, int bytes) -> publishLarge(kind, messages, bytes);
      case Fault.RollWaiting() -> rollWaiting();
      case Fault.Unread() -> processes().visitors().unread(processes().manifest(), timeout);
      case Fault.InJava() ->
          processes()
              .visitors()
              .inJava(processes().manifest(), field.producer(), this::ofRedis, timeout);
      case Fault.Namesake(int victim) ->
          to(
              victim,
              worker -> {
                processes()
                    .visitors()
                    .namesake(
                        processes().manifest(),
                        worker,
                        field.look(),
                        NAMESAKE_ENTRIES,
                        this::ofRedis,
                        timeout);
                return true;
              });
      case Fault.HandlerDown(HandlerTrouble trouble, Duration length) ->
          field.handler().outage().bring(trouble, length);
      case Fault.Solo(int messages) -> throw new IllegalStateException("not a fault: " + messages);
    }
  }

  private OperatedWorkers operated() {
    if (field.workers() instanceof OperatedWorkers operated) {
      return operated;
    }
    throw new IllegalStateException("there is no operator");
  }

  private ProcessWorkers processes() {
    if (field.workers() instanceof ProcessWorkers processes) {
      return processes;
    }
    throw new IllegalStateException("pods have handlers and logs as their resource says");
  }

  private void publishLarge(Kind kind, int messages, int bytes) throws InterruptedException {
    for (int i = 0; i < messages; i++) {
      int channel = i;
      field
          .producer()
          .publish((all, number) -> all.ordered(number, channel, new Errand(kind, 0), bytes));
    }
  }

  /** Replaces all workers while entries wait for a retry time that the handler has set. */
  private void rollWaiting() throws InterruptedException {
    ofRedis(
        () -> {
          List<EntryKey> waiting =
              field.producer().publishAlone(DELAYED_ENTRIES, "waiting", Kind.POSTPONE);
          journal.require(
              () -> journal.hasSeen(waiting),
              timeout,
              "what the handler is to postpone is not handled");
        });
    field.workers().roll(timeout);
  }

  private static void pause(Duration length) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(length.toNanos());
  }

  /** An action on a worker. */
  private interface DeedTo {

    /** Returns whether it was done: a worker may exit before. */
    boolean run(String worker) throws InterruptedException;
  }

  /** Performs an action on a worker that is not subject to another one. */
  private void to(int victim, DeedTo deed) throws InterruptedException {
    boolean done = false;
    while (!done) {
      String worker = take(victim);
      try {
        done = deed.run(worker);
      } finally {
        synchronized (hurt) {
          hurt.remove(worker);
          hurt.notifyAll();
        }
      }
    }
  }

  private String take(int victim) throws InterruptedException {
    synchronized (hurt) {
      while (true) {
        List<String> whole = new ArrayList<>(field.workers().consuming());
        whole.removeAll(hurt);
        if (!whole.isEmpty()) {
          String worker = whole.get(victim % whole.size());
          hurt.add(worker);
          return worker;
        }
        hurt.wait(POLL_INTERVAL.toMillis());
      }
    }
  }

  private boolean freeze(String worker, Duration length) throws InterruptedException {
    long from = journal.now();
    if (!field.workers().freeze(worker)) {
      return false;
    }
    try {
      pause(length);
    } finally {
      field.workers().thaw(worker);
      journal.add(Incident.Kind.FROZEN, worker, from, "stopped");
    }
    return true;
  }

  private void toLink(
      int victim,
      Duration length,
      String what,
      Consumer<FaultyLink> deed,
      Consumer<FaultyLink> undo)
      throws InterruptedException {
    to(
        victim,
        worker -> {
          Optional<FaultyLink> link = field.workers().link(worker);
          if (link.isEmpty()) {
            return false;
          }
          long from = journal.now();
          deed.accept(link.get());
          try {
            pause(length);
          } finally {
            undo.accept(link.get());
            awaitConnected();
            journal.add(Incident.Kind.LINK, worker, from, what);
          }
          return true;
        });
  }

  /** Replies that are in transit must not arrive afterwards. */
  private static void dropAndRestore(FaultyLink link) {
    link.cut();
    link.restore();
  }

  private interface DeedToRedis {
    void run(RedisServer server) throws InterruptedException;
  }

  private static void killRedis(RedisServer server, Duration length) throws InterruptedException {
    server.kill();
    pause(length);
    server.start();
  }

  private static void pauseRedis(RedisServer server, Duration length) throws InterruptedException {
    server.pause();
    pause(length);
    server.resume();
  }

  /** Performs an action on the data in Redis; no other one runs meanwhile. */
  private void ofRedis(FaultsUnderWay.Deed deed) throws InterruptedException {
    redisIsHurt.lockInterruptibly();
    try {
      deed.run();
    } finally {
      redisIsHurt.unlock();
    }
  }

  private void toRedis(String what, DeedToRedis deed) throws InterruptedException {
    redisIsHurt.lockInterruptibly();
    try {
      long from = journal.now();
      deed.run(field.redis().master());
      field.redis().settle();
      awaitConnected();
      // A failover may have happened where one is possible.
      Incident.Kind kind =
          field.redis().canFailOver() ? Incident.Kind.FAILOVER : Incident.Kind.REDIS;
      journal.add(kind, Incident.ALL, from, what);
    } finally {
      redisIsHurt.unlock();
    }
  }

  /** A fault is over when the workers have reconnected. */
  private void awaitConnected() throws InterruptedException {
    long since = journal.now();
    while (!field.workers().allConnected()) {
      if (journal.now() - since > timeout.toNanos()) {
        throw new IllegalStateException("not all workers have got through to Redis again");
      }
      pause(POLL_INTERVAL);
    }
    // Connected does not mean answered: leave time for one command of each worker.
    pause(Duration.ofSeconds(1));
  }
}
