package io.streamfleet.bench;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a measurement takes place: a server, a folder for what is written, and how the processes
 * under measurement are started.
 *
 * @param ownServer whether the server is the bench's own, so that all in it may be deleted
 * @param jvmOptions for the processes under measurement, ceiling and worker alike
 * @param workerOptions for workers only, such as those of a profiler
 * @param workerJar the worker as it is shipped; its AOT cache lies beside it
 * @param progress for who waits for the figures
 */
record Lab(
    Observer redis,
    boolean ownServer,
    Path folder,
    List<String> jvmOptions,
    List<String> workerOptions,
    Path workerJar,
    PrintWriter progress) {

  /** Seldom enough to be nothing beside the traffic, even at a thousand entries a second. */
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  private static final String MAIN = "io.streamfleet.worker.Main";

  /** The consumer group of every measurement. */
  static final String GROUP = "bench";

  void say(String line) {
    progress.println("bench: " + line);
  }

  /** Starts the ceiling with so many reads in flight. */
  Child ceiling(String stream, int inFlight) throws IOException {
    List<String> arguments = new ArrayList<>(jvmOptions);
    arguments.addAll(fromClassPath(Ceiling.class.getName()));
    arguments.addAll(List.of(redis.url(), stream, GROUP, Integer.toString(inFlight)));
    return Child.start(folder.resolve("ceiling.log"), arguments);
  }

  /**
   * What a jar says in its manifest has to be said here. Never beside a jar: a cache was trained
   * without the option, and is refused with it.
   */
  private static List<String> fromClassPath(String main) {
    return List.of(
        "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), main);
  }

  /** Starts a worker as it is shipped, with the handlers of the bench behind it. */
  Child worker(Settings settings) throws IOException {
    if (!Files.exists(workerJar)) {
      return worker(settings, fromClassPath(MAIN));
    }
    List<String> how = new ArrayList<>();
    workerCache().ifPresent(cache -> how.add("-XX:AOTCache=" + cache));
    // A cache holds for a class path that begins as the one of its training.
    String classPath = workerJar + File.pathSeparator + System.getProperty("java.class.path");
    how.addAll(List.of("-cp", classPath, MAIN));
    return worker(settings, how);
  }

  /** The AOT cache of the worker's jar, if there is one. */
  Optional<Path> workerCache() {
    Path cache = Path.of(workerJar.toString().replaceFirst("\\.jar$", ".aot"));
    return Files.exists(cache) ? Optional.of(cache) : Optional.empty();
  }

  /**
   * Starts a worker.
   *
   * @param how the JVM options that say where its classes and its main class are
   */
  Child worker(Settings settings, List<String> how) throws IOException {
    Path manifest = folder.resolve(settings.name() + ".yaml");
    Files.writeString(manifest, settings.manifest(redis.url()));
    List<String> arguments = new ArrayList<>(jvmOptions);
    arguments.addAll(workerOptions);
    arguments.addAll(how);
    arguments.addAll(
        List.of("run", "-f", manifest.toString(), "--consumer", "bench-worker", "--port", "0"));
    return Child.start(folder.resolve(settings.name() + ".log"), arguments);
  }

  /** Waits until all entries are acknowledged. */
  void await(Child worker, String stream, long entries) throws IOException, InterruptedException {
    long last = -1;
    long lastAt = System.nanoTime();
    while (last < entries) {
      Thread.sleep(LOOK_EVERY);
      long acknowledged = redis.progress(stream, GROUP).acknowledged();
      if (acknowledged > last) {
        last = acknowledged;
        lastAt = System.nanoTime();
      } else {
        worker.check(lastAt);
      }
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
