package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pods of the workers. A worker without Kubernetes uses drainTimeout and port. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WorkersSpec(
    @JsonPropertyDescription("The number of workers, unless an autoscaler sets it.")
        @Default("1")
        @Min(0)
        @Max(1000)
        @SpecReplicas
        int replicas,
    @JsonPropertyDescription("The image of the workers; that of the operator's release if absent.")
        @Size(min = 1, max = 1024)
        @Nullable String image,
    @JsonPropertyDescription("When the image is pulled: Always, IfNotPresent or Never.")
        @Pattern("^(Always|IfNotPresent|Never)$")
        @Size(min = 1, max = 32)
        @Nullable String imagePullPolicy,
    @JsonPropertyDescription("The pull secrets of the image.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 16)
        List<SecretRef> imagePullSecrets,
    @JsonPropertyDescription(
            "The resources of the worker's container, as in a pod. Two fifths of the memory"
                + " limit are heap; a limit below "
                + LEAST_MEMORY
                + " is refused, unless JAVA_TOOL_OPTIONS in env sets the sizes.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @PreserveUnknownFields
        JsonNode resources,
    @JsonPropertyDescription(
            "Additional environment variables of the worker's container, as in a pod.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 128)
        List<JsonNode> env,
    @JsonPropertyDescription("The labels of the nodes that workers may run on.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        Map<String, String> nodeSelector,
    @JsonPropertyDescription("The taints that workers tolerate, as in a pod.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 64)
        List<JsonNode> tolerations,
    @JsonPropertyDescription("The affinity of the workers, as in a pod.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @PreserveUnknownFields
        JsonNode affinity,
    @JsonPropertyDescription("How the workers are spread over the nodes, as in a pod.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 16)
        List<JsonNode> topologySpreadConstraints,
    @JsonPropertyDescription("The service account of the workers; its token is never mounted.")
        @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
        @Size(min = 1, max = 253)
        @Nullable String serviceAccountName,
    @JsonPropertyDescription("Additional annotations of the workers.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        Map<String, String> podAnnotations,
    @JsonPropertyDescription("Additional labels of the workers.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        Map<String, String> podLabels,
    @JsonPropertyDescription("Additional volumes of the workers, as in a pod.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 64)
        List<JsonNode> volumes,
    @JsonPropertyDescription("Additional volume mounts of the worker's container, as in a pod.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 64)
        List<JsonNode> volumeMounts,
    @JsonPropertyDescription(
            "Containers beside the worker, as in a pod, that start before it and stop"
                + " after it: handlers, which must still answer while the worker drains. "
                + "The worker starts when their startupProbe succeeds, if they have one.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 16)
        List<JsonNode> sidecars,
    @JsonPropertyDescription(
            "Containers beside the worker, as in a pod, that start and stop at the same time as"
                + " it.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 16)
        List<JsonNode> containers,
    @JsonPropertyDescription(
            "How long running handlers may take to end after the worker received " + "SIGTERM.")
        @WireDuration
        @Default("30s")
        @ValidationRule(value = "duration(self) <= duration('1h')", message = "must be at most 1h")
        Duration drainTimeout,
    @JsonPropertyDescription("The port of /healthz, /readyz and /metrics.")
        @Default("8080")
        @Min(1)
        @Max(65535)
        int port) {

  /**
   * The smallest memory limit of a worker: by worker/jvm.options two fifths of it are heap, and 115
   * MiB are needed beside the heap.
   */
  public static final String LEAST_MEMORY = "192Mi";

  public WorkersSpec {
    imagePullSecrets = Copies.of(imagePullSecrets);
    resources = object(resources);
    env = Copies.of(env);
    nodeSelector = Copies.of(nodeSelector);
    tolerations = Copies.of(tolerations);
    affinity = object(affinity);
    topologySpreadConstraints = Copies.of(topologySpreadConstraints);
    podAnnotations = Copies.of(podAnnotations);
    podLabels = Copies.of(podLabels);
    volumes = Copies.of(volumes);
    volumeMounts = Copies.of(volumeMounts);
    sidecars = Copies.of(sidecars);
    containers = Copies.of(containers);
  }

  private static JsonNode object(@Nullable JsonNode node) {
    return node == null || node.isNull() ? JsonNodeFactory.instance.objectNode() : node;
  }
}
