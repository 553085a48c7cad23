package io.streamfleet.worker.settings;

import io.streamfleet.api.Manifest;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.api.WorkerSettings;
import io.streamfleet.worker.metrics.SettingsMetrics;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings of a worker that runs. What is live of a new manifest applies at once; what is not
 * stays as it was at the start, and it is said that a restart is needed. What is no manifest
 * changes nothing. For one thread.
 */
public final class ChangingSettings {

  private static final Logger LOG = LoggerFactory.getLogger(ChangingSettings.class);

  private final Manifest atStart;
  private final Workers workers;
  private final SettingsMetrics metrics;
  private StreamConsumerGroupSpec current;
  private List<String> needRestart = List.of();
  private boolean refused;
  private String version;

  /** Who works by the settings. */
  public interface Workers {

    /** Works by what is live of other settings from now on. */
    void change(StreamConsumerGroupSpec settings);

    /**
     * Tells which version of its manifest it runs by.
     *
     * @param manifest that of the start, which says whose worker it is
     * @param refused whether it was given another one since that it cannot use
     */
    void tell(Manifest manifest, String version, boolean refused);
  }

  public ChangingSettings(ManifestText atStart, Workers workers, SettingsMetrics metrics) {
    this.atStart = atStart.manifest();
    this.current = this.atStart.spec();
    this.version = atStart.version();
    this.workers = workers;
    this.metrics = metrics;
    tell();
  }

  /** Another manifest was found. */
  void change(ManifestText manifest) {
    StreamConsumerGroupSpec next = manifest.manifest().spec();
    List<String> restarting = WorkerSettings.fixedChanges(atStart.spec(), next);
    List<String> live = WorkerSettings.liveChanges(current, next);
    workers.change(next);
    current = next;
    refused = false;
    if (!live.isEmpty()) {
      LOG.atInfo()
          .addKeyValue("version", manifest.version())
          .addKeyValue("changed", String.join(",", live))
          .log("other settings are in force");
    }
    if (restarting.isEmpty()) {
      // Only of a manifest that is in force as a whole.
      version = manifest.version();
    } else if (!restarting.equals(needRestart)) {
      LOG.atWarn()
          .addKeyValue("version", manifest.version())
          .addKeyValue("fields", String.join(",", restarting))
          .log("these settings changed and need a restart; they stay as they were");
    }
    needRestart = restarting;
    tell();
  }

  /** What was found is no manifest. */
  void refuse(String problem) {
    refused = true;
    LOG.atError()
        .addKeyValue("problem", problem)
        .log("the manifest cannot be used; the settings stay as they are");
    tell();
  }

  private void tell() {
    metrics.show(version, refused);
    workers.tell(atStart, version, refused);
  }
}
