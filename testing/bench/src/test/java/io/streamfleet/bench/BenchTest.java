package io.streamfleet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTest {

  private static final String TITLE = "Throughput: 50,000 entries for each worker, 1 round(s)";

  private final StringWriter report = new StringWriter();
  private final StringWriter progress = new StringWriter();

  @TempDir Path folder;

  @Test
  void measuresWorkerAndCeilingSideBySide() throws IOException {
    int status =
        bench(
            "--only",
            "throughput",
            "--entries",
            "50000",
            "--workers",
            "2",
            "--channels",
            "10",
            "--no-traced",
            "--against",
            "nobody");

    assertThat(status).as(progress::toString).isZero();
    JsonNode rows = new ObjectMapper().readTree(folder.resolve("bench.json").toFile()).get(TITLE);
    assertThat(rows)
        .map(
            row ->
                row.get("contender").asText()
                    + " "
                    + row.get("workers")
                    + " "
                    + row.get("work").asText())
        .containsSubsequence(
            "ceiling, 3 read(s) in flight 1 unordered",
            "ceiling, 1 read(s) in flight 1 unordered",
            "worker 1 unordered",
            "worker 2 unordered",
            "worker 1 ordered, 10 channels",
            "worker 2 ordered, 10 channels",
            "worker 1 ordered, 1,000 channels by Zipf's law")
        .hasSize(11);
    for (JsonNode row : rows) {
      for (String figure : List.of("entries/s", "of ceiling", "reads/entry", "commands/entry")) {
        assertThat(row.get(figure).doubleValue()).as("%s of %s", figure, row).isPositive();
      }
    }
    assertThat(folder.resolve("bench.md"))
        .content()
        .contains("](throughput.svg)", "](throughput-workers.svg)");
    assertThat(folder.resolve("throughput.svg")).isNotEmptyFile();
    assertThat(report.toString()).contains("## " + TITLE, "| worker | unordered | ", "| kernel | ");
  }

  @Test
  void refusesAPartThatThereIsNot() {
    assertThat(bench("--only", "speed")).isEqualTo(2);
    assertThat(progress.toString()).contains("speed", "THROUGHPUT");
  }

  @Test
  void refusesToMeasureNothing() {
    assertThat(bench("--seconds", "0")).isEqualTo(2);
    assertThat(progress.toString()).contains("above zero", "--only");
  }

  @Test
  void theLastOfTwoFoldersIsTheOneThatCounts() {
    Path first = folder.resolve("first");

    int status = bench("--out", first.toString(), "--only", "startup", "--against", "nobody");

    assertThat(status).as(progress::toString).isZero();
    assertThat(folder.resolve("bench.md")).isNotEmptyFile();
    assertThat(first).doesNotExist();
  }

  @Test
  void whatOnePartCannotMeasureTakesNothingFromTheRest() throws IOException {
    Path notAJar = Files.writeString(folder.resolve("worker.jar"), "no jar");

    int status =
        bench("--only", "startup", "--against", "nobody", "--worker-jar", notAJar.toString());

    assertThat(status).isEqualTo(1);
    assertThat(progress.toString())
        .contains("NOT MEASURED: startup, the whole part: ", "worker.jar");
    assertThat(folder.resolve("bench.md"))
        .content()
        .contains("## Not measured", "| startup | the whole part | ", "## Machine");
  }

  private int bench(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--out", folder.toString()));
    return Bench.execute(
        new PrintWriter(report, true), new PrintWriter(progress, true), all.toArray(String[]::new));
  }
}
