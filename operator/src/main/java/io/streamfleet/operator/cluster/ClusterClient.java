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
 * Opens clients that keep excerpts only of what they list and watch: objects are cut as they are
 * read, before any informer has them. What is asked for by its name comes whole.
 *
 * <p>Item stores of informers could cut as well, but where several namespaces are listed the
 * framework gives all informers of a kind the same one, and each would take what the others put
 * there for gone.
 */
public final class ClusterClient {

  /**
   * The kinds that come without anybody saying which: with watches, and when something fails. Left
   * to itself the client would load the classes of all kinds that there are, which takes memory.
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
   * Whoever asks tries again by itself, with back-off. A client that repeats a request for half a
   * minute, as it does by default, keeps a leader from seeing in time that it leads no more.
   */
  private static final int REPEATS = 1;

  private ClusterClient() {}

  /** A client as the operator needs it. */
  public static KubernetesClient open(Config config) {
    ApiServerContact contact = new ApiServerContact(Clock.systemUTC());
    return new KubernetesClientBuilder()
        .withConfig(new ConfigBuilder(config).withRequestRetryBackoffLimit(REPEATS).build())
        .withKubernetesSerialization(new Excerpts(contact))
        .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("contact", contact))
        .build();
  }

  /** Whether the API server of a client can be reached. */
  public static ApiServerContact contact(KubernetesClient client) {
    return excerpts(client).contact;
  }

  /**
   * Returns the client if it keeps excerpts only.
   *
   * @throws IllegalArgumentException if it doesn't: contents of Secrets would be in memory
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
        "the operator's client must be opened by ClusterClient, else it keeps whole Secrets and pods");
  }

  /** Reads and writes as ever; lists, and news of watches, are cut. */
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
      // By this a watch gets at an object, once it has read the event around it.
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
          // One object by its name, or no object.
        }
      }
      return read;
    }
  }
}
