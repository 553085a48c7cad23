package io.streamfleet.console.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.streamfleet.api.Manifest;
import java.net.URLEncoder;
import java.util.Objects;
import java.util.Optional;

/**
 * The API server, asked for JSON: the classes of Kubernetes' kinds would take more memory than all
 * that is kept here.
 */
public final class Cluster {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final ResourceDefinitionContext FLEETS =
      new ResourceDefinitionContext.Builder()
          .withGroup(Manifest.GROUP)
          .withVersion(Manifest.VERSION)
          .withKind(Manifest.KIND)
          .withPlural(Manifest.PLURAL)
          .withNamespaced(true)
          .build();

  private final KubernetesClient client;

  public Cluster(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Reads.
   *
   * @return empty if there is no such object
   * @throws ClusterFailure if the API server refuses or does not answer
   */
  Optional<JsonNode> get(String path) {
    try {
      return Optional.ofNullable(client.raw(path)).map(Cluster::tree);
    } catch (KubernetesClientException e) {
      throw failure("GET " + path.replaceFirst("\\?.*", ""), e);
    }
  }

  /**
   * Creates an object.
   *
   * @return what the API server made of it
   * @throws ClusterFailure if the API server refuses or does not answer
   */
  public JsonNode create(String path, JsonNode object) {
    try {
      return tree(Objects.requireNonNull(client.raw(path, "POST", object.toString())));
    } catch (KubernetesClientException e) {
      throw failure("POST " + path, e);
    }
  }

  /**
   * Changes a StreamConsumerGroup by a JSON merge patch.
   *
   * @throws ClusterFailure if the API server refuses or does not answer
   */
  public void patchFleet(String namespace, String name, JsonNode patch) {
    try {
      client
          .genericKubernetesResources(FLEETS)
          .inNamespace(namespace)
          .withName(name)
          .patch(PatchContext.of(PatchType.JSON_MERGE), patch.toString());
    } catch (KubernetesClientException e) {
      throw failure("PATCH of " + namespace + "/" + name, e);
    }
  }

  /** A text as a part of a path or a query. */
  static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new ClusterFailure(0, "the API server did not answer with JSON");
    }
  }

  private static ClusterFailure failure(String what, KubernetesClientException e) {
    return e.getCode() == 403
        ? new ClusterFailure(403, "the console's service account may not " + what)
        : new ClusterFailure(
            Math.max(0, e.getCode()),
            e.getCode() > 0
                ? "the API server refused %s with status %d".formatted(what, e.getCode())
                : "the API server does not answer");
  }
}
