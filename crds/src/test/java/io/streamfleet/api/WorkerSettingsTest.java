package io.streamfleet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.api.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What applies to workers that run, and what restarts them. */
class WorkerSettingsTest {

  private static final String LEAST =
      """
      redis: {url: "redis://redis:6379"}
      inbound: {handler: {http: {url: "http://localhost:9000/"}}}
      outbound: {platforms: [discord, matrix], handler: {builtin: Log}}
      """;

  private static StreamConsumerGroupSpec spec(String more) {
    return Manifest.read(LEAST + more).spec();
  }

  private static StreamConsumerGroupSpec changed(String from, String to) {
    return Manifest.read(LEAST.replace(from, to)).spec();
  }

  private static List<String> restarting(StreamConsumerGroupSpec after) {
    return WorkerSettings.fixedChanges(spec(""), after);
  }

  /** Whoever makes another field live sees to it that workers apply it, and says so here. */
  @Test
  void theseFieldsAreLiveAndNoOthers() {
    assertThat(live("spec", Schema.ofSpec()))
        .containsExactlyInAnyOrder(
            "spec.inbound.handler.http.timeout",
            "spec.inbound.limits",
            "spec.inbound.paused",
            "spec.outbound.handler.http.timeout",
            "spec.outbound.limits",
            "spec.outbound.paused",
            "spec.outbound.pausedPlatforms",
            "spec.read.batchSize",
            "spec.read.maxInFlight",
            "spec.autoclaim",
            "spec.retry",
            "spec.trace");
  }

  private static List<String> live(String path, Schema schema) {
    List<String> paths = new ArrayList<>();
    for (Map.Entry<String, Schema> field : schema.properties().entrySet()) {
      String inner = path + "." + field.getKey();
      paths.addAll(field.getValue().live() ? List.of(inner) : live(inner, field.getValue()));
    }
    return paths;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "read: {batchSize: 7, maxInFlight: 8}",
        "autoclaim: {interval: 1s, minIdle: 2s, batchSize: 3, maxDeliveries: 4}",
        "retry: {maxAttempts: 1, initialBackoff: 2s, maxBackoff: 3s}",
        "trace: {enabled: false}",
        "workers: {replicas: 7, podLabels: {team: chat}}",
        "paused: true"
      })
  void whatIsLiveOrNotForWorkersRestartsNone(String more) {
    assertThat(restarting(spec(more))).isEmpty();
  }

  @Test
  void aPauseAndAHandlersTimeOutRestartNone() {
    assertThat(restarting(changed("inbound: {", "inbound: {paused: true, "))).isEmpty();
    assertThat(
            restarting(
                changed("handler: {builtin", "pausedPlatforms: [discord], handler: {builtin")))
        .isEmpty();
    assertThat(restarting(changed("9000/\"", "9000/\", timeout: 5s"))).isEmpty();
  }

  @Test
  void allElseRestartsThemAndIsNamed() {
    assertThat(restarting(spec("read: {block: 1s, batchSize: 7}")))
        .containsExactly("spec.read.block");
    assertThat(restarting(spec("workers: {drainTimeout: 1s, replicas: 7}")))
        .containsExactly("spec.workers.drainTimeout");
    assertThat(restarting(changed("9000/\"", "9001/\", timeout: 5s")))
        .containsExactly("spec.inbound.handler.http.url");
    assertThat(restarting(changed("builtin: Log", "http: {url: \"http://a:1/\"}")))
        .containsExactly("spec.outbound.handler.builtin", "spec.outbound.handler.http.url");
  }

  @Test
  void anotherTextIsAnotherVersion() {
    assertThat(WorkerSettings.version("a: 1\n"))
        .hasSize(12)
        .isEqualTo(WorkerSettings.version("a: 1\n"))
        .isNotEqualTo(WorkerSettings.version("a: 2\n"));
  }
}
