package io.streamfleet.worker.loop;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The thread that owns all state of a pipeline, so that the state needs no locks. Other threads
 * submit tasks. Each turn of the loop runs the submitted tasks in order, then the timers that are
 * due, then the end of the turn, which sends what the turn has collected in batches.
 *
 * <p>It is a platform thread: handlers that keep the carriers of virtual threads busy must not
 * delay the renewal of locks.
 */
public final class EventLoop implements Executor {

  /** Tasks of one turn at most, so that a flood of tasks does not delay timers and batches. */
  private static final int TASKS_A_TURN = 1_024;

  /** The longest sleep, so that {@link #lastTurn} tells an idle loop from a stuck one. */
  private static final long LONGEST_PARK_NANOS = Duration.ofMillis(500).toNanos();

  private final LongSupplier nanoTime;
  private final Runnable endOfTurn;
  private final Consumer<Throwable> failure;
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean awake = new AtomicBoolean(true);
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private final Thread thread;
  private volatile boolean stopped;
  private volatile long lastTurn;
  private long timerCount;

  /**
   * @param endOfTurn runs on the loop's thread after each turn
   * @param failure called with what a task threw; the loop continues
   */
  public EventLoop(
      String name, LongSupplier nanoTime, Runnable endOfTurn, Consumer<Throwable> failure) {
    this.nanoTime = nanoTime;
    this.endOfTurn = endOfTurn;
    this.failure = failure;
    this.lastTurn = nanoTime.getAsLong();
    this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /** Submits a task. Thread-safe. */
  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (!awake.get() && awake.compareAndSet(false, true)) {
      LockSupport.unpark(thread);
    }
  }

  /** Runs a task on the loop after a delay. To be called on the loop's thread. */
  public Timer after(Duration delay, Runnable task) {
    return afterNanos(delay.toNanos(), task);
  }

  /** Like {@link #after}, with the delay in nanoseconds. */
  public Timer afterNanos(long delay, Runnable task) {
    assertOwned();
    Timer timer = new Timer(nanoTime.getAsLong() + Math.max(0, delay), timerCount++, task);
    timers.add(timer);
    return timer;
  }

  /** The loop's clock, in nanoseconds of an arbitrary origin. */
  public long now() {
    return nanoTime.getAsLong();
  }

  /** When the loop last began a turn, by {@link #now()}. */
  public long lastTurn() {
    return lastTurn;
  }

  public boolean isOnThread() {
    return Thread.currentThread() == thread;
  }

  /**
   * Asserts that the caller is on the loop's thread. Before the loop starts, and after its end, any
   * thread may construct or close the pipeline. Does nothing unless assertions are enabled, as they
   * are in tests.
   *
   * @throws AssertionError if the loop runs and this is not its thread
   */
  public void assertOwned() {
    assert isOnThread() || !thread.isAlive()
        : "this belongs to the loop " + thread.getName() + ", not to " + Thread.currentThread();
  }

  /** Ends the loop after its current turn, and waits for that up to the limit. */
  public void stop(Duration limit) throws InterruptedException {
    stopped = true;
    LockSupport.unpark(thread);
    thread.join(limit);
  }

  private void run() {
    while (!stopped) {
      lastTurn = nanoTime.getAsLong();
      int count = 0;
      Runnable task;
      while (count < TASKS_A_TURN && (task = tasks.poll()) != null) {
        guarded(task);
        count++;
      }
      runDueTimers();
      guarded(endOfTurn);
      if (tasks.isEmpty()) {
        park();
      }
    }
  }

  private void runDueTimers() {
    Timer next;
    long now = nanoTime.getAsLong();
    while ((next = timers.peek()) != null && next.due - now <= 0) {
      timers.poll();
      if (!next.cancelled) {
        guarded(next.task);
      }
    }
  }

  /** A task that throws must not end the loop, on which every entry in flight depends. */
  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      report(e);
    }
  }

  /** The callback may fail for the same reason, such as a class that can't be loaded any more. */
  private void report(Throwable e) {
    try {
      failure.accept(e);
    } catch (RuntimeException | Error again) {
      // There is no other way to report it, and the loop must continue.
      e.addSuppressed(again);
    }
  }

  private void park() {
    awake.set(false);
    if (tasks.isEmpty() && !stopped) {
      Timer next = timers.peek();
      long wait = LONGEST_PARK_NANOS;
      if (next != null) {
        wait = Math.min(wait, next.due - nanoTime.getAsLong());
      }
      if (wait > 0) {
        LockSupport.parkNanos(this, wait);
      }
    }
    awake.set(true);
  }

  /** A scheduled task; belongs to the loop's thread. */
  public static final class Timer implements Comparable<Timer> {

    private final long due;
    private final long order;
    private final Runnable task;
    private boolean cancelled;

    private Timer(long due, long order, Runnable task) {
      this.due = due;
      this.order = order;
      this.task = task;
    }

    public void cancel() {
      cancelled = true;
    }

    @Override
    public int compareTo(Timer other) {
      int byTime = Long.compare(due - other.due, 0);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }
}
