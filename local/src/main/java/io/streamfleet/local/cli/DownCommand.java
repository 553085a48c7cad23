package io.streamfleet.local.cli;

import io.streamfleet.kubelet.ChildProcesses;
import io.streamfleet.local.state.RunningFleet;
import io.streamfleet.local.state.StateFolder;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code down}. */
@Command(
    name = "down",
    description = {
      "End the fleet that is running, in good order: its workers settle what they have in flight.",
      "",
      "Also cleans up after one that was killed."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:it has ended, or none was running", "1:it had to be killed", "2:bad usage"})
public final class DownCommand implements Callable<Integer> {

  /**
   * The workers' own grace (30 s and 20 s more, unless the manifest says otherwise), and a rest.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** After SIGKILL; and for a folder that is taken while its fleet has not said who it is. */
  private static final Duration AT_ONCE = Duration.ofSeconds(5);

  @Spec private @Nullable CommandSpec command;

  @Mixin private final Place place = new Place();

  @Override
  public Integer call() {
    CommandOutput output = CommandOutput.of(command);
    StateFolder state = place.state();
    Optional<RunningFleet> running = state.running();
    Optional<ProcessHandle> process =
        running.flatMap(it -> ChildProcesses.same(it.pid(), Instant.ofEpochMilli(it.started())));
    int status = process.isPresent() ? end(process.get(), output) : ExitStatus.DONE;
    Optional<StateFolder.Hold> free = state.take();
    if (free.isEmpty()) {
      output.complain("a fleet is about to start; try again when ./streamfleet status shows it");
      return ExitStatus.FAILED;
    }
    try (StateFolder.Hold hold = free.get()) {
      Optional<String> cleaned = hold.clean();
      if (cleaned.isPresent()) {
        output.say(cleaned.get());
      } else if (process.isEmpty()) {
        output.say("no fleet is running");
      }
    }
    return status;
  }

  private static int end(ProcessHandle fleet, CommandOutput output) {
    output.say("ending the fleet of process %d: its workers drain".formatted(fleet.pid()));
    fleet.destroy();
    if (ChildProcesses.awaitEnd(fleet, PATIENCE)) {
      output.say("it has ended");
      return ExitStatus.DONE;
    }
    output.complain(
        "it has not ended after %d s and is killed; entries in flight will be delivered again"
            .formatted(PATIENCE.toSeconds()));
    fleet.destroyForcibly();
    ChildProcesses.awaitEnd(fleet, AT_ONCE);
    return ExitStatus.FAILED;
  }
}
