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

/** A worker as a process of its own. Safe for many threads. */
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
   * Starts one.
   *
   * @param log where its output goes
   */
  static WorkerProcess start(
      String name, List<String> command, Path log, Optional<FaultyLink> link, Journal journal)
      throws IOException {
    WorkerProcess worker = unread(name, command, link, journal);
    worker.readLog(log);
    return worker;
  }

  /**
   * Waits for what is heard of one.
   *
   * @throws IllegalStateException if it is not heard in that time, saying so
   */
  static <T> T await(CompletableFuture<T> heard, String otherwise, Duration patience)
      throws InterruptedException {
    try {
      return heard.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(otherwise, e);
    }
  }

  /** Starts one whose output nobody reads yet. */
  static WorkerProcess unread(
      String name, List<String> command, Optional<FaultyLink> link, Journal journal)
      throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new WorkerProcess(name, process, link, journal);
  }

  /** Reads its output from now on, into a file. */
  void readLog(Path log) {
    Thread.ofVirtual().name(name + "-log").start(() -> copy(log));
  }

  /** What it says of itself and not of an entry; the client's own lines count as well. */
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
      // It was killed in mid-line; what it said before is there.
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

  /** Completes when it consumes; exceptionally when it ended before. */
  CompletableFuture<Void> consuming() {
    return consuming;
  }

  /** Completes when it is gone, with how it went. */
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

  /** SIGTERM; who was killed and is not gone yet was killed all the same. */
  synchronized void terminate(long now) {
    if (why != Departure.Why.KILLED) {
      why = Departure.Why.ASKED;
      askedAt = now;
      process.destroy();
    }
  }

  /** SIGSTOP or SIGCONT; whether the process was there to get it. */
  boolean signal(String signal) {
    return Signals.send(signal, process.pid());
  }

  @Override
  public String toString() {
    return name;
  }
}
