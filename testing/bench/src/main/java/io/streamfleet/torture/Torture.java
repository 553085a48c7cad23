package io.streamfleet.torture;

import io.streamfleet.torture.evidence.Evidence;
import io.streamfleet.torture.plan.Part;
import io.streamfleet.torture.plan.Schedule;
import io.streamfleet.torture.plan.Setting;
import io.streamfleet.torture.plan.Setting.Redis;
import io.streamfleet.torture.testbed.Crew;
import io.streamfleet.torture.testbed.OperatedCrew;
import io.streamfleet.torture.testbed.RedisPlace;
import io.streamfleet.torture.testbed.RunAborted;
import io.streamfleet.torture.testbed.ShippedWorker;
import io.streamfleet.torture.testbed.Testbed;
import io.streamfleet.torture.testbed.Timing;
import io.streamfleet.torture.testbed.Torturer;
import io.streamfleet.torture.verdict.Checker;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The torture's command line. */
@Command(
    name = "torture",
    description = "Hurts a fleet of real workers in every way, and proves that nothing was lost.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
public final class Torture implements Callable<Integer> {

  @Option(
      names = "--minutes",
      paramLabel = "M",
      description = "The duration: no new round starts after this time.")
  private double minutes = 2;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "The number of rounds; 0 uses --minutes instead.")
  private int rounds;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "The seed: the same seed gives the same messages and faults.")
  private @Nullable Long seed;

  @Option(names = "--workers", paramLabel = "N", description = "The number of workers.")
  private int workers = 3;

  @ArgGroup private Place place = new Place();

  /** One of these options; without any, a single server. */
  private static final class Place {

    @Option(names = "--sentinel", description = "Two servers under Sentinel, which fail over.")
    private boolean sentinel;

    @Option(names = "--cluster", description = "A Redis Cluster with replicas, which fail over.")
    private boolean cluster;

    private Redis redis() {
      return cluster ? Redis.CLUSTER : sentinel ? Redis.SENTINEL : Redis.SINGLE;
    }

    private String option() {
      return switch (redis()) {
        case SINGLE -> "";
        case SENTINEL -> " --sentinel";
        case CLUSTER -> " --cluster";
      };
    }
  }

  @Option(
      names = "--parts",
      paramLabel = "PART",
      split = ",",
      description =
          "Faults in addition to the usual ones: drawn by the seed, all, none, or names as in"
              + " docs/torture.md; with only among them, without the usual faults.")
  private List<String> named = List.of(Part.DRAWN);

  @Option(
      names = "--operator",
      description = "The operator manages the workers as pods, and is a target of faults as well.")
  private boolean operator;

  @Option(
      names = "--root",
      paramLabel = "DIR",
      description = "The repository with the jars of operator and worker.")
  private Path root = Path.of(".");

  @Option(
      names = "--worker-jar",
      paramLabel = "FILE",
      description = "The worker under test, with its AOT cache if there is one.")
  private Path workerJar = Path.of("worker/target/streamfleet-worker.jar");

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The folder for logs, manifests and the report.")
  private Path out = Path.of("bench/target/torture");

  private final PrintWriter report;
  private final PrintWriter progress;

  private Torture(PrintWriter report, PrintWriter progress) {
    this.report = report;
    this.progress = progress;
  }

  public static void main(String[] args) {
    PrintWriter report = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter progress = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(execute(report, progress, args));
  }

  /** Runs the torture; the exit status is 0, 1 if it failed in any way, 2 for bad usage. */
  static int execute(PrintWriter report, PrintWriter progress, String... args) {
    return new CommandLine(new Torture(report, progress))
        // The launcher sets the paths; an option given again overrides it.
        .setOverwrittenOptionsAllowed(true)
        .setErr(progress)
        .setOut(report)
        .execute(args);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Files.createDirectories(out);
    // Any seed will do as long as it is printed.
    long chosen = seed == null ? System.nanoTime() % 1_000_000 : seed;
    progress.println("torture: seed " + chosen);
    Set<Part> parts = parts(chosen);
    progress.println("torture: parts " + parts);
    int database = parts.contains(Part.OTHER_DATABASE) ? 1 : 0;
    try (RedisPlace redis = RedisPlace.of(place.redis(), database);
        Testbed field = Testbed.open(redis, crew(), chosen, parts, out, Timing.USUAL)) {
      Report result =
          run(
              field,
              chosen,
              new Setting(
                  workers,
                  operator,
                  Timing.USUAL.beyond(),
                  place.redis(),
                  !named.contains(Part.ONLY),
                  parts));
      Files.writeString(out.resolve("torture.txt"), result.text());
      Files.write(out.resolve("incidents.txt"), result.incidents());
      report.print(result.text());
      report.flush();
      return result.good() ? 0 : 1;
    }
  }

  private String options() {
    return place.option()
        + (operator ? " --operator" : "")
        + (named.equals(List.of(Part.DRAWN)) ? "" : " --parts " + String.join(",", named))
        + " --workers "
        + workers;
  }

  private Set<Part> parts(long chosen) {
    return named.contains(Part.DRAWN)
        ? Part.drawn(chosen, operator, place.redis())
        : Part.named(named, operator, place.redis());
  }

  private Crew crew() {
    return operator ? new OperatedCrew(root) : new ShippedWorker(workerJar);
  }

  private Report run(Testbed field, long chosen, Setting setting) throws InterruptedException {
    Schedule schedule = new Schedule(chosen, setting);
    Torturer torturer = new Torturer(field, workers, line -> progress.println("torture: " + line));
    int round = 0;
    String brokenOff = "";
    try {
      torturer.begin();
      while (goesOn(field, round)) {
        torturer.carryOut(schedule.round(round));
        round++;
      }
      torturer.end();
    } catch (RunAborted e) {
      brokenOff = String.valueOf(e.getMessage());
      progress.println("torture: broken off: " + brokenOff);
    }
    double seconds = field.journal().now() / 1e9;
    Evidence evidence = field.evidence();
    return new Report(
        chosen,
        options(),
        Math.max(round, 1),
        seconds,
        evidence,
        brokenOff.isEmpty() ? Checker.check(evidence) : Checker.checkBrokenOff(evidence),
        brokenOff);
  }

  private boolean goesOn(Testbed field, int round) {
    return rounds > 0
        ? round < rounds
        : field.journal().now() < TimeUnit.SECONDS.toNanos(Math.round(minutes * 60));
  }
}
