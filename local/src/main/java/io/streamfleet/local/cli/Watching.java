package io.streamfleet.local.cli;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.lettuce.core.RedisException;
import io.streamfleet.api.Manifest;
import io.streamfleet.local.fleet.LocalFleet;
import io.streamfleet.local.fleet.SampleTraffic;
import io.streamfleet.local.view.Display;
import io.streamfleet.local.view.FleetObserver;
import io.streamfleet.local.view.FleetScreen;
import io.streamfleet.local.view.LiveScreen;
import io.streamfleet.local.view.PlainLines;
import io.streamfleet.local.view.ScreenLine;
import io.streamfleet.local.view.Snapshot;
import io.streamfleet.local.view.Terminal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Runs a fleet from its start to its stop: publishes sample traffic and updates the display. */
final class Watching {

  /** As often as people can read numbers. */
  private static final Duration PERIOD = Duration.ofSeconds(1);

  /** Slow enough to be read as it passes. */
  private static final int MESSAGES_PER_SECOND = 5;

  private final LocalFleet fleet;
  private final List<Manifest> traffic;
  private final StopRequest stop;
  private final CommandOutput output;
  private final Clock clock = Clock.systemUTC();

  /**
   * @param traffic the resources that get sample messages
   */
  Watching(LocalFleet fleet, List<Manifest> traffic, StopRequest stop, CommandOutput output) {
    this.fleet = fleet;
    this.traffic = traffic;
    this.stop = stop;
    this.output = output;
  }

  void untilTold() throws InterruptedException {
    Optional<SampleTraffic> running = Optional.empty();
    try (FleetObserver observer = new FleetObserver(fleet.client(), fleet.redisUrl(), clock);
        Display display = display()) {
      do {
        Snapshot snapshot = observer.look();
        // Messages for a fleet that can't become ready would pile up and hide the reason.
        if (running.isEmpty() && !traffic.isEmpty() && snapshot.isReady()) {
          running = flow();
        }
        display.show(snapshot);
      } while (!stop.await(PERIOD));
    } catch (KubernetesClientException e) {
      throw new IllegalStateException("the embedded API server does not answer", e);
    } finally {
      running.ifPresent(SampleTraffic::close);
    }
  }

  private Optional<SampleTraffic> flow() {
    try {
      return Optional.of(
          SampleTraffic.to(fleet.redisUrl(), traffic.getFirst().spec()).start(MESSAGES_PER_SECOND));
    } catch (RedisException e) {
      // Redis needs credentials or is unreachable: the status of the resource says so.
      return Optional.empty();
    }
  }

  private Display display() {
    if (!Boolean.getBoolean("streamfleet.terminal")) {
      if (!traffic.isEmpty()) {
        output.say(
            "sample traffic: %d messages a second to %s, once the workers are ready"
                .formatted(MESSAGES_PER_SECOND, SampleTraffic.stream(traffic.getFirst().spec())));
      }
      return new PlainLines(output.out(), output.prefix());
    }
    Instant begun = clock.instant();
    String redis =
        fleet.embeddedRedis().map(it -> "embedded " + it.version()).orElse("your own Redis")
            + " "
            + fleet.redisUrl().replaceFirst("^rediss?://", "");
    return new LiveScreen(
        output.out(),
        Terminal::size,
        () ->
            new ScreenLine(
                ScreenLine.Tone.HEADING,
                "streamfleet, up %s: %s, %s"
                    .formatted(
                        FleetScreen.age(Duration.between(begun, clock.instant())),
                        redis,
                        traffic.isEmpty()
                            ? "no sample traffic"
                            : MESSAGES_PER_SECOND + " sample messages a second")),
        new ScreenLine(
            ScreenLine.Tone.FAINT,
            "Ctrl-C drains and ends.  %skubectl --kubeconfig %s get scg,deploy,pods"
                .formatted(
                    fleet.consoleUrl().map(url -> "Console: " + url + "  ").orElse(""),
                    Place.shown(fleet.kubeconfig()))));
  }
}
