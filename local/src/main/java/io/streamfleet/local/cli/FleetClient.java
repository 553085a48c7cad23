package io.streamfleet.local.cli;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.streamfleet.local.state.RunningFleet;

/** A way to the API server of a fleet in another process. */
final class FleetClient {

  static final String NONE = "no fleet is running; ./streamfleet up starts one";

  private FleetClient() {}

  static KubernetesClient to(RunningFleet fleet) {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(fleet.apiUrl())
            .withNamespace("default")
            .withHttp2Disable(true)
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }
}
