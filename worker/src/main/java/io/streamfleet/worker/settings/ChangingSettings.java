package io.streamfleet.worker.settings;

import io.streamfleet.api.Manifest;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.api.WorkerSettings;
import io.streamfleet.worker.metrics.SettingsMetrics;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings of a running worker. The live fields of a new manifest apply at once. Other fields
 * keep the values of the start, and a warning says that they need a restart. An invalid manifest
 * changes nothing. Belongs to one thread.
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

  /** What the settings apply to. */
  public interface Workers {

    /** Applies the live fields of these settings. */
    void change(StreamConsumerGroupSpec settings);

    /**
     * Publishes which version of the manifest is in force.
     *
     * @param manifest the manifest of the start, with the namespace and name of the fleet
     * @param refused whether the newest version of the manifest is invalid
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

  /** Applies a new manifest. */
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
          .log("changed settings are in force");
    }
    if (restarting.isEmpty()) {
      // The version is that of the last manifest that is in force as a whole.
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

  /** Reports a manifest that is invalid or cannot be read; the settings stay as they are. */
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
