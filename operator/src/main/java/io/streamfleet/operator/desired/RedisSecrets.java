package io.streamfleet.operator.desired;

import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.streamfleet.api.RedisSpec;
import io.streamfleet.api.SecretRef;
import io.streamfleet.api.TlsSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Mounts the Secrets for Redis as directories with a file for each key. The kubelet updates the
 * files when a Secret changes, and a worker reads them at every connect, so a rotation needs no
 * roll-out.
 */
final class RedisSecrets {

  /** Where a worker reads Secrets by default: a directory for each, by its name. */
  private static final String FOLDER = "/etc/streamfleet/secrets/";

  private RedisSecrets() {}

  static List<Volume> volumes(RedisSpec redis) {
    return volumeOf(redis).entrySet().stream()
        .map(
            entry ->
                new VolumeBuilder()
                    .withName(entry.getValue())
                    .withNewSecret()
                    .withSecretName(entry.getKey())
                    .endSecret()
                    .build())
        .toList();
  }

  static List<VolumeMount> mounts(RedisSpec redis) {
    return volumeOf(redis).entrySet().stream()
        .map(
            entry ->
                new VolumeMountBuilder()
                    .withName(entry.getValue())
                    .withMountPath(FOLDER + entry.getKey())
                    .withReadOnly(true)
                    .build())
        .toList();
  }

  /**
   * A Secret may have several roles but is mounted once; its volume is named after the first role.
   */
  private static Map<String, String> volumeOf(RedisSpec redis) {
    Map<String, String> volumes = new LinkedHashMap<>();
    put(volumes, redis.credentialsSecret(), "redis-credentials");
    put(volumes, redis.sentinelCredentialsSecret(), "sentinel-credentials");
    TlsSpec tls = redis.tls();
    if (tls != null) {
      put(volumes, tls.caSecret(), "redis-ca");
      put(volumes, tls.clientSecret(), "redis-client");
    }
    return volumes;
  }

  private static void put(Map<String, String> volumes, @Nullable SecretRef secret, String name) {
    if (secret != null) {
      volumes.putIfAbsent(secret.name(), name);
    }
  }
}
