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
 * Shows the operator which version of its manifest a worker runs by: see {@link SettingsChannels}.
 * A help for people; nothing depends on it. Safe for any thread.
 */
public final class SettingsSign {

  private static final Logger LOG = LoggerFactory.getLogger(SettingsSign.class);

  private Function<NoticeChannels, List<String>> wanted = notices -> List.of();
  private Set<String> shown = Set.of();
  private @Nullable Subscription subscription;
  private @Nullable NoticeChannels channels;

  /** The worker listens, from now on and until it is told otherwise. */
  public synchronized void up(Subscription listening, NoticeChannels notices) {
    subscription = listening;
    channels = notices;
    shown = Set.of();
    update();
  }

  /** It listens no more. */
  public synchronized void down() {
    subscription = null;
  }

  /**
   * What is to be shown; nothing of a manifest without a namespace, which no operator wrote.
   *
   * @param refused whether the worker was given a manifest since that it cannot use
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
                  .log("the operator cannot be shown which settings are in force");
              return null;
            });
  }
}
