package io.streamfleet.local.runbook;

import io.streamfleet.local.fleet.LocalFleet;
import io.streamfleet.local.fleet.WorkerJar;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A shell beside a local fleet, in which the commands of the runbook do what they do beside one in
 * a cluster.
 */
public final class RunbookShell {

  /** What the API server here has not, or local fleets: they are only read by a shell. */
  private static final Pattern NOT_HERE =
      Pattern.compile("kubectl (top|port-forward|describe scaledobject)|.* --previous.*");

  private final RunbookPage page;
  private final LocalFleet fleet;
  private final Path folder;

  /** What a command came to. */
  public record Run(int status, String output, String errors) {}

  /**
   * Makes the programs that it needs.
   *
   * @param root of the repository
   * @param folder for these programs and for what they print
   */
  public RunbookShell(Path root, RunbookPage page, LocalFleet fleet, Path folder)
      throws IOException {
    this.page = page;
    this.fleet = fleet;
    this.folder = folder;
    WorkerJar worker = new WorkerJar(root);
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    // A pod here is a process of this machine: what is to be run beside it is run here, with the
    // manifest of its fleet.
    program(
        "kubectl",
        """
        if [ "$1" = streamfleet ]; then
          shift
          exec sh '%s/commands/kubectl/kubectl-streamfleet' "$@"
        fi
        case " $* " in *' exec '*' -- '*)
          while [ "$1" != -- ]; do
            case $1 in
              deploy/*-worker) fleet=${1#deploy/} ; fleet=${fleet%%-worker} ;;
              *-worker-*) fleet=${1##*/} ; fleet=${fleet%%-worker-*} ;;
            esac
            shift
          done
          shift 2
          for word; do
            shift
            case $word in
              /app/streamfleet-worker.jar) word='%s' ;;
              -XX:AOTCache=*) word='-XX:AOTCache=%s' ;;
              /etc/streamfleet/config/manifest.yaml) word="%s/$fleet.yaml" ;;
            esac
            set -- "$@" "$word"
          done
          exec '%s' "$@"
          ;;
        esac
        exec '%s' --kubeconfig '%s' "$@"
        """
            .formatted(
                root,
                worker.jar().toAbsolutePath(),
                worker.cache().toAbsolutePath(),
                folder.toAbsolutePath(),
                java,
                kubectl().orElseThrow(),
                fleet.kubeconfig()));
    if (onPath("redis-cli").isEmpty()) {
      program(
          "redis-cli",
          "exec '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '%s' %s \"$@\"\n"
              .formatted(java, System.getProperty("java.class.path"), RedisCli.class.getName()));
    }
  }

  /** The real {@code kubectl}, which there must be. */
  public static Optional<Path> kubectl() {
    return onPath("kubectl");
  }

  private static Optional<Path> onPath(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(path -> Path.of(path, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private void program(String name, String body) throws IOException {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path file = bin.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + body);
    if (!file.toFile().setExecutable(true)) {
      throw new IOException("cannot be made a program: " + file);
    }
  }

  /** Tells which manifest the pods of a fleet have. */
  public void manifest(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name + ".yaml"), text);
  }

  /** Whether a command can be run here. */
  public static boolean runs(String command) {
    return !NOT_HERE.matcher(command).lookingAt();
  }

  /**
   * Runs a command of the page.
   *
   * @param values assignments that come after the page's definitions
   */
  public Run run(String values, String command) throws IOException, InterruptedException {
    URI redis = URI.create(fleet.redisUrl());
    return runAfter(
        page.definitions(redis.getHost() + ":" + redis.getPort()) + values + "\n", command);
  }

  /** Runs a command of another page. Any thread may, beside others. */
  public Run runAfter(String definitions, String command) throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "output", ".txt");
    Path errors = Files.createTempFile(folder, "errors", ".txt");
    ProcessBuilder shell =
        new ProcessBuilder("sh", "-c", definitions + command)
            .directory(folder.toFile())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile());
    shell
        .environment()
        .merge(
            "PATH",
            "",
            (path, none) -> folder.resolve("bin").toAbsolutePath() + File.pathSeparator + path);
    int status = shell.start().waitFor();
    return new Run(status, Files.readString(output), Files.readString(errors));
  }
}
