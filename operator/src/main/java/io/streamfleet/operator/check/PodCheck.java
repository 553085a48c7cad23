package io.streamfleet.operator.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.streamfleet.api.WorkersSpec;
import io.streamfleet.operator.desired.WorkerContainer;
import io.streamfleet.operator.desired.WorkerPod;
import io.streamfleet.operator.resource.Fleet;
import java.math.BigDecimal;
import java.util.List;

/**
 * Checks that the free-form parts of {@code spec.workers} make a valid pod together with the
 * worker.
 */
final class PodCheck {

  private static final String WORKERS = "spec.workers.";

  /**
   * Users may set the JVM's memory sizes with this variable; then they don't follow the memory
   * limit.
   */
  private static final String JAVA_OPTIONS = "JAVA_TOOL_OPTIONS";

  private static final String DNS_LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";

  private final Fleet fleet;
  private final WorkersSpec workers;
  private final Problems problems;
  private final PodShape shape;
  private final Problems.Names volumes;
  private final Problems.Names containers;

  PodCheck(Fleet fleet, Problems problems) {
    this.fleet = fleet;
    this.workers = fleet.spec().workers();
    this.problems = problems;
    this.shape = new PodShape(problems);
    this.volumes = problems.names("volume", WorkerPod.volumeNames(fleet));
    this.containers = problems.names("container", List.of(WorkerPod.CONTAINER));
  }

  void run() {
    shape.check(WORKERS + "resources", workers.resources(), ResourceRequirements.class);
    memory();
    shape.check(WORKERS + "affinity", workers.affinity(), Affinity.class);
    each("tolerations", workers.tolerations(), Toleration.class, (part, path) -> {});
    each(
        "topologySpreadConstraints",
        workers.topologySpreadConstraints(),
        TopologySpreadConstraint.class,
        (part, path) -> {
          required(part, path, "maxSkew");
          required(part, path, "topologyKey");
          required(part, path, "whenUnsatisfiable");
        });
    each("volumes", workers.volumes(), Volume.class, (part, path) -> name(part, path, volumes));
    each("env", workers.env(), EnvVar.class, (part, path) -> {});
    variables(workers.env(), WORKERS + "env", WorkerContainer.OWN_VARIABLES);
    each("volumeMounts", workers.volumeMounts(), VolumeMount.class, (part, path) -> {});
    mounts(workers.volumeMounts(), WORKERS + "volumeMounts", WorkerContainer.mountPaths(fleet));
    each("sidecars", workers.sidecars(), Container.class, this::sidecar);
    each("containers", workers.containers(), Container.class, this::container);
  }

  /** A worker that is OOM-killed uses up a delivery of every entry that it has in flight. */
  private void memory() {
    JsonNode limit = workers.resources().path("limits").path("memory");
    if (!PodShape.isQuantity(limit.asText()) || hasVariable(JAVA_OPTIONS)) {
      return;
    }
    BigDecimal bytes = Quantity.getAmountInBytes(Quantity.parse(limit.asText()));
    if (bytes.compareTo(Quantity.getAmountInBytes(Quantity.parse(WorkersSpec.LEAST_MEMORY))) < 0) {
      problems.add(
          WORKERS + "resources.limits[memory]",
          ("%s is less than a worker needs: set %s or more, of which two fifths are heap; or set"
                  + " the sizes of its Java machine yourself, by the variable %s in spec.workers.env")
              .formatted(limit.asText(), WorkersSpec.LEAST_MEMORY, JAVA_OPTIONS));
    }
  }

  private boolean hasVariable(String name) {
    return workers.env().stream().anyMatch(variable -> variable.path("name").asText().equals(name));
  }

  private void sidecar(JsonNode sidecar, String path) {
    JsonNode policy = sidecar.path("restartPolicy");
    if (policy.isTextual() && !policy.textValue().equals("Always")) {
      problems.add(
          path + ".restartPolicy",
          "must be Always, or absent; a sidecar runs as long as the worker");
    }
    companion(sidecar, path);
  }

  private void container(JsonNode container, String path) {
    if (container.has("restartPolicy")) {
      problems.add(
          path + ".restartPolicy",
          "must be absent; what starts before the worker and stops after it belongs into sidecars");
    }
    companion(container, path);
  }

  private void companion(JsonNode container, String path) {
    name(container, path, containers);
    required(container, path, "image");
    variables(container.path("env"), path + ".env", List.of());
    mounts(container.path("volumeMounts"), path + ".volumeMounts", List.of());
    ports(container.path("ports"), path + ".ports");
  }

  private void ports(JsonNode ports, String path) {
    Problems.Names seen = problems.names("port", List.of());
    int index = 0;
    for (JsonNode port : ports) {
      String place = path + "[" + index++ + "]";
      required(port, place, "containerPort");
      String protocol = port.path("protocol").asText("TCP");
      int number = port.path("containerPort").asInt();
      if (number == workers.port() && protocol.equals("TCP")) {
        problems.add(
            place + ".containerPort",
            "%d is the worker's own port: choose another, or change spec.workers.port"
                .formatted(number));
      } else if (number != 0) {
        seen.add(place, number + "/" + protocol);
      }
    }
  }

  private void variables(Iterable<JsonNode> variables, String path, List<String> ours) {
    Problems.Names names = problems.names("variable", ours);
    int index = 0;
    for (JsonNode variable : variables) {
      String place = path + "[" + index++ + "]";
      if (required(variable, place, "name")) {
        names.add(place + ".name", variable.path("name").asText());
      }
      if (!variable.path("value").asText().isEmpty() && variable.path("valueFrom").isObject()) {
        problems.add(place, "must have a value or a valueFrom, not both");
      }
    }
  }

  private void mounts(Iterable<JsonNode> mounts, String path, List<String> ours) {
    Problems.Names paths = problems.names("mount path", ours);
    int index = 0;
    for (JsonNode mount : mounts) {
      String place = path + "[" + index++ + "]";
      if (required(mount, place, "mountPath")) {
        paths.add(place + ".mountPath", mount.path("mountPath").asText());
      }
      String volume = mount.path("name").asText();
      if (required(mount, place, "name") && !volumes.has(volume)) {
        problems.add(
            place + ".name",
            "there is no volume %s: add it to spec.workers.volumes".formatted(volume));
      }
    }
  }

  private void name(JsonNode part, String path, Problems.Names names) {
    if (required(part, path, "name")) {
      String name = part.path("name").asText();
      names.add(path + ".name", name);
      if (!name.matches(DNS_LABEL)) {
        problems.add(
            path + ".name",
            "must have lower case letters, digits and - only, 63 characters at most");
      }
    }
  }

  private boolean required(JsonNode part, String path, String field) {
    JsonNode value = part.path(field);
    boolean isThere = value.isNumber() || !value.asText().isEmpty();
    if (!isThere && part.isObject()) {
      problems.add(path + "." + field, "must be set");
    }
    return isThere;
  }

  private void each(String field, List<JsonNode> parts, Class<?> type, Visit visit) {
    for (int i = 0; i < parts.size(); i++) {
      String path = WORKERS + field + "[" + i + "]";
      shape.check(path, parts.get(i), type);
      visit.at(parts.get(i), path);
    }
  }

  private interface Visit {
    void at(JsonNode part, String path);
  }
}
