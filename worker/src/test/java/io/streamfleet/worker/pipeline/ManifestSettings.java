package io.streamfleet.worker.pipeline;

import io.streamfleet.api.Manifest;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** The settings of the pipelines of a manifest, for the consumer {@code w1}. */
final class ManifestSettings {

  private ManifestSettings() {}

  /** Those of the first one. */
  static PipelineSettings of(String manifest) {
    return all(manifest, 0).getFirst();
  }

  /** All of them, of which the first has this number. */
  static List<PipelineSettings> all(String manifest, int firstNumber) {
    return new PipelinePlan(
            Manifest.read(manifest).spec(),
            "w1",
            new UUID(0, 0),
            false,
            System::nanoTime,
            Clock.systemUTC(),
            new Random(1))
        .pipelines(firstNumber);
  }
}
