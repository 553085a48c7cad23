package io.streamfleet.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TortureTest {

  private final StringWriter report = new StringWriter();
  private final StringWriter progress = new StringWriter();

  @TempDir Path folder;

  @Test
  void aFleetKeepsItsPromisesThroughARoundOfEveryFault() {
    // Those that fit into a build: a handler in trouble as a whole takes most of a minute more.
    String parts = "writes-refused,bad-lock,too-large,nested-names,namesakes";
    int status = torture("--seed", "1", "--rounds", "1", "--parts", parts);

    assertThat(status).as(() -> progress + "\n" + report).isZero();
    assertThat(report.toString()).contains("all promises kept").contains("faults: KILLED");
  }

  @Test
  void thereIsOneRedis() {
    assertThat(torture("--sentinel", "--cluster")).isEqualTo(2);
    assertThat(progress.toString()).contains("mutually exclusive");
  }

  private int torture(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(
        List.of(
            "--out",
            folder.toString(),
            "--worker-jar",
            Path.of("../worker/target/streamfleet-worker.jar").toString()));
    return Torture.execute(
        new PrintWriter(report, true), new PrintWriter(progress, true), all.toArray(String[]::new));
  }
}
