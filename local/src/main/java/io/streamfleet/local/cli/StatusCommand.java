package io.streamfleet.local.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.streamfleet.local.state.RunningFleet;
import io.streamfleet.local.view.FleetObserver;
import io.streamfleet.local.view.FleetScreen;
import io.streamfleet.local.view.Snapshot;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code status}. */
@Command(
    name = "status",
    description = "Show the running fleet once.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:all its resources are ready",
      "1:one is not, or it does not answer",
      "2:bad usage",
      "3:no fleet is running"
    })
public final class StatusCommand implements Callable<Integer> {

  /** Between the two observations that a rate is computed from. */
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  @Spec private @Nullable CommandSpec command;

  @Mixin private final Place place = new Place();

  @Override
  public Integer call() throws InterruptedException {
    CommandOutput output = CommandOutput.of(command);
    Optional<RunningFleet> running = place.state().running();
    if (running.isEmpty()) {
      output.complain(FleetClient.NONE);
      return ExitStatus.FLEET;
    }
    try (KubernetesClient client = FleetClient.to(place.state());
        FleetObserver observer =
            new FleetObserver(client, running.get().redisUrl(), Clock.systemUTC())) {
      observer.look();
      TimeUnit.MILLISECONDS.sleep(INTERVAL.toMillis());
      Snapshot snapshot = observer.look();
      FleetScreen.of(snapshot).forEach(line -> output.out().println(line.text().stripTrailing()));
      output.out().flush();
      return snapshot.isReady() ? ExitStatus.DONE : ExitStatus.FAILED;
    } catch (KubernetesClientException e) {
      output.complain("the fleet does not answer: " + e.getMessage());
      return ExitStatus.FAILED;
    }
  }
}
