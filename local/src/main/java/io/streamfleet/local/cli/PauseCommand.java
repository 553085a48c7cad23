package io.streamfleet.local.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.commands.control.PauseChange;
import io.streamfleet.commands.control.PauseChange.NothingToPause;
import io.streamfleet.local.fleet.LocalFailure;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pause} and {@code resume}: they change the resource, as the kubectl plugin does. */
abstract sealed class PauseCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec command;

  @Mixin private final Place place = new Place();

  @Option(
      names = "--scg",
      paramLabel = "NAME",
      description = "The StreamConsumerGroup, if there are several.")
  private @Nullable String name;

  @Parameters(
      arity = "0..1",
      paramLabel = "inbound|outbound|PLATFORM",
      description = "What to pause or resume; without it both directions.")
  private String what = "";

  private final boolean paused;

  private PauseCommand(boolean paused) {
    this.paused = paused;
  }

  /** {@code pause}. */
  @Command(
      name = "pause",
      description = "Stop the intake of the fleet; entries in flight are finished.",
      mixinStandardHelpOptions = true)
  public static final class Pause extends PauseCommand {

    public Pause() {
      super(true);
    }
  }

  /** {@code resume}. */
  @Command(name = "resume", description = "End a pause.", mixinStandardHelpOptions = true)
  public static final class Resume extends PauseCommand {

    public Resume() {
      super(false);
    }
  }

  @Override
  public Integer call() {
    CommandOutput output = CommandOutput.of(command);
    if (place.state().running().isEmpty()) {
      output.complain(FleetClient.NONE);
      return ExitStatus.FLEET;
    }
    try (KubernetesClient client = FleetClient.to(place.state())) {
      StreamConsumerGroup group = FleetClient.chosen(client, name);
      PauseChange change = PauseChange.of(group.getSpec(), what, paused);
      client
          .resource(group)
          .patch(PatchContext.of(PatchType.JSON_MERGE), change.patchOfResource().toString());
      output
          .out()
          .println(
              "%s %s of %s"
                  .formatted(
                      paused ? "paused" : "resumed",
                      what.isEmpty() ? "the intake" : what,
                      group.getMetadata().getName()));
      output.out().flush();
      return ExitStatus.DONE;
    } catch (NothingToPause e) {
      output.complain(String.valueOf(e.getMessage()));
      return ExitStatus.INPUT;
    } catch (LocalFailure e) {
      output.complain(String.valueOf(e.getMessage()));
      return ExitStatus.of(e);
    } catch (KubernetesClientException e) {
      output.complain("the fleet does not answer: " + e.getMessage());
      return ExitStatus.FAILED;
    }
  }
}
