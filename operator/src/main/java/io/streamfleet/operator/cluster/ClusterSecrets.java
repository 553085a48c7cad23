package io.streamfleet.operator.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.streamfleet.operator.redis.SecretStore;
import io.streamfleet.redis.Secret;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads Secrets from the API server when they are needed. Their contents are not kept. */
public final class ClusterSecrets implements SecretStore {

  private final KubernetesClient client;

  public ClusterSecrets(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public Optional<Secret> secret(String namespace, String name) {
    return Optional.ofNullable(client.secrets().inNamespace(namespace).withName(name).get())
        .map(ClusterSecrets::decoded);
  }

  private static Secret decoded(io.fabric8.kubernetes.api.model.Secret secret) {
    Map<String, byte[]> data = new HashMap<>();
    if (secret.getData() != null) {
      secret.getData().forEach((key, text) -> data.put(key, Base64.getDecoder().decode(text)));
    }
    return Secret.of(secret.getMetadata().getName(), data);
  }
}
