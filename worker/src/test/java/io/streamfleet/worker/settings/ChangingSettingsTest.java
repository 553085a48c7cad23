package io.streamfleet.worker.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.CollectorRegistry;
import io.streamfleet.api.Manifest;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.worker.metrics.SettingsMetrics;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What of a changed manifest applies, and what is told of it. */
class ChangingSettingsTest {

  private static final ManifestText FIRST = manifest("read: {batchSize: 1}");

  private final List<Integer> batchSizes = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private final CollectorRegistry registry = new CollectorRegistry();

  private final ChangingSettings settings =
      new ChangingSettings(
          FIRST,
          new ChangingSettings.Workers() {
            @Override
            public void change(StreamConsumerGroupSpec changed) {
              batchSizes.add(changed.read().batchSize());
            }

            @Override
            public void tell(Manifest manifest, String version, boolean refused) {
              told.add(version + (refused ? " refused" : ""));
            }
          },
          new SettingsMetrics(registry));

  private static ManifestText manifest(String more) {
    return ManifestText.of(
        """
        redis: {url: "redis://127.0.0.1:6379"}
        inbound: {handler: {builtin: Discard}}
        """
            + more);
  }

  private boolean shows(String version) {
    return registry.getSampleValue(
            "streamfleet_settings_info", new String[] {"version"}, new String[] {version})
        != null;
  }

  private Double refused() {
    return registry.getSampleValue("streamfleet_settings_refused");
  }

  @Test
  void reportsItsVersionFromTheStart() {
    assertThat(told).containsExactly(FIRST.version());
    assertThat(shows(FIRST.version())).isTrue();
    assertThat(refused()).isZero();
  }

  @Test
  void liveSettingsApplyAndChangeTheVersionInForce() {
    ManifestText second = manifest("read: {batchSize: 2}");
    settings.change(second);

    assertThat(batchSizes).containsExactly(2);
    assertThat(told).last().isEqualTo(second.version());
    assertThat(shows(second.version())).isTrue();
    assertThat(shows(FIRST.version())).isFalse();
  }

  @Test
  void aManifestThatNeedsARestartIsNotInForceThoughItsLiveSettingsApply() {
    settings.change(manifest("read: {batchSize: 2, block: 1s}"));

    assertThat(batchSizes).containsExactly(2);
    assertThat(told).last().isEqualTo(FIRST.version());
    assertThat(refused()).isZero();
  }

  @Test
  void aManifestThatTakesBackWhatNeedsARestartIsInForceAgain() {
    settings.change(manifest("read: {batchSize: 2, block: 1s}"));
    ManifestText third = manifest("read: {batchSize: 3}");
    settings.change(third);

    assertThat(batchSizes).containsExactly(2, 3);
    assertThat(told).last().isEqualTo(third.version());
  }

  @Test
  void anInvalidManifestChangesNothingAndIsReportedUntilItIsFixed() {
    settings.refuse("spec.read.batchSize must be at least 1");

    assertThat(batchSizes).isEmpty();
    assertThat(told).last().isEqualTo(FIRST.version() + " refused");
    assertThat(refused()).isEqualTo(1);
    assertThat(shows(FIRST.version())).isTrue();

    settings.change(FIRST);
    assertThat(told).last().isEqualTo(FIRST.version());
    assertThat(refused()).isZero();
  }
}
