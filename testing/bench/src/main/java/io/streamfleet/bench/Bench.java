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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The bench's command line. */
@Command(
    name = "bench",
    description = "Measures a worker, its peers and the ceiling on this machine.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
public final class Bench implements Callable<Integer> {

  /** Keeps a lap short compared with filling in the million entries around it. */
  private static final long MAX_SCALING_LAP = 300_000;

  /** What the compiler needs to have seen most of a worker, beside little load. */
  private static final Duration WARM_UP = Duration.ofSeconds(3);

  /** What can be measured. */
  enum Part {
    THROUGHPUT,
    LATENCY,
    MEMORY,
    RECOVERY,
    SCALING,
    PARTITIONS,
    WAITING,
    HTTP,
    STARTUP
  }

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "PART",
      description = "The parts to measure of ${COMPLETION-CANDIDATES}, case-insensitive.")
  private Set<Part> only = new TreeSet<>(List.of(Part.values()));

  @Option(
      names = Quick.OPTION,
      description = "All parts in about six minutes: a first impression, not figures to publish.")
  private boolean quick;

  @Option(names = "--entries", paramLabel = "N", description = "The entries of a lap per worker.")
  private long entries = 500_000;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "The number of laps; the result is the median.")
  private int rounds = 1;

  @Option(
      names = "--lap-seconds",
      paramLabel = "N",
      description = "The maximum duration of a lap, after a warm-up of half as long.")
  private int lapSeconds = 4;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "The largest fleet in the unordered and the first ordered rows.")
  private int workers = 4;

  @Option(
      names = "--channels",
      split = ",",
      paramLabel = "N",
      description = "The numbers of channels in the ordered rows, the main one first.")
  private List<Integer> channels = List.of(1_000, 1, 10, 100_000);

  @Option(
      names = "--connections",
      split = ",",
      paramLabel = "N",
      description = "Requests under way at once over HTTP.")
  private List<Integer> connections = List.of(64, 256);

  @Option(names = "--no-traced", description = "Omit the rows with tracing.")
  private boolean noTraced;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "The duration of the latency measurement.")
  private int seconds = 8;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "The duration of the heap measurement.")
  private double minutes = 1;

  @Option(
      names = "--kills",
      paramLabel = "N",
      description = "The number of killed workers of each kind.")
  private int kills = 4;

  @Option(
      names = "--most",
      paramLabel = "N",
      description = "The maximum number of waiting or pending entries in the part scaling.")
  private long most = 1_000_000;

  @Option(
      names = "--starts",
      paramLabel = "N",
      description = "The number of starts; the result is the median.")
  private int starts = 7;

  @Option(
      names = "--worker-jar",
      paramLabel = "FILE",
      description = "The worker to measure, with its AOT cache if there is one.")
  private Path workerJar = Path.of("worker/target/streamfleet-worker.jar");

  @Option(
      names = "--peers-jar",
      paramLabel = "FILE",
      description = "The peers, with their libraries in lib next to it.")
  private Path peersJar = Path.of("testing/peers/target/streamfleet-peers.jar");

  @Option(
      names = "--against",
      split = ",",
      paramLabel = "PEER",
      description = "The peers to measure, by prefixes of their names; by default all.")
  private List<String> against = List.of("");

  @Option(
      names = "--redis-url",
      paramLabel = "URL",
      description = "A server to use instead of starting one; keys bench:* are overwritten.")
  private @Nullable String redisUrl;

  @Option(names = "--out", paramLabel = "DIR", description = "The folder for tables and plots.")
  private Path out = Path.of("bench/target/results");

  @Option(
      names = "--jvm-option",
      paramLabel = "OPTION",
      description = "JVM options of the ceiling and the workers.")
  private List<String> jvmOptions = List.of("-Xmx128m", "-XX:+UseSerialGC");

  @Option(
      names = "--worker-option",
      paramLabel = "OPTION",
      description = "Additional JVM options of the workers, such as a profiler's.")
  private List<String> workerOptions = List.of();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final PrintWriter report;
  private final PrintWriter progress;

  private Bench(PrintWriter report, PrintWriter progress) {
    this.report = report;
    this.progress = progress;
  }

  public static void main(String[] args) {
    // msgpack's default buffer uses sun.misc.Unsafe, for which Java prints a warning to standard
    // error.
    System.setProperty("msgpack.universal-buffer", "true");
    PrintWriter report = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter progress = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(execute(report, progress, args));
  }

  /** Runs the bench; the exit status is 0, 1 if a measurement failed, 2 for bad usage. */
  static int execute(PrintWriter report, PrintWriter progress, String... args) {
    CommandLine line =
        new CommandLine(new Bench(report, progress))
            .setCaseInsensitiveEnumValuesAllowed(true)
            // The launcher sets the paths; an option given again overrides it.
            .setOverwrittenOptionsAllowed(true)
            .setErr(progress)
            .setOut(report);
    if (List.of(args).contains(Quick.OPTION)) {
      line.setDefaultValueProvider(new Quick());
    }
    return line.execute(args);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    rejectZeros();
    Files.createDirectories(out);
    String url = redisUrl;
    if (url != null) {
      return measure(url, false) ? 0 : 1;
    }
    try (RedisServer server = RedisServer.plain()) {
      return measure(server.url(), true) ? 0 : 1;
    }
  }

  /** A count of zero yields no figure. */
  private void rejectZeros() {
    if (entries < 1
        || rounds < 1
        || lapSeconds < 1
        || workers < 1
        || seconds < 1
        || minutes <= 0
        || kills < 1
        || starts < 1
        || channels.stream().anyMatch(it -> it < 1)) {
      throw new ParameterException(
          spec.commandLine(), "numbers have to be above zero; leave a part out by --only");
    }
  }

  /** Returns whether everything was measured. */
  private boolean measure(String url, boolean own) throws IOException, InterruptedException {
    try (Observer redis = new Observer(url)) {
      Lab lab = new Lab(redis, own, out, jvmOptions, workerOptions, workerJar, peersJar, progress);
      List<Contender> peers = Contenders.peers(lab).stream().filter(this::isWanted).toList();
      Table machine = Machine.describe(lab);
      machine.row("run", quick ? "quick: not for publication" : "complete");
      List<Findings> parts = new ArrayList<>();
      for (Part part : only) {
        lab.gaps()
            .measured(
                part.name().toLowerCase(Locale.ROOT),
                "the whole part",
                () -> parts.add(findings(part, lab, peers).drawable(lab.gaps())));
        // A run that is interrupted keeps the results so far.
        written(lab, machine, parts, peers).write(out);
      }
      machine.row("load average at the end", Machine.load());
      Report written = written(lab, machine, parts, peers);
      written.write(out);
      report.print(written.tables());
      report.flush();
      lab.say("tables are in %s, with their plots".formatted(out.resolve(Report.MARKDOWN)));
      return lab.gaps().isEmpty();
    }
  }

  private static Report written(
      Lab lab, Table machine, List<Findings> parts, List<Contender> peers) {
    List<Findings> all = new ArrayList<>(List.of(Findings.of(machine)));
    if (!lab.gaps().isEmpty()) {
      all.add(Findings.of(lab.gaps().table()));
    }
    all.addAll(parts);
    List<Contender> contenders = new ArrayList<>(List.of(new WorkerContender()));
    contenders.addAll(peers);
    all.add(new Findings(Contenders.describe(contenders), List.of()));
    return new Report(Instant.now().truncatedTo(ChronoUnit.SECONDS), all);
  }

  private Findings findings(Part part, Lab lab, List<Contender> peers)
      throws IOException, InterruptedException {
    return switch (part) {
      case THROUGHPUT -> race(lab, peers);
      case LATENCY -> latency(lab, peers);
      case MEMORY -> new Memory(lab, Duration.ofMillis((long) (minutes * 60_000))).run();
      case RECOVERY -> new Recovery(lab, kills).run(new WorkerContender(), peers);
      case SCALING -> scaling(lab);
      case PARTITIONS -> Findings.of(new Partitioning(lab, limits(), workers).run());
      case WAITING ->
          new Waiting(lab, WARM_UP, Duration.ofSeconds(seconds))
              .run()
              .with(new Safeguards(lab, limits()).run());
      case HTTP ->
          Findings.of(
              new HttpDelivery(lab, limits(), connections).run(),
              new HttpBatches(lab, limits()).run());
      case STARTUP -> Findings.of(new StartUp(lab, starts).run());
    };
  }

  private Findings race(Lab lab, List<Contender> peers) throws IOException, InterruptedException {
    List<Contender> contenders = new ArrayList<>(List.of(new WorkerContender()));
    contenders.addAll(peers);
    List<Course> courses = new ArrayList<>();
    courses.add(Course.unordered().main(workers));
    courses.add(Course.ordered(channels.getFirst()).main(workers));
    channels.stream().skip(1).forEach(count -> courses.add(Course.ordered(count)));
    courses.add(Course.skewed());
    List<Table> tables =
        new Throughput(lab, "Throughput", limits()).run(courses, contenders, !noTraced);
    return new Findings(tables, ThroughputFigures.of(tables.getFirst()));
  }

  private Limits limits() {
    return new Limits(entries, Duration.ofSeconds(lapSeconds), rounds);
  }

  private Findings latency(Lab lab, List<Contender> peers)
      throws IOException, InterruptedException {
    int main = channels.getFirst();
    Course unordered = Course.unordered();
    Latency latency = new Latency(lab, Duration.ofSeconds(seconds));
    latency.measure(new WorkerContender(), unordered);
    latency.measure(new WorkerContender(), Course.ordered(main));
    for (Contender peer : peers) {
      lab.gaps().measured("latency", peer.name(), () -> latency.measure(peer, unordered));
    }
    return latency.findings();
  }

  private Findings scaling(Lab lab) throws IOException, InterruptedException {
    return new Scaling(lab, Math.min(entries, MAX_SCALING_LAP))
        .run(
            Stream.of(10_000L, 100_000L, 1_000_000L).filter(it -> it <= most).toList(),
            Stream.of(0L, 1_000L, 100_000L, 1_000_000L).filter(it -> it <= most).toList());
  }

  private boolean isWanted(Contender peer) {
    String name = peer.name().toLowerCase(Locale.ROOT);
    return against.stream().anyMatch(it -> name.startsWith(it.toLowerCase(Locale.ROOT)));
  }
}
