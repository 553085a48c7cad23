package io.streamfleet.operator.cluster;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.streamfleet.api.StreamConsumerGroup;
import java.io.InputStream;
import java.time.Clock;
import java.util.List;

/**
 * Opens clients that keep only excerpts of what they list and watch: objects are cut when they are
 * deserialized, before any informer stores them. A get by name returns the whole object.
 *
 * <p>The item stores of informers could cut too. But when several namespaces are watched, the
 * framework gives all informers of a kind the same store, and each would take the objects of the
 * others for deleted.
 */
public final class ClusterClient {

  /**
   * The kinds that are deserialized without an explicit type: in watch events and in error
   * responses. By default the client loads the classes of all known kinds, which takes memory.
   */
  private static final List<Class<? extends KubernetesResource>> KINDS =
      List.of(
          StreamConsumerGroup.class,
          Pod.class,
          Secret.class,
          ConfigMap.class,
          Service.class,
          Deployment.class,
          PodDisruptionBudget.class,
          NetworkPolicy.class,
          Status.class);

  /**
   * Callers retry themselves, with back-off. The client's default retries a request for half a
   * minute, which keeps a leader from noticing in time that it lost the lease.
   */
  private static final int REQUEST_RETRIES = 1;

  private ClusterClient() {}

  /** A client as the operator needs it. */
  public static KubernetesClient open(Config config) {
    ApiServerContact contact = new ApiServerContact(Clock.systemUTC());
    return new KubernetesClientBuilder()
        .withConfig(new ConfigBuilder(config).withRequestRetryBackoffLimit(REQUEST_RETRIES).build())
        .withKubernetesSerialization(new Excerpts(contact))
        .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("contact", contact))
        .build();
  }

  /** Whether the API server of this client can be reached. */
  public static ApiServerContact contact(KubernetesClient client) {
    return excerpts(client).contact;
  }

  /**
   * Returns the client if it was opened by this class.
   *
   * @throws IllegalArgumentException if not: it would keep the contents of Secrets in memory
   */
  public static KubernetesClient required(KubernetesClient client) {
    excerpts(client);
    return client;
  }

  private static Excerpts excerpts(KubernetesClient client) {
    if (client.getKubernetesSerialization() instanceof Excerpts excerpts) {
      return excerpts;
    }
    throw new IllegalArgumentException(
        "the operator's client must be opened by ClusterClient, else it keeps whole Secrets and"
            + " pods");
  }

  /** Cuts lists and watch events; everything else is unchanged. */
  private static final class Excerpts extends KubernetesSerialization {

    private final ApiServerContact contact;

    Excerpts(ApiServerContact contact) {
      super(
          new ObjectMapper()
              .registerModule(
                  new SimpleModule()
                      .addDeserializer(StreamConsumerGroup.class, new ResourceReader())),
          false);
      this.contact = contact;
      KINDS.forEach(this::registerKubernetesResource);
    }

    @Override
    public <T> T unmarshal(InputStream text, TypeReference<T> type) {
      return cut(super.unmarshal(text, type));
    }

    @Override
    public <T> T unmarshal(InputStream text, Class<T> type) {
      return cut(super.unmarshal(text, type));
    }

    @Override
    public <T> T convertValue(Object value, Class<T> type) {
      // A watch converts the object this way after it has read the event.
      T read = super.convertValue(value, type);
      if (read instanceof HasMetadata object) {
        Excerpt.cut(object);
      }
      return cut(read);
    }

    private static <T> T cut(T read) {
      switch (read) {
        case KubernetesResourceList<?> list -> list.getItems().forEach(Excerpt::cut);
        case WatchEvent event when event.getObject() instanceof HasMetadata object ->
            Excerpt.cut(object);
        default -> {
          // A single object by name, or no object: kept whole.
        }
      }
      return read;
    }
  }
}
