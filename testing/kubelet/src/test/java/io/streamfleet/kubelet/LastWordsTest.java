package io.streamfleet.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LastWordsTest {

  @Test
  void aLineThatIsAnErrorIsTheReason() {
    assertThat(
            LastWords.of(
                1,
                """
                ts=2026-11-30T02:30:02Z level=info logger=a msg=starting
                ts=2026-11-30T02:30:03Z level=error logger=a msg="the worker failed" error=boom
                ts=2026-11-30T02:30:04Z level=info logger=a msg=drained
                """))
        .isEqualTo("exit status 1: \"the worker failed\" error=boom");
  }

  @Test
  void elseWhatWasPrintedLastAndIsNotOfATrace() {
    assertThat(
            LastWords.of(
                2,
                """
                ts=2026-11-30T02:30:02Z level=info logger=a msg=starting
                no handler com.example.Lost
                \tat java.base/java.lang.Thread.run(Thread.java:1)
                \t... 3 more
                """))
        .isEqualTo("exit status 2: no handler com.example.Lost");
  }

  @Test
  void aSignalIsNamedAndNothingIsMadeUp() {
    assertThat(LastWords.of(137, "")).isEqualTo("exit status 137 (SIGKILL: something killed it)");
    assertThat(LastWords.of(0, "all is well\n")).isEqualTo("exit status 0");
  }
}
