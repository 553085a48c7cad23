package io.streamfleet.torture.testbed;

import io.streamfleet.embedded.FaultyLink;
import io.streamfleet.torture.evidence.Departure;
import io.streamfleet.torture.evidence.Departure.Why;
import io.streamfleet.torture.evidence.Incident;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Workers as processes of this machine, each with its own manifest and network. */
final class ProcessWorkers implements Workers {

  private final Journal journal;
  private final RedisPlace redis;
  private final HandlerServer handler;
  private final DepartureWorker departureWorker;
  private final ShippedWorker program;
  private final Path folder;
  private final Visitors visitors;
  private final boolean nestedNames;
  private final Map<String, WorkerProcess> processes = new LinkedHashMap<>();
  private final Set<String> leaving = new HashSet<>();
  private final Set<String> unhelped = new HashSet<>();
  private Manifest manifest;
  private int wanted;
  private int named;
  private boolean closed;

  /** An interrupt of the run by Ctrl-C must leave no workers behind. */
  private final Thread shutdownHook =
      Thread.ofPlatform().name("stop-workers").unstarted(this::killAll);

  ProcessWorkers(
      Journal journal,
      RedisPlace redis,
      HandlerServer handler,
      ShippedWorker program,
      Manifest manifest,
      boolean nestedNames,
      Path folder) {
    this.journal = journal;
    this.redis = redis;
    this.handler = handler;
    this.program = program;
    this.manifest = manifest;
    this.folder = folder;
    this.nestedNames = nestedNames;
    this.departureWorker = new DepartureWorker(redis);
    this.visitors = new Visitors(journal, redis, handler, program, departureWorker, folder);
    Runtime.getRuntime().addShutdownHook(shutdownHook);
  }

  @Override
  public synchronized void scale(int workers) {
    wanted = workers;
    List<String> living = living();
    living.stream().skip(workers).forEach(this::terminate);
    fill();
  }

  private void fill() {
    while (!closed && living().size() < wanted) {
      start();
    }
  }

  private void start() {
    String name = name(named++);
    Optional<FaultyLink> link = redis.newLink();
    String url = link.map(redis::url).orElse(redis.url());
    String fileName = name.replace('/', '_');
    Path file = folder.resolve(fileName + ".yaml");
    try {
      Files.writeString(file, manifest.text(url, redis.isCluster(), handler.url(), 1));
      WorkerProcess worker =
          WorkerProcess.start(
              name, program.command(file, name), folder.resolve(fileName + ".log"), link, journal);
      processes.put(name, worker);
      worker.gone(journal).thenAccept(it -> gone(worker, it));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + name, e);
    }
  }

  /** A unique name; with nested names, every other one extends the previous one. */
  private String name(int number) {
    if (!nestedNames) {
      return "worker-" + number;
    }
    String outer = "worker-" + number / 2;
    return number % 2 == 0 ? outer : outer + "/x";
  }

  /** Workers that differ from these. */
  Visitors visitors() {
    return visitors;
  }

  /** The manifest of workers started from now on. */
  synchronized Manifest manifest() {
    return manifest;
  }

  private synchronized void gone(WorkerProcess worker, Departure departure) {
    processes.remove(worker.name());
    leaving.remove(worker.name());
    worker.link().ifPresent(FaultyLink::close);
    journal.add(departure);
    if (departure.why() != Why.BY_ITSELF) {
      Incident.Kind kind =
          departure.why() == Why.KILLED ? Incident.Kind.KILLED : Incident.Kind.TERMINATED;
      journal.add(kind, worker.name(), departure.from(), "ended with " + departure.status());
    }
    // Status 0 means that it has left nothing behind: then there is no cleanup.
    if (departure.status() != 0 && !closed) {
      departureWorker.writeDeadLetter(worker.name(), !unhelped.contains(worker.name()));
    }
    fill();
    notifyAll();
  }

  @Override
  public synchronized List<String> living() {
    List<String> living = new ArrayList<>(processes.keySet());
    living.removeAll(leaving);
    return living;
  }

  @Override
  public boolean awaitReady(Duration timeout) throws InterruptedException {
    long deadline = journal.now() + timeout.toNanos();
    while (journal.now() < deadline) {
      List<WorkerProcess> all;
      synchronized (this) {
        all = living().stream().map(this::process).toList();
        if (all.size() == wanted
            && processes.size() == wanted
            && all.stream().allMatch(this::consumes)) {
          return true;
        }
        wait(100);
      }
    }
    return false;
  }

  @Override
  public synchronized List<String> consuming() {
    return living().stream().filter(it -> consumes(process(it))).toList();
  }

  private boolean consumes(WorkerProcess worker) {
    return worker.consuming().isDone() && !worker.consuming().isCompletedExceptionally();
  }

  private synchronized WorkerProcess process(String worker) {
    WorkerProcess process = processes.get(worker);
    if (process == null) {
      throw new IllegalStateException(worker + " is gone");
    }
    return process;
  }

  @Override
  public synchronized Optional<FaultyLink> link(String worker) {
    return Optional.ofNullable(processes.get(worker)).flatMap(WorkerProcess::link);
  }

  @Override
  public synchronized boolean allConnected() {
    return processes.values().stream()
        .filter(this::consumes)
        .allMatch(it -> it.link().map(link -> link.openConnections() > 1).orElse(true));
  }

  @Override
  public synchronized boolean kill(String worker, boolean helped) {
    WorkerProcess process = processes.get(worker);
    if (process == null) {
      return visitors.kill(worker);
    }
    if (!helped) {
      unhelped.add(worker);
    }
    process.kill(journal.now());
    return true;
  }

  @Override
  public synchronized boolean terminate(String worker) {
    WorkerProcess process = processes.get(worker);
    if (process == null || !leaving.add(worker)) {
      return false;
    }
    process.terminate(journal.now());
    fill();
    return true;
  }

  @Override
  public boolean freeze(String worker) {
    return signal(worker, "STOP");
  }

  @Override
  public void thaw(String worker) {
    signal(worker, "CONT");
  }

  private boolean signal(String worker, String signal) {
    WorkerProcess process;
    synchronized (this) {
      process = processes.get(worker);
    }
    return process != null && process.signal(signal);
  }

  /** One at a time, starting the new one first. */
  @Override
  public void roll(Duration timeout) throws InterruptedException {
    synchronized (this) {
      manifest = manifest.changed();
    }
    for (String worker : living()) {
      if (terminate(worker) && !awaitReady(timeout)) {
        throw new IllegalStateException("there is no worker in the place of " + worker);
      }
    }
  }

  @Override
  public boolean end(BooleanSupplier namesAreGone, Duration timeout) throws InterruptedException {
    // Dead workers are cleaned up while others can take over.
    boolean departed = departureWorker.awaitAll(timeout);
    scale(0);
    return awaitReady(timeout) && departed;
  }

  private synchronized void killAll() {
    closed = true;
    processes.values().forEach(it -> it.kill(journal.now()));
    visitors.killAll();
  }

  @Override
  public void close() {
    if (Runtime.getRuntime().removeShutdownHook(shutdownHook)) {
      killAll();
    }
    departureWorker.close();
  }
}
