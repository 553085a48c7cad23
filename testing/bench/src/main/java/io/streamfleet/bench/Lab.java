package io.streamfleet.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where a measurement takes place: a server, a folder for what is written, and how the processes
 * under measurement are started.
 *
 * @param ownServer whether the server is the bench's own, so that all in it may be deleted
 * @param jvmOptions for the processes under measurement that are Java, all alike
 * @param workerOptions for workers only, such as those of a profiler
 * @param workerJar the worker as it is shipped; its AOT cache lies beside it
 * @param peersJar whom the worker is raced against, its libraries beside it; may be missing
 * @param progress for who waits for the figures
 * @param gaps what of them there is none of
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

  /** Seldom enough to be nothing beside the traffic, even at a thousand entries a second. */
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  /** The consumer group of every measurement. */
  static final String GROUP = "bench";

  /** One in which all can be measured so far. */
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

  /** Where a process under measurement writes its output. */
  Path log(String consumer) {
    return folder.resolve(consumer + ".log");
  }

  /**
   * What a jar says in its manifest has to be said here. Never beside a jar: a cache was trained
   * without the option, and is refused with it.
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

  /** Waits until a contender has acknowledged so many entries of the stream. */
  void await(Contender contender, Child worker, String stream, long entries)
      throws IOException, InterruptedException {
    long last = -1;
    long lastAt = System.nanoTime();
    while (last < entries) {
      Thread.sleep(LOOK_EVERY);
      long acknowledged = contender.progress(this, stream).acknowledged();
      if (acknowledged > last) {
        last = acknowledged;
        lastAt = System.nanoTime();
      }
      worker.check(lastAt);
    }
  }

  /** Waits until so many entries are pending at once, and gives how many there were. */
  long awaitPending(Child worker, String stream, long pending)
      throws IOException, InterruptedException {
    long since = System.nanoTime();
    long now = 0;
    while (now < pending) {
      Thread.sleep(LOOK_EVERY);
      now = redis.progress(stream, GROUP).pending();
      worker.check(since);
    }
    return now;
  }
}
