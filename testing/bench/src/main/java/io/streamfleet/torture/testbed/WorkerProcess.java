package io.streamfleet.torture.testbed;

import io.streamfleet.embedded.FaultyLink;
import io.streamfleet.torture.evidence.Departure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A worker process. Thread-safe. */
final class WorkerProcess {

  private final String name;
  private final Process process;
  private final Optional<FaultyLink> link;
  private final Journal journal;
  private final CompletableFuture<Void> consuming = new CompletableFuture<>();
  private volatile Departure.Why why = Departure.Why.BY_ITSELF;
  private volatile long askedAt;

  private WorkerProcess(String name, Process process, Optional<FaultyLink> link, Journal journal) {
    this.journal = journal;
    this.name = name;
    this.process = process;
    this.link = link;
  }

  /**
   * Starts a worker.
   *
   * @param log the file for its output
   */
  static WorkerProcess start(
      String name, List<String> command, Path log, Optional<FaultyLink> link, Journal journal)
      throws IOException {
    WorkerProcess worker = unread(name, command, link, journal);
    worker.readLog(log);
    return worker;
  }

  /**
   * Waits for an event of a worker.
   *
   * @throws IllegalStateException with this text on timeout
   */
  static <T> T await(CompletableFuture<T> heard, String otherwise, Duration timeout)
      throws InterruptedException {
    try {
      return heard.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(otherwise, e);
    }
  }

  /** Starts a worker whose output is not read yet. */
  static WorkerProcess unread(
      String name, List<String> command, Optional<FaultyLink> link, Journal journal)
      throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new WorkerProcess(name, process, link, journal);
  }

  /** Copies its output to a file from now on. */
  void readLog(Path log) {
    Thread.ofVirtual().name(name + "-log").start(() -> copy(log));
  }

  /**
   * Whether a line is about the worker and not about an entry; includes lines of the Redis client.
   */
  private static boolean isTalk(String line) {
    return line.startsWith("ts=") && !line.contains(" entry=");
  }

  private void copy(Path log) {
    try (BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        PrintWriter out = new PrintWriter(Files.newBufferedWriter(log))) {
      String line;
      while ((line = lines.readLine()) != null) {
        out.println(line);
        out.flush();
        if (isTalk(line)) {
          journal.said(name);
        }
        if (line.contains("msg=consuming")) {
          consuming.complete(null);
        }
      }
    } catch (IOException e) {
      // It was killed in the middle of a line; the lines before it are complete.
    } finally {
      consuming.completeExceptionally(new IllegalStateException(name + " ended; its log: " + log));
    }
  }

  String name() {
    return name;
  }

  Optional<FaultyLink> link() {
    return link;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Completes when it consumes; exceptionally if it exited before. */
  CompletableFuture<Void> consuming() {
    return consuming;
  }

  /** Completes when it has exited, with the details. */
  CompletableFuture<Departure> gone(Journal journal) {
    return process
        .onExit()
        .thenApply(
            ended ->
                new Departure(
                    name,
                    why,
                    ended.exitValue(),
                    consuming.isDone() && !consuming.isCompletedExceptionally(),
                    why == Departure.Why.BY_ITSELF ? journal.now() : askedAt,
                    journal.now()));
  }

  /** SIGKILL. */
  synchronized void kill(long now) {
    why = Departure.Why.KILLED;
    askedAt = now;
    process.destroyForcibly();
  }

  /** SIGTERM; a worker that was killed before counts as killed. */
  synchronized void terminate(long now) {
    if (why != Departure.Why.KILLED) {
      why = Departure.Why.ASKED;
      askedAt = now;
      process.destroy();
    }
  }

  /** SIGSTOP or SIGCONT; returns whether the process existed. */
  boolean signal(String signal) {
    return Signals.send(signal, process.pid());
  }

  @Override
  public String toString() {
    return name;
  }
}
