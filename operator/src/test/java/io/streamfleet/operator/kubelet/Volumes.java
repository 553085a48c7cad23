package io.streamfleet.operator.kubelet;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The volumes of a pod as folders of this machine. */
final class Volumes {

  /** What is mounted may be made after the pod, and is looked for until it is there. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  private final Supplier<KubernetesClient> client;

  Volumes(Supplier<KubernetesClient> client) {
    this.client = client;
  }

  /**
   * Makes them.
   *
   * @return folders by the names of the volumes
   */
  Map<String, Path> mount(Pod pod, Path under) throws IOException {
    Map<String, Path> folders = new TreeMap<>();
    for (Volume volume : pod.getSpec().getVolumes()) {
      Path folder = Files.createDirectories(under.resolve(volume.getName()));
      for (Map.Entry<String, byte[]> file :
          content(pod.getMetadata().getNamespace(), volume).entrySet()) {
        Files.write(folder.resolve(file.getKey()), file.getValue());
      }
      folders.put(volume.getName(), folder);
    }
    return folders;
  }

  private Map<String, byte[]> content(String namespace, Volume volume) {
    while (true) {
      Map<String, byte[]> found = find(namespace, volume);
      if (found != null) {
        return found;
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }

  private @Nullable Map<String, byte[]> find(String namespace, Volume volume) {
    Map<String, byte[]> files = new TreeMap<>();
    if (volume.getConfigMap() != null) {
      ConfigMap map =
          client
              .get()
              .configMaps()
              .inNamespace(namespace)
              .withName(volume.getConfigMap().getName())
              .get();
      if (map == null) {
        return null;
      }
      Objects.requireNonNullElse(map.getData(), Map.<String, String>of())
          .forEach((key, text) -> files.put(key, text.getBytes(StandardCharsets.UTF_8)));
    } else if (volume.getSecret() != null) {
      Secret secret =
          client
              .get()
              .secrets()
              .inNamespace(namespace)
              .withName(volume.getSecret().getSecretName())
              .get();
      if (secret == null) {
        return null;
      }
      Objects.requireNonNullElse(secret.getData(), Map.<String, String>of())
          .forEach((key, text) -> files.put(key, Base64.getDecoder().decode(text)));
    }
    return files;
  }
}
