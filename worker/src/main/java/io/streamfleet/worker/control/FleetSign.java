package io.streamfleet.worker.control;

import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Subscription;
import io.streamfleet.redis.group.FleetChannels;
import io.streamfleet.redis.group.NoticeChannels;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the operator which version of its manifest is in force in a worker, and which loops have an
 * open breaker: see {@link FleetChannels}. It is only for display in the status; nothing depends on
 * it. Thread-safe.
 */
public final class FleetSign {

  private static final Logger LOG = LoggerFactory.getLogger(FleetSign.class);

  private Function<FleetChannels, List<String>> settings = fleet -> List.of();
  private final Supplier<List<String>> unavailable;
  private @Nullable String namespace;
  private String name = "";
  private Set<String> shown = Set.of();
  private @Nullable Subscription subscription;
  private @Nullable NoticeChannels channels;

  /**
   * @param unavailable the loops with an open breaker; asked at each update
   */
  public FleetSign(Supplier<List<String>> unavailable) {
    this.unavailable = unavailable;
  }

  /** Subscribes to the channels by this connection, until {@link #down}. */
  public synchronized void up(Subscription listening, NoticeChannels notices) {
    subscription = listening;
    channels = notices;
    shown = Set.of();
    update();
  }

  /** Uses the connection no more. */
  public synchronized void down() {
    subscription = null;
  }

  /**
   * Sets which settings to show. Of a manifest without a namespace, which no operator rendered,
   * nothing is shown.
   *
   * @param refused whether the newest version of the manifest is invalid
   */
  public synchronized void show(
      @Nullable String namespace, String name, String version, boolean refused) {
    this.namespace = namespace;
    this.name = name;
    settings =
        fleet ->
            refused
                ? List.of(fleet.all(), fleet.of(version), fleet.refused())
                : List.of(fleet.all(), fleet.of(version));
    update();
  }

  private List<String> wanted(NoticeChannels notices) {
    String fleetNamespace = namespace;
    if (fleetNamespace == null) {
      return List.of();
    }
    FleetChannels fleet = FleetChannels.of(notices, fleetNamespace, name);
    List<String> wanted = new ArrayList<>(settings.apply(fleet));
    unavailable.get().forEach(loop -> wanted.add(fleet.unavailable(loop)));
    return wanted;
  }

  /** Subscribes to what is new, and unsubscribes from what no longer holds. */
  public synchronized void update() {
    Subscription at = subscription;
    NoticeChannels notices = channels;
    if (at == null || notices == null) {
      return;
    }
    Set<String> next = new LinkedHashSet<>(wanted(notices));
    List<String> more = next.stream().filter(it -> !shown.contains(it)).toList();
    List<String> less = shown.stream().filter(it -> !next.contains(it)).toList();
    shown = next;
    at.change(more, less)
        .exceptionally(
            failure -> {
              LOG.atWarn()
                  .addKeyValue("failure", Failures.line(failure))
                  .log(
                      "cannot show the operator which settings are in force and which breakers are open");
              return null;
            });
  }
}
