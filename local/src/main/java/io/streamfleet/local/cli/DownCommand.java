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
      "Stop the running fleet gracefully: its workers settle what they have in flight.",
      "",
      "Also cleans up after a fleet that was killed."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:it has stopped, or none was running",
      "1:it had to be killed",
      "2:bad usage"
    })
public final class DownCommand implements Callable<Integer> {

  /** The workers' drain (30 s by default, and 20 s more), with a margin. */
  private static final Duration DRAIN_TIMEOUT = Duration.ofMinutes(2);

  /**
   * After SIGKILL; also for a folder that is locked while its fleet has not yet written its state.
   */
  private static final Duration KILL_TIMEOUT = Duration.ofSeconds(5);

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
      output.complain("a fleet is starting; try again when ./streamfleet status shows it");
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
    output.say("stopping the fleet of process %d: its workers drain".formatted(fleet.pid()));
    fleet.destroy();
    if (ChildProcesses.awaitEnd(fleet, DRAIN_TIMEOUT)) {
      output.say("it has stopped");
      return ExitStatus.DONE;
    }
    output.complain(
        "it has not stopped after %d s and is killed; entries in flight will be delivered again"
            .formatted(DRAIN_TIMEOUT.toSeconds()));
    fleet.destroyForcibly();
    ChildProcesses.awaitEnd(fleet, KILL_TIMEOUT);
    return ExitStatus.FAILED;
  }
}
