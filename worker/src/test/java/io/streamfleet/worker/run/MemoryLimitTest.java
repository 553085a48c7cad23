package io.streamfleet.worker.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A worker says when its heap and what is taken beside it don't fit into its container. */
class MemoryLimitTest {

  private static final long MEBI = 1 << 20;

  @ParameterizedTest
  @CsvSource({"64, 128, 192", "32, 96, 192", "128, 200, 224"})
  void whatCanNotFitIsToldWithTheNumberThatWould(long heap, long limit, long needed) {
    assertThat(MemoryLimit.needed(heap * MEBI, OptionalLong.of(limit * MEBI)))
        .hasValue(needed * MEBI);
  }

  @ParameterizedTest
  @CsvSource({"96, 192", "128, 256", "31, 128"})
  void whatFitsIsNotSpokenOf(long heap, long limit) {
    assertThat(MemoryLimit.needed(heap * MEBI, OptionalLong.of(limit * MEBI))).isEmpty();
    assertThat(MemoryLimit.needed(heap * MEBI, OptionalLong.empty())).isEmpty();
  }
}
