package io.streamfleet.bench;

import io.streamfleet.bench.Throughput.Limits;
import io.streamfleet.embedded.RedisServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The bench's command line. */
@Command(
    name = "streamfleet-bench",
    description = "Measures a worker beside the ceiling of its client library, on this machine.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
public final class Bench implements Callable<Integer> {

  /** What can be measured. */
  enum Part {
    THROUGHPUT,
    BACKLOG,
    LATENCY,
    MEMORY,
    STARTUP
  }

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "PART",
      description = "Which of ${COMPLETION-CANDIDATES} to measure, in any case of letters.")
  private Set<Part> only = new TreeSet<>(List.of(Part.values()));

  @Option(names = "--entries", paramLabel = "N", description = "Entries of a lap.")
  private long entries = 500_000;

  @Option(names = "--rounds", paramLabel = "N", description = "Laps of each, of which the median.")
  private int rounds = 1;

  @Option(
      names = "--lap-seconds",
      paramLabel = "N",
      description = "How long a lap is measured at most, after half as long to warm up.")
  private int lapSeconds = 2;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "The largest fleet of the unordered and the first ordered rows.")
  private int workers = 4;

  @Option(
      names = "--channels",
      split = ",",
      paramLabel = "N",
      description = "Numbers of channels of the ordered rows, the main one first.")
  private List<Integer> channels = List.of(1_000, 1, 10, 100_000);

  @Option(names = "--no-traced", description = "Leave out the rows with tracing.")
  private boolean noTraced;

  @Option(names = "--backlog", paramLabel = "N", description = "Entries of the part backlog.")
  private long backlog = 1_000_000;

  @Option(names = "--seconds", paramLabel = "N", description = "How long latency is recorded.")
  private int seconds = 20;

  @Option(names = "--minutes", paramLabel = "N", description = "How long the heap is watched.")
  private int minutes = 1;

  @Option(names = "--starts", paramLabel = "N", description = "Starts, of which the median.")
  private int starts = 7;

  @Option(
      names = "--worker-jar",
      paramLabel = "FILE",
      description = "The worker that is measured, with its AOT cache if it has one.")
  private Path workerJar = Path.of("worker/target/streamfleet-worker.jar");

  @Option(
      names = "--peers-jar",
      paramLabel = "FILE",
      description = "Whom it is raced against, with their libraries in lib beside it.")
  private Path peersJar = Path.of("bench/peers/target/streamfleet-peers.jar");

  @Option(
      names = "--against",
      split = ",",
      paramLabel = "PEER",
      description =
          "Which peers to race it against, by the beginnings of their names; all of them.")
  private List<String> against = List.of("");

  @Option(
      names = "--redis-url",
      paramLabel = "URL",
      description = "A server to use instead of one of its own; keys bench:* are overwritten.")
  private @Nullable String redisUrl;

  @Option(names = "--out", paramLabel = "DIR", description = "Where bench.md and bench.json go.")
  private Path out = Path.of("bench/target/results");

  @Option(
      names = "--jvm-option",
      paramLabel = "OPTION",
      description = "JVM options of ceiling and workers.")
  private List<String> jvmOptions = List.of("-Xmx128m", "-XX:+UseSerialGC");

  @Option(
      names = "--worker-option",
      paramLabel = "OPTION",
      description = "More JVM options of workers, such as a profiler's.")
  private List<String> workerOptions = List.of();

  /** Many times what a worker needs for a backlog: a bound, not a measure. */
  private static final Duration BACKLOG_LAP = Duration.ofMinutes(1);

  private final PrintWriter report;
  private final PrintWriter progress;

  private Bench(PrintWriter report, PrintWriter progress) {
    this.report = report;
    this.progress = progress;
  }

  public static void main(String[] args) {
    // msgpack's other buffer uses sun.misc.Unsafe, of which Java warns on standard error.
    System.setProperty("msgpack.universal-buffer", "true");
    PrintWriter report = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter progress = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(execute(report, progress, args));
  }

  /** Runs the bench; the exit status is 0, 1 if a measurement failed, 2 for bad usage. */
  static int execute(PrintWriter report, PrintWriter progress, String... args) {
    return new CommandLine(new Bench(report, progress))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setErr(progress)
        .setOut(report)
        .execute(args);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Files.createDirectories(out);
    String url = redisUrl;
    if (url != null) {
      measure(url, false);
    } else {
      try (RedisServer server = RedisServer.plain()) {
        measure(server.url(), true);
      }
    }
    return 0;
  }

  private List<Table> race(Lab lab) throws IOException, InterruptedException {
    List<Contender> contenders = new ArrayList<>(List.of(new WorkerContender()));
    Contenders.peers(lab).stream().filter(this::isWanted).forEach(contenders::add);
    List<Course> courses = new ArrayList<>();
    courses.add(Course.unordered().main(workers));
    courses.add(Course.ordered(channels.getFirst()).main(workers));
    channels.stream().skip(1).forEach(count -> courses.add(Course.ordered(count)));
    courses.add(Course.skewed());
    Limits limits = new Limits(entries, Duration.ofSeconds(lapSeconds), rounds);
    List<Table> tables =
        new ArrayList<>(
            new Throughput(lab, "Throughput", limits).run(courses, contenders, !noTraced));
    tables.addAll(Contenders.describe(contenders));
    return tables;
  }

  private boolean isWanted(Contender peer) {
    String name = peer.name().toLowerCase(Locale.ROOT);
    return against.stream().anyMatch(it -> name.startsWith(it.toLowerCase(Locale.ROOT)));
  }

  /** The worker alone, with more before it than it ever has in hand, to the end. */
  private List<Table> backlog(Lab lab) throws IOException, InterruptedException {
    List<Course> courses = List.of(Course.unordered(), Course.ordered(channels.getFirst()));
    Limits limits = new Limits(backlog, BACKLOG_LAP, 1);
    return new Throughput(lab, "Backlog", limits)
        .run(courses, List.of(new WorkerContender()), false);
  }

  private void measure(String url, boolean own) throws IOException, InterruptedException {
    try (Observer redis = new Observer(url)) {
      Lab lab = new Lab(redis, own, out, jvmOptions, workerOptions, workerJar, peersJar, progress);
      List<Table> tables = new ArrayList<>();
      tables.add(Machine.describe(lab));
      for (Part part : only) {
        tables.addAll(
            switch (part) {
              case THROUGHPUT -> race(lab);
              case BACKLOG -> backlog(lab);
              case LATENCY -> List.of(new Latency(lab, Duration.ofSeconds(seconds)).run());
              case MEMORY -> List.of(new Memory(lab, Duration.ofMinutes(minutes)).run());
              case STARTUP -> List.of(new StartUp(lab, starts).run());
            });
      }
      tables.getFirst().row("load average at the end", Machine.load());
      Report written = new Report(Instant.now().truncatedTo(ChronoUnit.SECONDS), tables);
      written.write(out);
      report.print(written.markdown());
      report.flush();
    }
  }
}
