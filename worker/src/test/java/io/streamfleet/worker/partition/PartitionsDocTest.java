package io.streamfleet.worker.partition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.streamfleet.worker.fleet.DocPage;
import io.streamfleet.worker.fleet.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/partitions.md says of the partition of a channel is so, in every language. */
class PartitionsDocTest {

  private static final Path FILE =
      Path.of(System.getProperty("repository.root", "..")).resolve("docs/partitions.md");

  private static final DocPage PAGE = new DocPage(FILE);

  private static final Pattern ROW =
      Pattern.compile("\\| `(.*)` \\| (\\d+) \\| (\\d+) \\| (\\d+) \\|");

  @TempDir private Path folder;

  private record Vector(String channel, int crc, int of32, int of1024) {}

  @Test
  void theTableIsRight() throws Exception {
    assertThat(vectors())
        .hasSizeGreaterThan(4)
        .allSatisfy(
            vector -> {
              assertThat(Partitions.crc(vector.channel().getBytes(UTF_8))).isEqualTo(vector.crc());
              assertThat(new Partitions("s", 32).of(vector.channel())).isEqualTo(vector.of32());
              assertThat(new Partitions("s", 1_024).of(vector.channel()))
                  .isEqualTo(vector.of1024());
            });
  }

  @Test
  void thePythonExampleComputesIt() throws Exception {
    tryExample("python", "partition.py", List.of("python3", "--version"), List.of("python3"));
  }

  @Test
  void theNodeExampleComputesIt() throws Exception {
    tryExample("js", "partition.mjs", List.of("node", "--version"), List.of("node"));
  }

  @Test
  void theGoExampleComputesIt() throws Exception {
    tryExample("go", "partition.go", List.of("go", "version"), List.of("go", "run"));
  }

  @Test
  void theJavaExampleComputesIt() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    // One channel does: it is compiled anew each time.
    Path source = Files.writeString(folder.resolve("Partition.java"), PAGE.block("java"));

    assertThat(partition(List.of(java), source, "Grüße")).isEqualTo("12");
  }

  private void tryExample(
      String language, String file, List<String> version, List<String> interpreter)
      throws Exception {
    Programs programs = new Programs(folder);
    assumeThat(Programs.ended(programs.program(Map.of(), version.toArray(String[]::new))))
        .as("%s, to run the example", version.getFirst())
        .isZero();
    Path source = Files.writeString(folder.resolve(file), PAGE.block(language));

    for (Vector vector : vectors()) {
      assertThat(partition(interpreter, source, vector.channel()))
          .as(vector.channel())
          .isEqualTo(Integer.toString(vector.of32()));
    }
  }

  private String partition(List<String> interpreter, Path source, String channel)
      throws InterruptedException {
    Programs programs = new Programs(folder);
    List<String> command = new java.util.ArrayList<>(interpreter);
    command.addAll(List.of(source.toString(), channel, "32"));
    ProcessBuilder program =
        programs.program(Map.of("PYTHONUTF8", "1"), command.toArray(String[]::new));
    assertThat(Programs.ended(program)).as(programs::output).isZero();
    return programs.output().strip();
  }

  private static List<Vector> vectors() throws IOException {
    return ROW.matcher(Files.readString(FILE))
        .results()
        .map(
            row ->
                new Vector(
                    row.group(1),
                    Integer.parseInt(row.group(2)),
                    Integer.parseInt(row.group(3)),
                    Integer.parseInt(row.group(4))))
        .toList();
  }
}
