package io.streamfleet.local.cli;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.streamfleet.local.state.StateFolder;
import java.io.IOException;
import java.nio.file.Files;

/** Connects to the API server of a fleet in another process. */
final class FleetClient {

  static final String NONE = "no fleet is running; ./streamfleet up starts one";

  private FleetClient() {}

  /**
   * Opens a client by the kubeconfig that {@code up} wrote.
   *
   * @throws KubernetesClientException if the kubeconfig does not exist or can't be read
   */
  static KubernetesClient to(StateFolder state) {
    Config config;
    try {
      config = Config.fromKubeconfig(Files.readString(state.kubeconfig()));
    } catch (IOException e) {
      throw new KubernetesClientException("cannot read " + state.kubeconfig(), e);
    }
    return new KubernetesClientBuilder().withConfig(config).build();
  }
}
