package io.streamfleet.worker.pipeline;

import io.streamfleet.api.Manifest;
import java.time.Clock;
import java.util.Random;
import java.util.UUID;

/** The settings of the first pipeline of a manifest, for the consumer {@code w1}. */
final class InboundSettings {

  private InboundSettings() {}

  static PipelineSettings of(String manifest) {
    return new Plan(
            Manifest.read(manifest).spec(),
            "w1",
            new UUID(0, 0),
            System::nanoTime,
            Clock.systemUTC(),
            new Random(1))
        .pipelines(0)
        .getFirst();
  }
}
