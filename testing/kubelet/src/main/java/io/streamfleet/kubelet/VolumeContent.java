package io.streamfleet.kubelet;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.streamfleet.apiserver.controller.Node;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The files of volumes that come from the API server. */
final class VolumeContent {

  private final Pod pod;
  private final Node node;

  VolumeContent(Pod pod, Node node) {
    this.pod = pod;
    this.node = node;
  }

  /**
   * The files by path.
   *
   * @throws NotYet if the source does not exist, or is of an unsupported kind
   */
  Map<String, byte[]> of(Volume volume) {
    Map<String, byte[]> files = new TreeMap<>();
    if (volume.getConfigMap() != null) {
      var source = volume.getConfigMap();
      add(files, configMap(source.getName(), source.getOptional()), source.getItems());
    } else if (volume.getSecret() != null) {
      var source = volume.getSecret();
      add(files, secret(source.getSecretName(), source.getOptional()), source.getItems());
    } else if (volume.getDownwardAPI() != null) {
      add(files, volume.getDownwardAPI().getItems());
    } else if (volume.getProjected() != null) {
      volume.getProjected().getSources().forEach(source -> add(files, volume, source));
    } else {
      throw unknown(volume);
    }
    return files;
  }

  private void add(Map<String, byte[]> files, Volume volume, VolumeProjection source) {
    if (source.getConfigMap() != null) {
      var map = source.getConfigMap();
      add(files, configMap(map.getName(), map.getOptional()), map.getItems());
    } else if (source.getSecret() != null) {
      var secret = source.getSecret();
      add(files, secret(secret.getName(), secret.getOptional()), secret.getItems());
    } else if (source.getDownwardAPI() != null) {
      add(files, source.getDownwardAPI().getItems());
    } else {
      throw unknown(volume);
    }
  }

  private static NotYet unknown(Volume volume) {
    return new NotYet(
        ("the volume %s is of a kind that is not known here: emptyDir, configMap, secret,"
                + " downwardAPI and projected ones of these are")
            .formatted(volume.getName()));
  }

  private static void add(
      Map<String, byte[]> files, Map<String, byte[]> keys, List<KeyToPath> items) {
    if (items.isEmpty()) {
      files.putAll(keys);
    }
    for (KeyToPath item : items) {
      byte[] bytes = keys.get(item.getKey());
      if (bytes == null) {
        throw new NotYet("references non-existent key: " + item.getKey());
      }
      files.put(item.getPath(), bytes);
    }
  }

  private void add(Map<String, byte[]> files, List<DownwardAPIVolumeFile> items) {
    for (DownwardAPIVolumeFile item : items) {
      if (item.getFieldRef() == null) {
        throw new NotYet("resourceFieldRef is not supported, but used by " + item.getPath());
      }
      files.put(
          item.getPath(), Downward.field(pod, item.getFieldRef().getFieldPath()).getBytes(UTF_8));
    }
  }

  private Map<String, byte[]> configMap(String name, @Nullable Boolean optional) {
    Map<String, byte[]> files = new TreeMap<>();
    find(ConfigMap.class, name, optional)
        .ifPresent(
            map -> {
              Objects.requireNonNullElse(map.getData(), Map.<String, String>of())
                  .forEach((key, text) -> files.put(key, text.getBytes(UTF_8)));
              decode(map.getBinaryData(), files);
            });
    return files;
  }

  private Map<String, byte[]> secret(String name, @Nullable Boolean optional) {
    Map<String, byte[]> files = new TreeMap<>();
    find(Secret.class, name, optional).ifPresent(secret -> decode(secret.getData(), files));
    return files;
  }

  private static void decode(@Nullable Map<String, String> data, Map<String, byte[]> files) {
    Objects.requireNonNullElse(data, Map.<String, String>of())
        .forEach((key, text) -> files.put(key, Base64.getDecoder().decode(text)));
  }

  private <T extends HasMetadata> Optional<T> find(
      Class<T> kind, String name, @Nullable Boolean optional) {
    Optional<T> found = node.find(kind, pod.getMetadata().getNamespace(), name);
    if (found.isEmpty() && !Boolean.TRUE.equals(optional)) {
      throw new NotYet(
          "%s \"%s\" not found"
              .formatted(kind.getSimpleName().toLowerCase(java.util.Locale.ROOT), name));
    }
    return found;
  }
}
