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
 * Workers of ours that are another way than the rest of the fleet: they come, work beside it for a
 * while, and are told to end. Safe for many threads.
 */
final class Visitors {

  /** So many calls show that a worker works. */
  private static final int AT_WORK = 10;

  /** So many that a worker among four has some of them. */
  private static final int LATE = 60;

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

  /** Does something while Redis is left alone: another one that takes over may lack what came. */
  interface Calm {
    void whileIn(FaultsUnderWay.Deed deed) throws InterruptedException;
  }

  /**
   * One whose log is a full pipe, which nobody reads before it has ended.
   *
   * @throws IllegalStateException if it does not work, or does not end
   */
  void unread(Manifest manifest, Duration patience) throws InterruptedException {
    String name = "unread-" + named.getAndIncrement();
    String text = manifest.text(redis.url(), redis.isCluster(), handler.url(), 1);
    WorkerProcess process =
        started(name, text, file -> ShippedWorker.intoFullPipe(program.command(file, name)));
    try {
      // A message may kill it before it has done as much.
      journal.require(
          () -> journal.handledBy(name) >= AT_WORK || !process.isAlive(),
          patience,
          name + " does nothing while nobody reads its log");
      end(process, patience);
    } finally {
      process.readLog(folder.resolve(name + ".log"));
      leave(process);
    }
  }

  /**
   * One with a handler in Java, some of whose answers fail when they are read.
   *
   * @throws IllegalStateException if it does not start, or does not end, or what has failed in it
   *     is not tried again
   */
  void inJava(Manifest manifest, Producer producer, Calm calm, Duration patience)
      throws InterruptedException {
    String name = "java-" + named.getAndIncrement();
    String text =
        manifest.textInJava(
            redis.url(), redis.isCluster(), JavaHandler.class.getName(), handler.url());
    WorkerProcess process = started(name, text, file -> ShippedWorker.fromClassPath(file, name));
    process.readLog(folder.resolve(name + ".log"));
    try {
      WorkerProcess.await(process.consuming(), name + " does not consume", patience);
      calm.whileIn(() -> publishLate(producer, patience));
      end(process, patience);
    } finally {
      leave(process);
    }
  }

  private void publishLate(Producer producer, Duration patience) throws InterruptedException {
    List<EntryKey> late = producer.publishAlone(LATE, "late", Kind.FAIL_LATE);
    journal.require(
        () -> journal.isDone(late),
        patience,
        "what fails when a handler's answer is read is not tried again");
  }

  /**
   * One that has the name of a worker of the fleet, and reads another stream whose entries are of
   * the same channels; so their locks are the same as well.
   *
   * @param entries of that stream, which it is to handle
   * @throws IllegalStateException if it does not, or does not end
   */
  void namesake(
      Manifest manifest,
      String name,
      RedisInspection look,
      int entries,
      Calm calm,
      Duration patience)
      throws InterruptedException {
    String text =
        manifest.textOfOther(Names.OTHER_IN, redis.url(), redis.isCluster(), handler.url());
    String called = "namesake-" + named.getAndIncrement();
    Path file = folder.resolve(called + ".yaml");
    WorkerProcess process = started(called, text, manifestFile -> program.command(file, name));
    process.readLog(folder.resolve(called + ".log"));
    try {
      WorkerProcess.await(process.consuming(), called + " does not consume", patience);
      calm.whileIn(
          () -> {
            List<EntryKey> all = look.appendToOther(entries);
            journal.require(
                () -> journal.hasSeen(all), patience, called + " does not handle what it reads");
          });
      end(process, patience);
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

  private void end(WorkerProcess process, Duration patience) throws InterruptedException {
    CompletableFuture<Departure> gone = process.gone(journal);
    process.terminate(journal.now());
    Departure departure = WorkerProcess.await(gone, process + " does not end", patience);
    journal.add(departure);
    if (departure.why() != Why.BY_ITSELF) {
      Incident.Kind kind =
          departure.why() == Why.KILLED ? Incident.Kind.KILLED : Incident.Kind.TERMINATED;
      journal.add(kind, process.name(), departure.from(), "ended with " + departure.status());
    }
  }

  /** Nothing of it stays, whatever became of it. */
  private void leave(WorkerProcess process) {
    process.kill(journal.now());
    processes.remove(process.name());
    departureWorker.writeDeadLetter(process.name(), true);
  }

  /** SIGKILL to one; whether it is one of these. */
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
