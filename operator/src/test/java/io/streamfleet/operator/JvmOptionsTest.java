package io.streamfleet.operator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The options by which the operator fits into its memory. */
class JvmOptionsTest {

  @Test
  void aJavaMachineTakesThemAndFitsIntoASmallContainer() throws Exception {
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@jvm.options",
                "-XX:MaxRAM=256m",
                "-XX:+PrintFlagsFinal",
                "-version")
            .redirectErrorStream(true)
            .start();
    String said = new String(java.getInputStream().readAllBytes(), UTF_8);

    assertThat(java.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(java.exitValue()).as(said).isZero();
    assertThat(said).doesNotContain("warning").containsPattern("UseSerialGC += true");
    long heap = Long.parseLong(said.replaceFirst("(?s).* MaxHeapSize += (\\d+) .*", "$1"));
    assertThat(heap).isLessThan(112 << 20);
  }
}
