package io.streamfleet.worker.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls the file of a manifest while a worker runs.
 *
 * <p>It polls instead of using file-system notifications: the kubelet changes a mounted ConfigMap
 * by replacing a symbolic link in another folder, editors replace the file, and network file
 * systems send no notifications. Reading a few kilobytes a second costs next to nothing.
 */
public final class ManifestWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ManifestWatch.class);

  /** A change needs two reads, so it applies within about two seconds, as a pause must. */
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final ManifestFile file;
  private final ChangingSettings settings;
  private final CountDownLatch closed = new CountDownLatch(1);

  private ManifestWatch(ManifestFile file, ChangingSettings settings) {
    this.file = file;
    this.settings = settings;
  }

  /**
   * Starts to poll. A path that is no regular file, such as a pipe, is not read again.
   *
   * @param atStart what the last read of the file returned
   */
  public static ManifestWatch start(Path file, ManifestText atStart, ChangingSettings settings) {
    ManifestWatch watch = new ManifestWatch(new ManifestFile(file, atStart.text()), settings);
    if (Files.isRegularFile(file)) {
      // A platform thread: handlers may occupy all carriers of virtual threads, and then a user may
      // well want to pause the fleet.
      Thread.ofPlatform().name("manifest-watch").daemon(true).start(watch::run);
    }
    return watch;
  }

  private void run() {
    try {
      while (!closed.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          poll();
        } catch (RuntimeException | Error e) {
          // A bug: without the loop no change would apply any more, and nobody would notice.
          LOG.atError().setCause(e).log("cannot check the manifest for changes; trying again");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void poll() {
    file.poll()
        .ifPresent(
            change -> {
              switch (change) {
                case ManifestFile.Change.Valid(ManifestText manifest) -> settings.change(manifest);
                case ManifestFile.Change.Invalid(String problem) -> settings.refuse(problem);
              }
            });
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
