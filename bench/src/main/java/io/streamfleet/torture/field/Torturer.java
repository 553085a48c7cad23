package io.streamfleet.torture.field;

import io.streamfleet.embedded.FaultyLink;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.torture.evidence.Incident;
import io.streamfleet.torture.plan.Fault;
import io.streamfleet.torture.plan.Schedule.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** Carries out steps: several faults may be under way at once, but one only for each victim. */
public final class Torturer {

  /** Nothing that is done to a fleet keeps it from its work for so long. */
  private static final Duration STUCK = Duration.ofSeconds(90);

  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  private final Field field;
  private final Journal journal;
  private final int usual;
  private final Consumer<String> progress;
  private final ReentrantLock redisIsHurt = new ReentrantLock();
  private final Set<String> hurt = new HashSet<>();
  private final List<Thread> underWay = new ArrayList<>();
  private int batchSize = 16;

  /**
   * @param workers how many there are unless a fault says otherwise
   * @param progress for who waits
   */
  public Torturer(Field field, int workers, Consumer<String> progress) {
    this.field = field;
    this.journal = field.journal();
    this.usual = workers;
    this.progress = progress;
  }

  /** Nothing moves any more, though nothing is in the way. */
  public static final class Stuck extends Exception {
    private static final long serialVersionUID = 1;

    Stuck(String message) {
      super(message);
    }
  }

  /** Starts the usual number of workers, and publishing. */
  public void begin() throws InterruptedException, Stuck {
    field.workers().scale(usual);
    awaitReady();
    field.producer().start();
  }

  /** Carries out the steps of a round, and heals what they have done. */
  public void carryOut(List<Step> steps) throws InterruptedException, Stuck {
    for (Step step : steps) {
      awaitHandled(journal.handled() + step.after());
      progress.accept("%.1f s: %s".formatted(journal.now() / 1e9, step.fault()));
      if (step.fault() instanceof Fault.Solo(int messages)) {
        heal();
        solo(messages);
      } else {
        underWay.add(
            Thread.ofVirtual()
                .name("fault")
                .start(() -> untilInterrupted(() -> hurt(step.fault()))));
      }
    }
    heal();
  }

  /** Lets the fleet settle everything, and ends it in good order. */
  public void end() throws InterruptedException, Stuck {
    field.producer().pause();
    awaitSettled();
    if (!field.workers().end(STUCK)) {
      throw new Stuck(
          "not all workers ended, or not all names of those that died could be removed");
    }
  }

  // --- waiting

  private void awaitHandled(int target) throws InterruptedException, Stuck {
    int before = -1;
    while (journal.handled() < target) {
      int now = journal.handled();
      if (now == before) {
        throw new Stuck("no handler was called for " + STUCK);
      }
      before = now;
      journal.await(() -> journal.handled() >= target || journal.handled() > now, STUCK);
    }
  }

