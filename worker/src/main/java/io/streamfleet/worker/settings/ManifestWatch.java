package io.streamfleet.worker.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the file of a manifest for as long as a worker runs.
 *
 * <p>It reads the file anew instead of having the system tell of changes: the kubelet changes a
 * mounted ConfigMap by another target of a symbolic link two folders up, editors replace the file,
 * and network file systems tell nothing. To read some kilobytes a second costs next to nothing.
 */
public final class ManifestWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ManifestWatch.class);

  /** Two looks make a change: it applies within seconds, and a pause is wanted that soon. */
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final ManifestFile file;
  private final ChangingSettings settings;
  private final CountDownLatch closed = new CountDownLatch(1);

  private ManifestWatch(ManifestFile file, ChangingSettings settings) {
    this.file = file;
    this.settings = settings;
  }

  /**
   * Begins to look. What is no file, such as a pipe, is read once and never again.
   *
   * @param atStart what the file held when it was read last
   */
  public static ManifestWatch start(Path file, ManifestText atStart, ChangingSettings settings) {
    ManifestWatch watch = new ManifestWatch(new ManifestFile(file, atStart.text()), settings);
    if (Files.isRegularFile(file)) {
      // Of the system's own: handlers may keep all carriers of virtual threads, and a pause is then
      // what somebody wants.
      Thread.ofPlatform().name("manifest-watch").daemon(true).start(watch::run);
    }
    return watch;
  }

  private void run() {
    try {
      while (!closed.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          look();
        } catch (RuntimeException | Error e) {
          // A mistake of ours: who looks no more applies nothing more, and nobody knows.
          LOG.atError().setCause(e).log("the manifest could not be looked at");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    file.look()
        .ifPresent(
            news -> {
              switch (news) {
                case ManifestFile.News.Other(ManifestText manifest) -> settings.change(manifest);
                case ManifestFile.News.Bad(String problem) -> settings.refuse(problem);
              }
            });
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
