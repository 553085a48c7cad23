package io.streamfleet.worker.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.cluster.SlotHash;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionsTest {

  @Test
  void computesTheCrcOfRedisCluster() {
    assertThat(Partitions.crc("123456789".getBytes(StandardCharsets.UTF_8))).isEqualTo(0x31c3);
  }

  /** Also in docs/publishing.md, for those who write it in another language. */
  @ParameterizedTest
  @CsvSource({"general, 29", "global, 8", "42, 0", "Grüße, 12", "discord:123456789012345678, 2"})
  void putsAChannelInItsPartition(String channel, int partition) {
    assertThat(new Partitions("s", 32).of(channel)).isEqualTo(partition);
  }

  @Test
  void isTheSlotOfAClusterModuloTheCount() {
    Partitions partitions = new Partitions("s", 1_024);

    for (int i = 0; i < 1_000; i++) {
      String channel = "channel-" + i * i;
      assertThat(partitions.of(channel)).isEqualTo(SlotHash.getSlot(channel) % 1_024);
    }
  }

  @Test
  void namesStreamsThatSpreadOverACluster() {
    assertThat(new Partitions("sg:stream:inbound", 4).streams())
        .containsExactly(
            "sg:stream:inbound:{0}",
            "sg:stream:inbound:{1}", "sg:stream:inbound:{2}", "sg:stream:inbound:{3}");
  }

  @Test
  void refusesACountThatIsNoPowerOfTwo() {
    assertThatThrownBy(() -> new Partitions("s", 24)).hasMessageContaining("24");
    assertThatThrownBy(() -> new Partitions("s", 0)).hasMessageContaining("0");
  }
}
