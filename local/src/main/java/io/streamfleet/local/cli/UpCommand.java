package io.streamfleet.local.cli;

import io.streamfleet.api.Manifest;
import io.streamfleet.local.fleet.FleetPlan;
import io.streamfleet.local.fleet.LocalFailure;
import io.streamfleet.local.fleet.LocalFleet;
import io.streamfleet.local.fleet.LocalManifest;
import io.streamfleet.local.state.RunningFleet;
import io.streamfleet.local.state.StateFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code up}: runs a whole fleet on this machine and shows it until it is stopped. */
@Command(
    name = "up",
    description = {
      "Run a whole fleet on this machine and watch it, until Ctrl-C.",
      "",
      "It starts a Redis and a Kubernetes API server. The operator and the workers are the real"
          + " ones, each in its own process. In production you run them on a Kubernetes"
          + " cluster, with your own Redis."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:drained; only the logs are left",
      "1:something failed, or a worker could not settle all it had in flight",
      "2:bad usage, or an invalid manifest; nothing was started",
      "3:a fleet is running already",
      "4:the machine lacks something: a JDK, Maven, a port, space"
    })
public final class UpCommand implements Callable<Integer> {

  /** The default port of Redis: many manifests use it. */
  private static final int REDIS_PORT = 6379;

  /** The default port of the console, so that a bookmark of it stays good. */
  private static final int CONSOLE_PORT = 8090;

  /**
   * For the logs of a small fleet and the start of Redis; with less, various failures are hard to
   * explain.
   */
  private static final long MIN_SPACE = 100L * 1024 * 1024;

  @Spec private @Nullable CommandSpec command;

  @Mixin private final Place place = new Place();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description =
          "The StreamConsumerGroup, or its bare spec, as YAML; the file may contain other objects,"
              + " such as Secrets (default: crds/samples/quickstart.yaml).")
  private @Nullable Path file;

  @Option(
      names = "--redis-url",
      paramLabel = "URL",
      description = "Use this Redis instead of an embedded one; its streams and groups are kept.")
  private @Nullable String redisUrl;

  @Option(
      names = "--no-traffic",
      description = "Publish no sample messages (default: five a second).")
  private boolean noTraffic;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "0",
      description = "The port of the API server, on loopback (default: any).")
  private int port;

  @Option(
      names = "--class-path",
      paramLabel = "PATH",
      description =
          "Jars, folders of classes, or FOLDER/* for all its jars, for the class path of the"
              + " workers: for handlers in Java. Several are separated as in java -cp, or given by"
              + " several options.")
  private List<String> classPath = List.of();

  @Override
  public Integer call() throws InterruptedException {
    CommandOutput output = CommandOutput.of(command);
    try {
      String yaml = manifest();
      List<Path> handlers = HandlerPath.of(classPath);
      StateFolder state = place.state();
      requireSpace(state);
      Optional<StateFolder.Hold> hold = state.take();
      if (hold.isEmpty()) {
        output.complain(alreadyRunning(state));
        return ExitStatus.FLEET;
      }
      try (StateFolder.Hold taken = hold.get()) {
        return run(yaml, handlers, state, taken, output);
      }
    } catch (LocalFailure e) {
      output.complain(String.valueOf(e.getMessage()));
      return ExitStatus.of(e);
    } catch (UncheckedIOException e) {
      output.complain(e.getMessage() + " (" + e.getCause() + ")");
      return ExitStatus.MACHINE;
    }
  }

  private Path source() {
    Path given = file;
    return given == null ? place.root().resolve("crds/samples/quickstart.yaml") : given;
  }

  private String manifest() {
    try {
      return Files.readString(source());
    } catch (NoSuchFileException e) {
      throw LocalFailure.input("there is no file " + source());
    } catch (IOException e) {
      throw LocalFailure.input("cannot read " + source() + ": " + e.getMessage());
    }
  }

  private static void requireSpace(StateFolder state) {
    Path folder = state.path();
    try {
      state.make();
      long left = Files.getFileStore(folder).getUsableSpace();
      if (left < MIN_SPACE) {
        throw LocalFailure.machine(
            "only %d MB are left where %s is: make room for 100 MB, or name another folder in"
                    .formatted(left >> 20, folder)
                + " STREAMFLEET_STATE");
      }
    } catch (IOException e) {
      throw LocalFailure.machine("cannot use the folder " + folder + ": " + e.getMessage());
    }
  }

  private static String alreadyRunning(StateFolder state) {
    String which =
        state.running().map(it -> " (process %d)".formatted(it.pid())).orElse(", about to start");
    return "a fleet is running already%s: ./streamfleet status shows it, ./streamfleet down ends it"
        .formatted(which);
  }

  private int run(
      String yaml,
      List<Path> handlers,
      StateFolder state,
      StateFolder.Hold taken,
      CommandOutput output)
      throws InterruptedException {
    FleetPlan plan =
        FleetPlan.of(place.root(), state.path())
            .withApiPort(port)
            .withRedisPort(REDIS_PORT)
            .withHandlers(handlers)
            .withConsole(CONSOLE_PORT);
    if (redisUrl != null) {
      plan = plan.withRedis(redisUrl);
    }
    LocalManifest.check(yaml);
    taken.clean().ifPresent(output::say);
    taken.removeLogs();
    try (StopRequest stop = StopRequest.listen(launcher())) {
      int status = ExitStatus.FAILED;
      try (LocalFleet fleet = LocalFleet.start(plan)) {
        taken.write(RunningFleet.here(fleet.apiUrl(), fleet.redisUrl()));
        introduce(fleet, output);
        LocalManifest manifest = fleet.apply(yaml);
        manifest.aside().forEach(output::say);
        List<Manifest> traffic = noTraffic ? List.of() : manifest.fleets();
        new Watching(fleet, traffic, stop, output).untilTold();
        output.say("draining: each worker settles what it has in flight and ends");
        List<String> unsettled = fleet.drain();
        status = unsettled.isEmpty() ? ExitStatus.DONE : ExitStatus.FAILED;
        unsettled.forEach(
            pod ->
                output.complain(
                    "%s did not settle all it had in flight; its log says why".formatted(pod)));
      } finally {
        taken.clean();
        stop.endWith(status);
      }
      output.say(
          status == ExitStatus.DONE
              ? "all settled, everything has ended; logs are in " + Place.shown(state.logs())
              : "everything has ended; logs are in " + Place.shown(state.logs()));
      return status;
    }
  }

  /** The process of the script that started this one: when it ends, the fleet stops. */
  private static Optional<ProcessHandle> launcher() {
    Long pid = Long.getLong("streamfleet.launcher");
    return pid == null ? Optional.empty() : ProcessHandle.of(pid);
  }

  private void introduce(LocalFleet fleet, CommandOutput output) {
    fleet
        .embeddedRedis()
        .ifPresentOrElse(
            redis ->
                output.say(
                    "embedded: %s on 127.0.0.1:%d, in memory, deleted at the end"
                        .formatted(redis.version(), redis.port())),
            () -> output.say("your own: the Redis " + fleet.redisUrl()));
    output.say(
        "embedded: a Kubernetes API server on %s, in memory, deleted at the end"
            .formatted(fleet.apiUrl()));
    output.say("real: the operator and the workers, each in its own process");
    output.say("manifest: " + Place.shown(source()));
    fleet.consoleUrl().ifPresent(url -> output.say("console: " + url));
    output.say(
        "look: kubectl --kubeconfig %s get scg,deploy,pods"
            .formatted(Place.shown(fleet.kubeconfig())));
    output.say("In production you run it on a Kubernetes cluster, with your own Redis.");
  }
}
