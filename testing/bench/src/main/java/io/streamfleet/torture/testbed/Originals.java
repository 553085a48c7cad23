package io.streamfleet.torture.testbed;

import io.streamfleet.original.Main;
import io.streamfleet.torture.evidence.Departure;
import io.streamfleet.torture.evidence.Incident;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Original workers beside ours, as processes. Thread-safe. */
final class Originals implements AutoCloseable {

  /**
   * The lifetime of a lock, which is not renewed, relative to the handler timeout: longer than any
   * handling.
   */
  private static final double LOCK_FACTOR = 1.7;

  /** A message whose lock is not acquired within this time is appended to the stream again. */
  private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(8);

  /** Between two starts of a worker that exits before it consumes. */
  private static final Duration RESTART_DELAY = Duration.ofMillis(200);

  private final Journal journal;
  private final RedisPlace redis;
  private final HandlerServer handler;
  private final Timing timing;
  private final Path folder;
  private final AtomicInteger named = new AtomicInteger();
  private final Map<String, WorkerProcess> processes = new ConcurrentHashMap<>();
  private final Thread guard = Thread.ofPlatform().name("stop-originals").unstarted(this::killAll);

  Originals(Journal journal, RedisPlace redis, HandlerServer handler, Timing timing, Path folder) {
    this.journal = journal;
    this.redis = redis;
    this.handler = handler;
    this.timing = timing;
    this.folder = folder;
    Runtime.getRuntime().addShutdownHook(guard);
  }

  /**
   * Runs one, and returns when it has exited.
   *
   * @param timeout for its start and its exit
   * @throws IllegalStateException if it does not start, or does not exit
   */
  void beside(Duration length, boolean killed, Duration timeout) throws InterruptedException {
    String name = Names.ORIGINAL + named.getAndIncrement();
    long from = journal.now();
    try {
      WorkerProcess process = begun(name, timeout);
      CompletableFuture<Departure> gone = process.gone(journal);
      TimeUnit.NANOSECONDS.sleep(length.toNanos());
      if (killed) {
        process.kill(journal.now());
      } else {
        process.terminate(journal.now());
      }
      Departure departure = WorkerProcess.await(gone, name + " does not end", timeout);
      journal.add(departure);
      if (departure.why() == Departure.Why.KILLED) {
        journal.add(Incident.Kind.KILLED, name, departure.from(), "an original");
      }
    } finally {
      kill(name);
      processes.remove(name);
      journal.add(Incident.Kind.ORIGINAL, name, from, killed ? "then killed" : "then told to end");
    }
  }

  /**
   * Starts one, and starts it again if it exits before it consumes: it does not wait for an
   * unavailable Redis, and a supervisor would restart it, too.
   */
  private WorkerProcess begun(String name, Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    while (true) {
      WorkerProcess process = start(name);
      try {
        process.consuming().get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        return process;
      } catch (ExecutionException | TimeoutException e) {
        process.kill(journal.now());
        if (System.nanoTime() - end > 0) {
          throw new IllegalStateException(name + " does not consume", e);
        }
      }
      TimeUnit.NANOSECONDS.sleep(RESTART_DELAY.toNanos());
    }
  }

  /** SIGKILL to one, if it is one of these. */
  void kill(String name) {
    WorkerProcess process = processes.get(name);
    if (process != null) {
      process.kill(journal.now());
    }
  }

  private WorkerProcess start(String name) {
    try {
      WorkerProcess process =
          WorkerProcess.start(
              name, command(name), folder.resolve(name + ".log"), Optional.empty(), journal);
      processes.put(name, process);
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + name, e);
    }
  }

  private List<String> command(String name) {
    Duration lockTtl =
        Duration.ofMillis(Math.round(timing.handlerTimeout().toMillis() * LOCK_FACTOR));
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx64m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        Main.class.getName(),
        "--redis-url=" + redis.url(),
        "--name=" + name,
        "--stream=" + Names.IN,
        "--group=" + Names.GROUPS.getFirst().group(),
        "--locks=" + Names.LOCKS,
        "--lock-ttl=" + lockTtl,
        "--dead-letters=" + Names.DEAD,
        "--claims=" + Names.CLAIMS,
        "--min-idle=" + timing.minIdle(),
        "--patience=" + LOCK_TIMEOUT,
        "--handler=" + handler.url(),
        "--handler-timeout=" + timing.handlerTimeout());
  }

  private void killAll() {
    processes.values().forEach(it -> it.kill(journal.now()));
  }

  @Override
  public void close() {
    if (Runtime.getRuntime().removeShutdownHook(guard)) {
      killAll();
    }
  }
}
