package io.streamfleet.commands.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.commands.CommandRun;
import io.streamfleet.commands.OnFleet;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.QuickManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {

  private static final QuickManifest MANIFEST =
      QuickManifest.calm()
          .with(
              "inbound",
              "{streams: [in], group: g, handler: {http: {url: 'http://127.0.0.1:9/',"
                  + " headers: {Authorization: 'Bearer hunter2'}}}}")
          .with("workers", "{port: 9, env: [{name: TOKEN, value: hunter2}]}");

  @TempDir private Path folder;
  private final Fleet fleet = new Fleet();
  private OnFleet commands;

  @BeforeEach
  void begin() {
    commands = new OnFleet(fleet, folder);
    fleet.group().created();
    fleet.traffic().publish("in", Map.of("channel_id", "private-room", "content", "dear diary"));
    fleet.group().deliverTo("w9", 1);
  }

  @AfterEach
  void end() throws Exception {
    fleet.close();
  }

  private Map<String, String> report() throws IOException {
    Path file = folder.resolve("report.zip");
    CommandRun run = commands.run(MANIFEST, "report", "--to", file.toString());
    assertThat(run.status()).as(run.err()).isZero();
    Map<String, String> files = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName(), new String(zip.readAllBytes(), UTF_8));
      }
    }
    return files;
  }

  @Test
  void containsAllSections() throws IOException {
    Map<String, String> report = report();

    assertThat(report.get("versions.txt")).contains("streamfleet ", "java 25");
    assertThat(report.get("manifest.json")).contains("\"TOKEN\"", "\"Authorization\"");
    assertThat(report.get("redis-info.txt")).contains("redis_version:", "maxmemory_policy:");
    assertThat(report.get("status.json")).contains("\"stream\":\"in\"", "\"pending\":1");
    assertThat(report.get("check.json")).contains("\"check\":\"rights\"");
    assertThat(report.get("worker-metrics.txt")).contains("does not answer");
  }

  @Test
  void containsNoSecretsPayloadsOrChannels() throws IOException {
    assertThat(report().values())
        .allSatisfy(
            text -> assertThat(text).doesNotContain("hunter2", "dear diary", "private-room"));
  }

  @Test
  void doesNotOverwriteAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("mine.zip"), "mine");

    assertThat(commands.run("report", "--to", file.toString()).status()).isEqualTo(2);
    assertThat(file).hasContent("mine");
  }
}
