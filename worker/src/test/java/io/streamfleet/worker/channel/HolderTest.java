package io.streamfleet.worker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HolderTest {

  @Test
  void isAConsumerWhereAnotherNamedItself() {
    assertThat(Holder.of("worker-2/0b4f", "worker-1"))
        .isEqualTo(new Holder.Consumer("worker-2/0b4f", "worker-2"));
  }

  @Test
  void keepsSlashesOfAConsumersName() {
    assertThat(Holder.of("zone/worker-2/0b4f", "worker-1"))
        .isEqualTo(new Holder.Consumer("zone/worker-2/0b4f", "zone/worker-2"));
  }

  @Test
  void isForeignWhereNobodyIsNamed() {
    assertThat(Holder.of("2f1e7a52-8b6e-4d57-9d63-0b4f3a2f1c11", "worker-1"))
        .isEqualTo(new Holder.Foreign());
    assertThat(Holder.of("", "worker-1")).isEqualTo(new Holder.Foreign());
    assertThat(Holder.of("/0b4f", "worker-1")).isEqualTo(new Holder.Foreign());
  }

  /** An earlier life of this worker, or another of its pipelines: nothing can be handed to it. */
  @Test
  void isForeignUnderOurOwnNameWithAnotherToken() {
    assertThat(Holder.of("worker-1/0b4f", "worker-1")).isEqualTo(new Holder.Foreign());
  }
}
