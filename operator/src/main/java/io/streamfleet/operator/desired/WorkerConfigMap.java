package io.streamfleet.operator.desired;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.streamfleet.api.InvalidManifest;
import io.streamfleet.api.Manifest;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.api.WorkerSettings;
import io.streamfleet.api.yaml.YamlText;
import io.streamfleet.operator.resource.Fleet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The ConfigMap with the manifest that the workers read.
 *
 * <p>It contains only what a worker reads, so that nothing else changes it. Default values are left
 * out, so that a worker of an older, pinned image does not fail on a field that it does not know
 * and nobody set.
 */
public final class WorkerConfigMap {

  /** The key, and the name of the file in the pod. */
  public static final String KEY = "manifest.yaml";

  private static final ObjectMapper JSON = new ObjectMapper();

  private WorkerConfigMap() {}

  /** The desired ConfigMap. */
  public static ConfigMap of(Fleet fleet) {
    return new ConfigMapBuilder()
        .withMetadata(Metadata.of(fleet, fleet.names().config()))
        .addToData(KEY, manifest(fleet))
        .build();
  }

  /**
   * Reads a fleet back from a ConfigMap: the last valid state of its resource. Fields that only the
   * operator reads have their defaults.
   *
   * @param resource supplies namespace, name, uid and generation
   * @return empty if the manifest is missing or invalid because somebody changed it
   */
  public static Optional<Fleet> fleet(ConfigMap written, StreamConsumerGroup resource) {
    String manifest =
        Objects.requireNonNullElse(written.getData(), Map.<String, String>of()).get(KEY);
    if (manifest == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Fleet.of(resource, Manifest.read(manifest).spec()));
    } catch (InvalidManifest e) {
      return Optional.empty();
    }
  }

  /**
   * SHA-256, in hexadecimal, of the settings that workers read only at their start: when it
   * changes, the pods are rolled.
   */
  public static String hash(Fleet fleet) {
    return HexFormat.of()
        .formatHex(WorkerSettings.sha256(manifest(fleet, WorkerSettings.fixed(fleet.spec()))));
  }

  /** Identifies this version of the manifest; workers report which version they run with. */
  public static String version(Fleet fleet) {
    return WorkerSettings.version(manifest(fleet));
  }

  private static String manifest(Fleet fleet) {
    return manifest(fleet, WorkerSettings.of(fleet.spec()));
  }

  private static String manifest(Fleet fleet, ObjectNode spec) {
    Map<String, Object> manifest = new LinkedHashMap<>();
    manifest.put("apiVersion", Manifest.GROUP + "/" + Manifest.VERSION);
    manifest.put("kind", Manifest.KIND);
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("name", fleet.name());
    metadata.put("namespace", fleet.namespace());
    manifest.put("metadata", metadata);
    manifest.put("spec", JSON.convertValue(spec, Map.class));
    return YamlText.write(manifest);
  }
}
