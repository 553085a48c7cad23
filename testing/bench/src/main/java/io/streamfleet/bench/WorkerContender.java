package io.streamfleet.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Streamfleet's worker as shipped, with the handlers of the bench on its class path. */
final class WorkerContender implements Contender {

  private static final String MAIN = "io.streamfleet.worker.Main";

  /** Room for a batch while the previous one is handled, and for handlers that wait. */
  private static final String READ = "{batchSize: 500, maxInFlight: 10000}";

  @Override
  public String name() {
    return "worker";
  }

  @Override
  public String version() {
    String version = Bench.class.getPackage().getImplementationVersion();
    return version == null ? "of these sources" : version;
  }

  @Override
  public String configuration() {
    return "read: " + READ + ", all else by default";
  }

  @Override
  public List<String> doesNotGuarantee() {
    return List.of();
  }

  @Override
  public Child start(Lab lab, Work work, String consumer) throws IOException {
    return start(lab, manifest(work, lab.redis().url()), consumer);
  }

  /**
   * The same by any manifest.
   *
   * @param options of {@code run}
   */
  Child start(Lab lab, String manifest, String consumer, String... options) throws IOException {
    if (!Files.exists(lab.workerJar())) {
      return start(lab, manifest, consumer, lab.fromClassPath(MAIN), List.of(options));
    }
    List<String> how = new ArrayList<>();
    lab.workerCache().ifPresent(cache -> how.add("-XX:AOTCache=" + cache));
    // An AOT cache is valid only for a class path that begins with that of its training.
    String classPath = lab.workerJar() + File.pathSeparator + System.getProperty("java.class.path");
    how.addAll(List.of("-cp", classPath, MAIN));
    return start(lab, manifest, consumer, how, List.of(options));
  }

  /**
   * Starts a worker.
   *
   * @param how the JVM options that name its classes and its main class
   */
  Child start(Lab lab, Work work, String consumer, List<String> how) throws IOException {
    return start(lab, manifest(work, lab.redis().url()), consumer, how, List.of());
  }

  private static Child start(
      Lab lab, String text, String consumer, List<String> how, List<String> options)
      throws IOException {
    Path manifest = lab.folder().resolve(consumer + ".yaml");
    Files.writeString(manifest, text);
    List<String> arguments = new ArrayList<>(lab.jvmOptions());
    arguments.addAll(lab.workerOptions());
    arguments.addAll(how);
    arguments.addAll(
        List.of(
            "run",
            "-f",
            manifest.toString(),
            "--consumer",
            consumer,
            "--host",
            "127.0.0.1",
            "--port",
            "0"));
    arguments.addAll(options);
    return Child.start(lab.log(consumer), arguments);
  }

  static String manifest(Work work, String redisUrl) {
    return manifest(work, redisUrl, "");
  }

  /**
   * @param more lines of the inbound side, indented
   */
  static String manifest(Work work, String redisUrl, String more) {
    return """
    redis: {url: "%s"}
    inbound:
      streams: ["%s"]
      group: %s
      ordering: {mode: %s}
      handler: %s
    %sread: %s
    autoclaim: {interval: %dms, minIdle: %dms}
    trace: {enabled: %s}
    """
        .formatted(
            redisUrl,
            work.stream(),
            Lab.GROUP,
            work.ordered() ? "Channel" : "None",
            handler(work.handler()),
            more,
            work.handler() instanceof Work.Post(var _, int most, int _)
                ? "{batchSize: 500, maxInFlight: %d}".formatted(most)
                : READ,
            work.claimEvery().toMillis(),
            work.minIdle().toMillis(),
            work.traced());
  }

  private static String handler(Work.Handler handler) {
    return switch (handler) {
      case Work.Discard() -> "{builtin: Discard}";
      case Work.Timed(Path file) -> stopwatch(Stopwatch.FILE, file.toAbsolutePath().toString());
      case Work.Post(var url, var _, int batch) ->
          "{http: {url: \"%s\"%s}}"
              .formatted(url, batch > 1 ? ", batch: {maxSize: " + batch + "}" : "");
      case Work.Wait(var duration) -> stopwatch(Stopwatch.WAIT, Long.toString(duration.toMillis()));
    };
  }

  private static String stopwatch(String option, String value) {
    return "{class: %s, options: {%s: \"%s\"}}".formatted(Stopwatch.class.getName(), option, value);
  }
}
