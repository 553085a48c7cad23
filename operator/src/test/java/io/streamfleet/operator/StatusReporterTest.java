package io.streamfleet.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.prometheus.client.CollectorRegistry;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.api.StreamConsumerGroupStatus;
import io.streamfleet.operator.event.EventWriter;
import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.status.WrittenNumbers;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class StatusReporterTest {

  @AutoClose private final EmbeddedCluster cluster = new EmbeddedCluster();

  private final StatusReporter reports =
      new StatusReporter(
          new EventWriter(cluster.client(), Clock.systemUTC(), "test", () -> {}),
          new OperatorMetrics(new CollectorRegistry(), "test"),
          Clock.systemUTC(),
          new WrittenNumbers(Clock.systemUTC()));
  private final StreamConsumerGroup resource = new StreamConsumerGroup();

  /** The informer may be behind what was written a moment ago. */
  @Test
  void whatAResourceShowsIsWrittenAgainWhenSomethingElseWasWrittenSince() {
    resource.setMetadata(
        new ObjectMetaBuilder().withName("r").withNamespace("default").withGeneration(1L).build());
    StreamConsumerGroupStatus one = reports.invalid(resource, List.of("spec.a is wrong"));
    resource.setStatus(one);
    StreamConsumerGroupStatus other = reports.invalid(resource, List.of("spec.b is wrong"));

    assertThat(isWritten(one)).isFalse();
    assertThat(isWritten(other)).isTrue();
    assertThat(isWritten(one)).as("the resource shows it, and is behind").isTrue();
    assertThat(isWritten(one)).isFalse();

    resource.setStatus(other);
    assertThat(isWritten(one)).as("the resource is behind still").isTrue();
  }

  private boolean isWritten(StreamConsumerGroupStatus status) {
    return reports.write(resource, status).isPatchStatus();
  }
}
