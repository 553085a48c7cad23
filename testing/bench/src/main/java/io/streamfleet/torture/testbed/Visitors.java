package io.streamfleet.torture.testbed;

import io.streamfleet.torture.evidence.Departure;
import io.streamfleet.torture.evidence.Departure.Why;
import io.streamfleet.torture.evidence.EntryKey;
import io.streamfleet.torture.evidence.Incident;
import io.streamfleet.torture.plan.Errand.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Our workers in a different configuration than the fleet's: they start, work beside it for a
 * while, and are terminated. Thread-safe.
 */
final class Visitors {

  /** This many calls show that a worker works. */
  private static final int WORKING_CALLS = 10;

  /** Enough for one worker among four to get some of them. */
  private static final int LATE_MESSAGES = 60;

  private final Journal journal;
  private final RedisPlace redis;
  private final HandlerServer handler;
  private final ShippedWorker program;
  private final DepartureWorker departureWorker;
  private final Path folder;
  private final AtomicInteger named = new AtomicInteger();
  private final Map<String, WorkerProcess> processes = new ConcurrentHashMap<>();

  Visitors(
      Journal journal,
      RedisPlace redis,
      HandlerServer handler,
      ShippedWorker program,
      DepartureWorker departureWorker,
      Path folder) {
    this.journal = journal;
    this.redis = redis;
    this.handler = handler;
    this.program = program;
    this.departureWorker = departureWorker;
    this.folder = folder;
  }

  /** Runs an action while Redis has no faults: a failover may lose recent writes. */
  interface Calm {
    void whileIn(FaultsUnderWay.Deed deed) throws InterruptedException;
  }

  /**
   * A worker whose log is a full pipe, which is not read before it has exited.
   *
   * @throws IllegalStateException if it does not work, or does not exit
   */
  void unread(Manifest manifest, Duration timeout) throws InterruptedException {
    String name = "unread-" + named.getAndIncrement();
    String text = manifest.text(redis.url(), redis.isCluster(), handler.url(), 1);
    WorkerProcess process =
        started(name, text, file -> ShippedWorker.intoFullPipe(program.command(file, name)));
    try {
      // A message may kill it before.
      journal.require(
          () -> journal.handledBy(name) >= WORKING_CALLS || !process.isAlive(),
          timeout,
          name + " does nothing while nobody reads its log");
      end(process, timeout);
    } finally {
      process.readLog(folder.resolve(name + ".log"));
      leave(process);
    }
  }

  /**
   * A worker with a Java handler, some of whose answers fail when they are read.
   *
   * @throws IllegalStateException if it does not start or exit, or its failed messages are not
   *     retried
   */
  void inJava(Manifest manifest, Producer producer, Calm calm, Duration timeout)
      throws InterruptedException {
    String name = "java-" + named.getAndIncrement();
    String text =
        manifest.textInJava(
            redis.url(), redis.isCluster(), JavaHandler.class.getName(), handler.url());
    WorkerProcess process = started(name, text, file -> ShippedWorker.fromClassPath(file, name));
    process.readLog(folder.resolve(name + ".log"));
    try {
      WorkerProcess.await(process.consuming(), name + " does not consume", timeout);
      calm.whileIn(() -> publishLate(producer, timeout));
      end(process, timeout);
    } finally {
      leave(process);
    }
  }

  private void publishLate(Producer producer, Duration timeout) throws InterruptedException {
    List<EntryKey> late = producer.publishAlone(LATE_MESSAGES, "late", Kind.FAIL_LATE);
    journal.require(
        () -> journal.isDone(late),
        timeout,
        "what fails when a handler's answer is read is not tried again");
  }

  /**
   * A worker with the name of one of the fleet that reads another stream with the same channels; so
   * their locks are the same as well.
   *
   * @param entries of that stream, which it has to handle
   * @throws IllegalStateException if it does not handle them, or does not exit
   */
  void namesake(
      Manifest manifest,
      String name,
      RedisInspection look,
      int entries,
      Calm calm,
      Duration timeout)
      throws InterruptedException {
    String text =
        manifest.textOfOther(Names.OTHER_IN, redis.url(), redis.isCluster(), handler.url());
    String called = "namesake-" + named.getAndIncrement();
    Path file = folder.resolve(called + ".yaml");
    WorkerProcess process = started(called, text, manifestFile -> program.command(file, name));
    process.readLog(folder.resolve(called + ".log"));
    try {
      WorkerProcess.await(process.consuming(), called + " does not consume", timeout);
      calm.whileIn(
          () -> {
            List<EntryKey> all = look.appendToOther(entries);
            journal.require(
                () -> journal.hasSeen(all), timeout, called + " does not handle what it reads");
          });
      end(process, timeout);
    } finally {
      process.kill(journal.now());
      processes.remove(called);
      calm.whileIn(() -> look.delete(Names.OTHER_IN));
    }
  }

  private interface Program {
    List<String> command(Path manifest);
  }

  private WorkerProcess started(String name, String manifest, Program command) {
    Path file = folder.resolve(name + ".yaml");
    try {
      Files.writeString(file, manifest);
      WorkerProcess process =
          WorkerProcess.unread(name, command.command(file), Optional.empty(), journal);
      processes.put(name, process);
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + name, e);
    }
  }

  private void end(WorkerProcess process, Duration timeout) throws InterruptedException {
    CompletableFuture<Departure> gone = process.gone(journal);
    process.terminate(journal.now());
    Departure departure = WorkerProcess.await(gone, process + " does not end", timeout);
    journal.add(departure);
    if (departure.why() != Why.BY_ITSELF) {
      Incident.Kind kind =
          departure.why() == Why.KILLED ? Incident.Kind.KILLED : Incident.Kind.TERMINATED;
      journal.add(kind, process.name(), departure.from(), "ended with " + departure.status());
    }
  }

  /** Cleans up after it in any case. */
  private void leave(WorkerProcess process) {
    process.kill(journal.now());
    processes.remove(process.name());
    departureWorker.writeDeadLetter(process.name(), true);
  }

  /** SIGKILL to one; returns whether it is one of these. */
  boolean kill(String name) {
    WorkerProcess process = processes.get(name);
    if (process == null) {
      return false;
    }
    process.kill(journal.now());
    return true;
  }

  void killAll() {
    processes.values().forEach(it -> it.kill(journal.now()));
  }
}
