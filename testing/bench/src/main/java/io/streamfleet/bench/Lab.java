package io.streamfleet.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The environment of a measurement: a server, an output folder, and how the processes under
 * measurement are started.
 *
 * @param ownServer whether the bench has started the server itself, so that all its data may be
 *     deleted
 * @param jvmOptions for all Java processes under measurement
 * @param workerOptions for workers only, such as those of a profiler
 * @param workerJar the worker as shipped, with its AOT cache next to it
 * @param peersJar the peers, with their libraries next to it; may be missing
 * @param progress receives progress messages
 * @param gaps records failed measurements
 */
record Lab(
    Observer redis,
    boolean ownServer,
    Path folder,
    List<String> jvmOptions,
    List<String> workerOptions,
    Path workerJar,
    Path peersJar,
    PrintWriter progress,
    Gaps gaps) {

  /** Rare enough to be negligible, even at a thousand entries per second. */
  private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

  /** The consumer group of every measurement. */
  static final String GROUP = "bench";

  /** An environment without gaps so far. */
  Lab(
      Observer redis,
      boolean ownServer,
      Path folder,
      List<String> jvmOptions,
      List<String> workerOptions,
      Path workerJar,
      Path peersJar,
      PrintWriter progress) {
    this(
        redis,
        ownServer,
        folder,
        jvmOptions,
        workerOptions,
        workerJar,
        peersJar,
        progress,
        new Gaps(line -> say(progress, line)));
  }

  void say(String line) {
    say(progress, line);
  }

  private static void say(PrintWriter progress, String line) {
    progress.println("bench: " + line);
  }

  /** The output file of a process under measurement. */
  Path log(String consumer) {
    return folder.resolve(consumer + ".log");
  }

  /**
   * The JVM options that a jar's manifest would set. Never combine them with {@code -jar}: an AOT
   * cache trained without the option is rejected with it.
   */
  List<String> fromClassPath(String main) {
    return List.of(
        "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), main);
  }

  /** The AOT cache of the worker's jar, if there is one. */
  Optional<Path> workerCache() {
    Path cache = Path.of(workerJar.toString().replaceFirst("\\.jar$", ".aot"));
    return Files.exists(cache) ? Optional.of(cache) : Optional.empty();
  }

  /** Waits until a contender has acknowledged this many entries of the stream. */
  void await(Contender contender, Child worker, String stream, long entries)
      throws IOException, InterruptedException {
    long last = -1;
    long lastAt = System.nanoTime();
    while (last < entries) {
      Thread.sleep(POLL_INTERVAL);
      long acknowledged = contender.progress(this, stream).acknowledged();
      if (acknowledged > last) {
        last = acknowledged;
        lastAt = System.nanoTime();
      }
      worker.check(lastAt);
    }
  }

  /** Waits until this many entries are pending at once, and returns the number seen. */
  long awaitPending(Child worker, String stream, long pending)
      throws IOException, InterruptedException {
    long since = System.nanoTime();
    long now = 0;
    while (now < pending) {
      Thread.sleep(POLL_INTERVAL);
      now = redis.progress(stream, GROUP).pending();
      worker.check(since);
    }
    return now;
  }
}
