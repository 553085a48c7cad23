package io.streamfleet.operator.settings;

import io.streamfleet.api.DurationText;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The operator's settings from environment variables.
 *
 * @param namespaces the watched namespaces; all if empty
 * @param workerImage the image of workers whose resource names none
 * @param host the address to listen on; all addresses if {@code null}
 * @param port of {@code /livez}, {@code /readyz} and {@code /metrics}
 * @param leaderElection whether several replicas elect a leader
 * @param alongside whether to start although another operator runs in the cluster
 * @param namespace of the lease
 * @param identity of this replica
 * @param leaseDuration after which a dead leader is replaced
 * @param observeInterval between two observations of a Redis
 * @param redisTimeout how long Redis may take to answer
 * @param jsonLogs whether log lines are JSON
 */
public record OperatorSettings(
    Set<String> namespaces,
    String workerImage,
    @Nullable String host,
    int port,
    boolean leaderElection,
    boolean alongside,
    String namespace,
    String identity,
    Duration leaseDuration,
    Duration observeInterval,
    Duration redisTimeout,
    boolean jsonLogs) {

  private static final Setting<Set<String>> NAMESPACES =
      new Setting<>(
          "STREAMFLEET_NAMESPACES",
          "",
          "The namespaces to watch, separated by commas; all if empty.",
          OperatorSettings::names);

  private static final Setting<String> WORKER_IMAGE =
      new Setting<>(
          "STREAMFLEET_WORKER_IMAGE",
          // The name under which the build creates it; it can't be pulled from a registry.
          "localhost/streamfleet/worker:0.1.0",
          "The image of workers whose resource names none."
              + " The default is the one that the build makes, loaded into the nodes.",
          text -> text);

  private static final Setting<String> HOST =
      new Setting<>(
          "STREAMFLEET_HOST",
          "",
          "The address to listen on, such as 127.0.0.1 for this machine only; all if empty, since"
              + " probes come from the node.",
          text -> text);

  private static final Setting<Integer> PORT =
      new Setting<>(
          "STREAMFLEET_PORT",
          "8080",
          "The port of /livez, /readyz and /metrics.",
          OperatorSettings::port);

  private static final Setting<Boolean> LEADER_ELECTION =
      new Setting<>(
          "STREAMFLEET_LEADER_ELECTION",
          "true",
          "Whether the replicas of the operator elect a leader.",
          OperatorSettings::truth);

  private static final Setting<Boolean> ALONGSIDE =
      new Setting<>(
          "STREAMFLEET_ALONGSIDE",
          "false",
          "Whether to start although an operator in another namespace is active, by its lease. Two"
              + " operators that serve one namespace undo each other's changes.",
          OperatorSettings::truth);

  private static final Setting<String> NAMESPACE =
      new Setting<>(
          "POD_NAMESPACE", "default", "The operator's own namespace, where the lease is.", t -> t);

  private static final Setting<String> IDENTITY =
      new Setting<>(
          "POD_NAME", "", "The operator's own pod, the holder of the lease.", text -> text);

  // A dead leader is replaced within this time; a live one renews five times in it.
  private static final Setting<Duration> LEASE_DURATION =
      new Setting<>(
          "STREAMFLEET_LEASE_DURATION",
          "15s",
          "After how long a dead leader is replaced; a living one renews five times in it.",
          text -> duration(text, Duration.ofSeconds(5), Duration.ofMinutes(5)));

  private static final Setting<Duration> OBSERVE_INTERVAL =
      new Setting<>(
          "STREAMFLEET_OBSERVE_INTERVAL",
          "10s",
          "The interval at which the operator observes each Redis.",
          text -> duration(text, Duration.ofMillis(100), Duration.ofHours(1)));

  private static final Setting<Duration> REDIS_TIMEOUT =
      new Setting<>(
          "STREAMFLEET_REDIS_TIMEOUT",
          "3s",
          "How long Redis may take to answer before it counts as unreachable.",
          text -> duration(text, Duration.ofMillis(100), Duration.ofMinutes(1)));

  private static final Setting<Boolean> JSON_LOGS =
      new Setting<>(
          "STREAMFLEET_LOG_FORMAT",
          "logfmt",
          "The format of the log: logfmt or json.",
          OperatorSettings::jsonLogs);

  static final List<Setting<?>> ALL =
      List.of(
          NAMESPACES,
          WORKER_IMAGE,
          HOST,
          PORT,
          LEADER_ELECTION,
          ALONGSIDE,
          NAMESPACE,
          IDENTITY,
          LEASE_DURATION,
          OBSERVE_INTERVAL,
          REDIS_TIMEOUT,
          JSON_LOGS);

  public OperatorSettings {
    namespaces = Set.copyOf(namespaces);
  }

  /**
   * Reads all settings.
   *
   * @throws BadSetting for the first invalid one
   */
  public static OperatorSettings from(Map<String, String> environment) {
    String host = HOST.read(environment);
    return new OperatorSettings(
        NAMESPACES.read(environment),
        WORKER_IMAGE.read(environment),
        host.isEmpty() ? null : host,
        PORT.read(environment),
        LEADER_ELECTION.read(environment),
        ALONGSIDE.read(environment),
        NAMESPACE.read(environment),
        IDENTITY.read(environment),
        LEASE_DURATION.read(environment),
        OBSERVE_INTERVAL.read(environment),
        REDIS_TIMEOUT.read(environment),
        JSON_LOGS.read(environment));
  }

  /** The table of all settings in {@code docs/operations.md}. */
  public static String table() {
    StringBuilder table = new StringBuilder("| variable | default | meaning |\n|---|---|---|\n");
    for (Setting<?> setting : ALL) {
      table.append(
          "| `%s` | %s | %s |\n"
              .formatted(
                  setting.name(),
                  setting.fallback().isEmpty() ? "" : "`" + setting.fallback() + "`",
                  setting.meaning()));
    }
    return table.toString();
  }

  private static Set<String> names(String text) {
    Set<String> names = new LinkedHashSet<>();
    Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(n -> !n.isEmpty())
        .forEach(names::add);
    for (String name : names) {
      if (!name.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")) {
        throw new IllegalArgumentException("must be names of namespaces, separated by commas");
      }
    }
    return names;
  }

  private static int port(String text) {
    int port;
    try {
      port = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("must be a number from 0 to 65535", e);
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("must be a number from 0 to 65535");
    }
    return port;
  }

  private static boolean truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("must be true or false");
    };
  }

  private static boolean jsonLogs(String text) {
    return switch (text) {
      case "json" -> true;
      case "logfmt" -> false;
      default -> throw new IllegalArgumentException("must be logfmt or json");
    };
  }

  private static Duration duration(String text, Duration least, Duration most) {
    Duration duration;
    try {
      duration = DurationText.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("must be a duration such as 10s", e);
    }
    if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "must be between %s and %s"
              .formatted(DurationText.format(least), DurationText.format(most)));
    }
    return duration;
  }
}
