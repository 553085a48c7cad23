package io.streamfleet.worker.control;

import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Subscription;
import io.streamfleet.redis.group.NoticeChannels;
import io.streamfleet.redis.group.SettingsChannels;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the operator which version of its manifest is in force in a worker: see {@link
 * SettingsChannels}. It is only for display in the status; nothing depends on it. Thread-safe.
 */
public final class SettingsSign {

  private static final Logger LOG = LoggerFactory.getLogger(SettingsSign.class);

  private Function<NoticeChannels, List<String>> wanted = notices -> List.of();
  private Set<String> shown = Set.of();
  private @Nullable Subscription subscription;
  private @Nullable NoticeChannels channels;

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
   * Sets what to show. Of a manifest without a namespace, which no operator rendered, nothing is
   * shown.
   *
   * @param refused whether the newest version of the manifest is invalid
   */
  public synchronized void show(
      @Nullable String namespace, String name, String version, boolean refused) {
    wanted =
        notices ->
            namespace == null
                ? List.of()
                : channels(SettingsChannels.of(notices, namespace, name), version, refused);
    update();
  }

  private static List<String> channels(SettingsChannels fleet, String version, boolean refused) {
    return refused
        ? List.of(fleet.all(), fleet.of(version), fleet.refused())
        : List.of(fleet.all(), fleet.of(version));
  }

  private void update() {
    Subscription at = subscription;
    NoticeChannels notices = channels;
    if (at == null || notices == null) {
      return;
    }
    Set<String> next = new LinkedHashSet<>(wanted.apply(notices));
    List<String> more = next.stream().filter(it -> !shown.contains(it)).toList();
    List<String> less = shown.stream().filter(it -> !next.contains(it)).toList();
    shown = next;
    at.change(more, less)
        .exceptionally(
            failure -> {
              LOG.atWarn()
                  .addKeyValue("failure", Failures.line(failure))
                  .log("cannot show the operator which settings are in force");
              return null;
            });
  }
}
