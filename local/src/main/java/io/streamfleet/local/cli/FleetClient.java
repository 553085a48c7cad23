package io.streamfleet.local.cli;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.local.fleet.LocalFailure;
import io.streamfleet.local.state.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  /**
   * The StreamConsumerGroup of a name, or the only one.
   *
   * @throws LocalFailure if there is not exactly one
   */
  static StreamConsumerGroup chosen(KubernetesClient client, @Nullable String name) {
    List<StreamConsumerGroup> all =
        client.resources(StreamConsumerGroup.class).inAnyNamespace().list().getItems();
    List<StreamConsumerGroup> chosen =
        all.stream().filter(it -> name == null || it.getMetadata().getName().equals(name)).toList();
    if (chosen.size() != 1) {
      throw LocalFailure.input(
          "name one StreamConsumerGroup by --scg NAME; there are: "
              + String.join(", ", all.stream().map(it -> it.getMetadata().getName()).toList()));
    }
    return chosen.getFirst();
  }
}
