package io.streamfleet.operator.desired;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.streamfleet.api.InvalidManifest;
import io.streamfleet.api.Manifest;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.api.yaml.YamlText;
import io.streamfleet.operator.resource.Fleet;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The ConfigMap with the manifest that the workers read.
 *
 * <p>It holds only what a worker reads, so that nothing else rolls the pods. What is as by default
 * is left out, so that a worker of a pinned, older image is not stopped by a field that it does not
 * know and nobody set.
 */
public final class WorkerConfigMap {

  /** The key, and the name of the file in the pod. */
  public static final String KEY = "manifest.yaml";

  /** What only the operator reads. */
  private static final List<String> NOT_FOR_WORKERS =
      List.of(
          "autoscaling", "consumers", "monitoring", "networkPolicy", "deletionPolicy", "paused");

  /** What a worker reads of {@code spec.workers}; the rest is the pod's. */
  private static final List<String> OF_WORKERS = List.of("drainTimeout", "port");

  private static final ObjectMapper JSON = new ObjectMapper();

  private WorkerConfigMap() {}

  /** What it should be. */
  public static ConfigMap of(Fleet fleet) {
    return new ConfigMapBuilder()
        .withMetadata(Metadata.of(fleet, fleet.names().config()))
        .addToData(KEY, manifest(fleet))
        .build();
  }

  /**
   * The fleet whose workers read a ConfigMap: that of its resource at a time when it could be
   * worked with. What only the operator reads is as by default.
   *
   * @param resource whose namespace, name, identity and generation the fleet has
   * @return empty if nobody could read it: somebody has changed it
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

  /** SHA-256 of what the workers read, in hexadecimal digits. */
  public static String hash(Fleet fleet) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      byte[] digest = sha256.digest(manifest(fleet).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String manifest(Fleet fleet) {
    ObjectNode spec = Manifest.withoutDefaults(fleet.spec());
    spec.remove(NOT_FOR_WORKERS);
    if (spec.get("workers") instanceof ObjectNode workers) {
      workers.retain(OF_WORKERS);
      if (workers.isEmpty()) {
        spec.remove("workers");
      }
    }
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
