package io.streamfleet.torture.testbed;

import static java.util.Objects.requireNonNull;

import io.streamfleet.embedded.FaultyLink;
import io.streamfleet.kubelet.RestartPace;
import io.streamfleet.local.fleet.FleetPlan;
import io.streamfleet.local.fleet.LocalFleet;
import io.streamfleet.torture.plan.Part;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The real operator, on an API server in this process, whose pods are processes.
 *
 * @param root of the repository, with the jars of operator and worker
 */
public record OperatedCrew(Path root) implements Crew {

  /**
   * A run is short, so the operator inspects Redis more often than every ten seconds, its default.
   */
  private static final Map<String, String> SETTINGS = Map.of("STREAMFLEET_OBSERVE_INTERVAL", "2s");

  /** Pods are killed so often that the default back-off would take most of the run. */
  private static final RestartPace PACE =
      new RestartPace(Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofMinutes(1));

  @Override
  public Workers gather(
      Journal journal,
      RedisPlace redis,
      HandlerServer handler,
      Manifest manifest,
      Set<Part> parts,
      Path folder) {
    AtomicReference<FaultyLink> toApi = new AtomicReference<>();
    LocalFleet fleet =
        LocalFleet.start(
            FleetPlan.of(root, folder.resolve("fleet"))
                .withRedis(redis.url())
                .withOperatorSettings(SETTINGS)
                .withPace(PACE)
                .withWayToApi(url -> through(url, toApi)));
    return new OperatedWorkers(
        journal, redis, handler, manifest, fleet, requireNonNull(toApi.get()));
  }

  private static String through(String url, AtomicReference<FaultyLink> toApi) {
    FaultyLink link = FaultyLink.to(URI.create(url).getPort());
    toApi.set(link);
    return "https://127.0.0.1:" + link.port();
  }
}
