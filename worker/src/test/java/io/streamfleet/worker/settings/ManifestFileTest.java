package io.streamfleet.worker.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.worker.settings.ManifestFile.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is seen of a manifest's file, from look to look. */
class ManifestFileTest {

  private static final String FIRST = manifest(1);

  @TempDir private Path folder;
  private Path path;
  private ManifestFile file;

  @BeforeEach
  void write() throws IOException {
    path = folder.resolve("manifest.yaml");
    Files.writeString(path, FIRST);
    file = new ManifestFile(path, FIRST);
  }

  private static String manifest(int batchSize) {
    return """
        redis: {url: "redis://127.0.0.1:6379"}
        inbound: {handler: {builtin: Discard}}
        read: {batchSize: %d}
        """
        .formatted(batchSize);
  }

  /** The result of the second of two polls; the first one reports nothing. */
  private Optional<Change> secondPoll() {
    assertThat(file.poll()).isEmpty();
    return file.poll();
  }

  private static int batchSize(Optional<Change> change) {
    assertThat(change).get().isInstanceOf(Change.Valid.class);
    return ((Change.Valid) change.get()).manifest().manifest().spec().read().batchSize();
  }

  private static String problem(Optional<Change> change) {
    assertThat(change).get().isInstanceOf(Change.Invalid.class);
    return ((Change.Invalid) change.get()).problem();
  }

  @Test
  void anUnchangedFileReportsNoChange() throws IOException {
    assertThat(secondPoll()).isEmpty();
    Files.writeString(path, FIRST);
    assertThat(secondPoll()).isEmpty();
  }

  @Test
  void aNewManifestIsReportedOnce() throws IOException {
    Files.writeString(path, manifest(2));

    assertThat(batchSize(secondPoll())).isEqualTo(2);
    assertThat(secondPoll()).isEmpty();
  }

  @Test
  void contentsThatAreReadOnlyOnceAreNotReported() throws IOException {
    Files.writeString(path, "redis: {url:");
    assertThat(file.poll()).isEmpty();
    Files.writeString(path, manifest(2));

    assertThat(batchSize(secondPoll())).isEqualTo(2);
  }

  @Test
  void anInvalidManifestIsReportedOnceAndSoIsTheNextValidOne() throws IOException {
    Files.writeString(path, "redis: {url: 'redis://127.0.0.1'}\nread: {batchSize: 0}\n");
    assertThat(problem(secondPoll())).contains("batchSize").doesNotContain("\n");
    assertThat(secondPoll()).isEmpty();

    Files.writeString(path, FIRST);
    assertThat(batchSize(secondPoll())).isEqualTo(1);
  }

  @Test
  void aMissingFileIsReportedOnce() throws IOException {
    Files.delete(path);

    assertThat(problem(secondPoll())).contains("cannot be read");
    assertThat(secondPoll()).isEmpty();
  }

  @Test
  void aNewVersionOfAMountedConfigMapIsReportedThroughItsLinks() throws IOException {
    MountedManifest mounted =
        new MountedManifest(Files.createDirectory(folder.resolve("m")), FIRST);
    file = new ManifestFile(mounted.file(), FIRST);
    assertThat(secondPoll()).isEmpty();

    mounted.change(manifest(2));
    assertThat(batchSize(secondPoll())).isEqualTo(2);
    mounted.change(manifest(3));
    assertThat(batchSize(secondPoll())).isEqualTo(3);
  }
}
