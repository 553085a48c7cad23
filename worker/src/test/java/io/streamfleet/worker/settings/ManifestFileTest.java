package io.streamfleet.worker.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.worker.settings.ManifestFile.News;
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

  /** What the look after the next one comes to: the first sees, the second judges. */
  private Optional<News> secondLook() {
    assertThat(file.look()).isEmpty();
    return file.look();
  }

  private static int batchSize(Optional<News> news) {
    assertThat(news).get().isInstanceOf(News.Other.class);
    return ((News.Other) news.get()).manifest().manifest().spec().read().batchSize();
  }

  private static String problem(Optional<News> news) {
    assertThat(news).get().isInstanceOf(News.Bad.class);
    return ((News.Bad) news.get()).problem();
  }

  @Test
  void whatStaysAsItIsIsNoNews() throws IOException {
    assertThat(secondLook()).isEmpty();
    Files.writeString(path, FIRST);
    assertThat(secondLook()).isEmpty();
  }

  @Test
  void anotherManifestIsNewsOnce() throws IOException {
    Files.writeString(path, manifest(2));

    assertThat(batchSize(secondLook())).isEqualTo(2);
    assertThat(secondLook()).isEmpty();
  }

  @Test
  void whatIsThereForAMomentOnlyIsNotJudged() throws IOException {
    Files.writeString(path, "redis: {url:");
    assertThat(file.look()).isEmpty();
    Files.writeString(path, manifest(2));

    assertThat(batchSize(secondLook())).isEqualTo(2);
  }

  @Test
  void aFileThatHoldsNoManifestIsNewsOnceAndSoIsItsEnd() throws IOException {
    Files.writeString(path, "redis: {url: 'redis://127.0.0.1'}\nread: {batchSize: 0}\n");
    assertThat(problem(secondLook())).contains("batchSize").doesNotContain("\n");
    assertThat(secondLook()).isEmpty();

    Files.writeString(path, FIRST);
    assertThat(batchSize(secondLook())).isEqualTo(1);
  }

  @Test
  void aFileThatIsGoneIsNewsOnce() throws IOException {
    Files.delete(path);

    assertThat(problem(secondLook())).contains("cannot be read");
    assertThat(secondLook()).isEmpty();
  }

  @Test
  void anotherVersionOfAMountedConfigMapIsSeenThroughItsLinks() throws IOException {
    MountedManifest mounted =
        new MountedManifest(Files.createDirectory(folder.resolve("m")), FIRST);
    file = new ManifestFile(mounted.file(), FIRST);
    assertThat(secondLook()).isEmpty();

    mounted.change(manifest(2));
    assertThat(batchSize(secondLook())).isEqualTo(2);
    mounted.change(manifest(3));
    assertThat(batchSize(secondLook())).isEqualTo(3);
  }
}
