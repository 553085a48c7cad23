package io.streamfleet.worker.fleet;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A manifest for tests: the stream {@code in} read by the group {@code g}, with short times, so
 * that nobody waits long for what a test is about.
 */
public record QuickManifest(Map<String, String> sections) {

  /** Locks and ownership outlast every pause of a busy machine: nothing is taken over by chance. */
  public static QuickManifest calm() {
    return new QuickManifest(Map.of())
        .with("redis", "{url: 'redis://127.0.0.1:6379'}")
        .with("deadLetter", "{stream: dlq}")
        .with("read", "{block: 100ms}")
        .with("retry", "{initialBackoff: 10ms, maxBackoff: 100ms, maxAttempts: 10}")
        .with("workers", "{drainTimeout: 5s}")
        .with("autoclaim", "{interval: 300ms, minIdle: 20s, maxDeliveries: 10}")
        .ordering("{lockTtl: 20s}");
  }

  /** Locks and ownership run out after a second. */
  public static QuickManifest hasty() {
    return calm()
        .with("autoclaim", "{interval: 300ms, minIdle: 1s, maxDeliveries: 10}")
        .ordering("{lockTtl: 1s}");
  }

  /** The same with another ordering of the inbound stream. */
  public QuickManifest ordering(String ordering) {
    return with(
        "inbound",
        "{streams: [in], group: g, ordering: " + ordering + ", handler: {builtin: Discard}}");
  }

  /** The same with another section in place of the one of that name. */
  public QuickManifest with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(sections);
    more.put(name, value);
    return new QuickManifest(more);
  }

  /** The YAML. */
  public String text() {
    return sections.entrySet().stream()
        .map(section -> section.getKey() + ": " + section.getValue() + "\n")
        .collect(Collectors.joining());
  }
}