  /** Waits until every entry is settled; what is open has to become less or be worked on. */
  private void awaitSettled() throws InterruptedException, Stuck {
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
        throw new Stuck(open + " entries are not settled, and nothing has moved for " + STUCK);
      }
      pause(LOOK_EVERY);
    }
  }

  private void awaitReady() throws InterruptedException, Stuck {
    if (!field.workers().awaitReady(STUCK)) {
      throw new Stuck("not all workers consume");
    }
  }

  private void heal() throws InterruptedException {
    for (Thread thread : underWay) {
      thread.join();
    }
    underWay.clear();
  }

  private static void pause(Duration length) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(length.toNanos());
  }

  private interface Deed {
    void run() throws InterruptedException;
  }

  private static void untilInterrupted(Deed deed) {
    try {
      deed.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // --- deeds

  private void solo(int messages) throws InterruptedException, Stuck {
    field.producer().pause();
    awaitSettled();
    field.workers().scale(1);
    awaitReady();
    String alone = field.workers().living().getFirst();
    long from = journal.now();
    field.producer().publish(messages);
    awaitSettled();
    journal.add(new io.streamfleet.torture.evidence.Solo(alone, from, journal.now()));
    field.workers().scale(usual);
    awaitReady();
    field.producer().resume();
  }

  private void hurt(Fault fault) throws InterruptedException {
    switch (fault) {
      case Fault.Kill(int victim, boolean helped) ->
          with(victim, worker -> field.workers().kill(worker, helped));
      case Fault.Terminate(int victim) -> with(victim, field.workers()::terminate);
      case Fault.Freeze(int victim, Duration length) -> with(victim, it -> freeze(it, length));
      case Fault.CutLink(int victim, Duration length) ->
          onLink(victim, length, "cut", FaultyLink::cut);
      case Fault.StallLink(int victim, Duration length) ->
          onLink(victim, length, "held up", FaultyLink::stall);
      case Fault.LoseReplies(int victim, Duration length) ->
          onLink(victim, length, "answers lost", FaultyLink::stallReplies);
      case Fault.SlowLink(int victim, Duration delay, Duration length) ->
          onLink(victim, length, "slow", link -> link.delay(delay));
      case Fault.KillRedis(Duration length) -> killRedis(length);
      case Fault.PauseRedis(Duration length) -> pauseRedis(length);
      case Fault.Failover() -> failOver();
      case Fault.Scale(int workers) -> field.workers().scale(workers);
      case Fault.Roll() -> roll();
      case Fault.Solo(int messages) -> throw new IllegalStateException("not a fault: " + messages);
    }
  }

  private interface DeedTo {
    void run(String worker) throws InterruptedException;
  }

  /** Does something to a worker to which nothing else is being done. */
  private void with(int victim, DeedTo deed) throws InterruptedException {
    String worker = take(victim);
    try {
      deed.run(worker);
    } finally {
      synchronized (hurt) {
        hurt.remove(worker);
        hurt.notifyAll();
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
        hurt.wait(LOOK_EVERY.toMillis());
      }
    }
  }

  private void freeze(String worker, Duration length) throws InterruptedException {
    long from = journal.now();
    field.workers().freeze(worker);
    try {
      pause(length);
    } finally {
      field.workers().thaw(worker);
      journal.add(Incident.Kind.FROZEN, worker, from, "stopped");
    }
  }

  private void onLink(int victim, Duration length, String what, Consumer<FaultyLink> deed)
      throws InterruptedException {
    with(
        victim,
        worker -> {
          Optional<FaultyLink> link = field.workers().link(worker);
          if (link.isEmpty()) {
            return;
          }
          long from = journal.now();
          deed.accept(link.get());
          try {
            pause(length);
          } finally {
            if (what.equals("answers lost")) {
              link.get().cut();
            }
            link.get().delay(Duration.ZERO);
            link.get().restore();
            awaitConnected();
            journal.add(Incident.Kind.LINK, worker, from, what);
          }
        });
  }

  /** A fault is over when the workers have got through again. */
  private void awaitConnected() throws InterruptedException {
    long since = journal.now();
    while (!field.workers().allConnected() && journal.now() - since < STUCK.toNanos()) {
      pause(LOOK_EVERY);
    }
    // Connected is not yet answered: a command goes out with the next turn of whoever wants it.
    pause(Duration.ofSeconds(1));
  }

  private void killRedis(Duration length) throws InterruptedException {
    toRedis(
        Incident.Kind.REDIS,
        "Redis was killed",
        server -> {
          server.kill();
          pause(length);
          server.start();
        });
  }

  private void pauseRedis(Duration length) throws InterruptedException {
    toRedis(
        Incident.Kind.REDIS,
        "Redis stood still",
        server -> {
          server.pause();
          pause(length);
          server.resume();
        });
  }

  private void failOver() throws InterruptedException {
    if (field.redis() instanceof RedisPlace.Sentinel sentinel) {
      toRedis(Incident.Kind.FAILOVER, "another Redis took over", server -> sentinel.failOver());
    }
  }

  private interface DeedToRedis {
    void run(RedisServer server) throws InterruptedException;
  }

  private void toRedis(Incident.Kind kind, String what, DeedToRedis deed)
      throws InterruptedException {
    redisIsHurt.lockInterruptibly();
    try {
      long from = journal.now();
      deed.run(field.redis().master());
      awaitConnected();
      journal.add(kind, Incident.ALL, from, what);
    } finally {
      redisIsHurt.unlock();
    }
  }

  /** As a Deployment rolls: one at a time, a new one first. */
  private void roll() throws InterruptedException {
    batchSize = batchSize == 16 ? 5 : 16;
    field.workers().configure(batchSize);
    for (String worker : field.workers().living()) {
      if (field.workers().living().contains(worker)) {
        field.workers().terminate(worker);
        field.workers().awaitReady(STUCK);
      }
    }
  }
}
