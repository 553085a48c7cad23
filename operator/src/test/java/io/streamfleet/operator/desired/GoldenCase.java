package io.streamfleet.operator.desired;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.streamfleet.api.yaml.YamlText;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.Fleets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A resource, and a folder with a file for each object that should come of it.
 *
 * @param input the resource
 * @param folder what is expected; a file {@link #OBSERVED} there is the Deployment that the cluster
 *     has already
 */
record GoldenCase(Path input, Path folder) {

  static final String IMAGE = "ghcr.io/streamfleet/worker:0.1.0";
  static final String FIELD_MANAGER = "streamfleet-operator";

  private static final String INPUT = "in.yaml";
  private static final String OBSERVED = "observed-deployment.yaml";
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  static List<GoldenCase> all() throws IOException {
    List<GoldenCase> cases = new ArrayList<>();
    try (Stream<Path> folders = Files.list(GOLDEN)) {
      folders
          .filter(folder -> Files.exists(folder.resolve(INPUT)))
          .sorted()
          .forEach(folder -> cases.add(new GoldenCase(folder.resolve(INPUT), folder)));
    }
    for (Path sample : Fleets.samples()) {
      String name = sample.getFileName().toString().replace(".yaml", "");
      cases.add(new GoldenCase(sample, GOLDEN.resolve("samples").resolve(name)));
    }
    return cases;
  }

  Fleet fleet() throws IOException {
    return Fleets.of(Files.readString(input));
  }

  /** The objects that the fleet wants, in the order in which a person would read them. */
  List<HasMetadata> objects() throws IOException {
    Fleet fleet = fleet();
    List<HasMetadata> objects = new ArrayList<>();
    objects.add(WorkerConfigMap.of(fleet));
    objects.add(WorkerDeployment.of(fleet, IMAGE, scale()));
    objects.add(WorkerService.of(fleet));
    if (WorkerDisruptionBudget.isWanted(fleet)) {
      objects.add(WorkerDisruptionBudget.of(fleet));
    }
    if (WorkerNetworkPolicy.isWanted(fleet)) {
      objects.add(WorkerNetworkPolicy.of(fleet));
    }
    if (WorkerPodMonitor.isWanted(fleet)) {
      objects.add(WorkerPodMonitor.of(fleet));
    }
    if (WorkerScaledObject.isWanted(fleet)) {
      objects.add(WorkerScaledObject.of(fleet));
    }
    if (WorkerTriggerAuthentication.isWanted(fleet)) {
      objects.add(WorkerTriggerAuthentication.of(fleet));
    }
    return objects;
  }

  private ScaleFacts scale() throws IOException {
    Path observed = folder.resolve(OBSERVED);
    return Files.exists(observed)
        ? ScaleFacts.of(
            Serialization.unmarshal(Files.readString(observed), Deployment.class), FIELD_MANAGER)
        : ScaleFacts.NONE;
  }

  /** What comes of the resource, by the names of the files in which it is expected. */
  Map<String, String> actual() throws IOException {
    ObjectMapper json = new ObjectMapper();
    Map<String, String> files = new TreeMap<>();
    for (HasMetadata object : objects()) {
      files.put(
          object.getKind().toLowerCase(Locale.ROOT) + ".yaml",
          YamlText.write(json.convertValue(object, Map.class)));
    }
    return files;
  }

  Map<String, String> expected() throws IOException {
    Map<String, String> files = new TreeMap<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> list = Files.list(folder)) {
        for (Path file : list.toList()) {
          String name = file.getFileName().toString();
          if (!name.equals(INPUT) && !name.equals(OBSERVED)) {
            files.put(name, Files.readString(file));
          }
        }
      }
    }
    return files;
  }

  /** Makes what comes of the resource what is expected of it. */
  void accept() throws IOException {
    Files.createDirectories(folder);
    for (String stale : expected().keySet()) {
      Files.delete(folder.resolve(stale));
    }
    for (Map.Entry<String, String> file : actual().entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
  }

  @Override
  public String toString() {
    return GOLDEN.relativize(folder).toString();
  }
}
