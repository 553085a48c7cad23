package io.streamfleet.worker.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamfleet.handler.TraceContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {

  static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  static final String PARENT = "00f067aa0ba902b7";
  static final String VALID = "00-" + TRACE + "-" + PARENT + "-01";

  @Test
  void readsTheExampleOfTheStandard() {
    TraceContext trace = TraceContext.of(VALID, "congo=t61rcWkgMzE").orElseThrow();

    assertThat(trace.traceId()).isEqualTo(TRACE);
    assertThat(trace.parentId()).isEqualTo(PARENT);
    assertThat(trace.sampled()).isTrue();
    assertThat(trace.tracestate()).isEqualTo("congo=t61rcWkgMzE");
    assertThat(TraceContext.of(VALID.replace("-01", "-02"), "").orElseThrow().sampled()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01what",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-a\r\nb"
      })
  void whatIsNoTraceparentCountsAsAbsent(String text) {
    assertThat(TraceContext.of(text, "congo=1")).isEmpty();
    assertThatThrownBy(() -> new TraceContext(text, ""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aLaterVersionMayHaveMore() {
    assertThat(TraceContext.of(VALID.replaceFirst("00", "cc") + "-what", "")).isPresent();
  }

  /** It goes into a header. */
  @Test
  void whatIsNoTracestateCountsAsEmpty() {
    assertThat(TraceContext.of(VALID, "a=1\r\nx: y").orElseThrow().tracestate()).isEmpty();
    assertThat(TraceContext.of(VALID, "a".repeat(513)).orElseThrow().tracestate()).isEmpty();
    assertThat(TraceContext.of(VALID, "a".repeat(512)).orElseThrow().tracestate()).hasSize(512);
  }
}
