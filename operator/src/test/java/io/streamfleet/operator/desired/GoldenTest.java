package io.streamfleet.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.streamfleet.api.Manifest;
import io.streamfleet.api.StreamConsumerGroupSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the objects of a fleet are, shown by examples. A folder in {@code src/test/resources/golden}
 * holds a resource, {@code in.yaml}, and a file for each object that comes of it; to add a case,
 * add a folder with an {@code in.yaml} and accept what comes of it.
 */
class GoldenTest {

  private static final String ACCEPT =
      "if it should be so: mvn -o -pl operator -am verify -DskipAot -Dcoverage.minimum=0"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dtest=GoldenTest -Dgolden.accept=true";

  /** An empty object that means something where it stands. */
  private static final Set<String> MEANT_EMPTY = Set.of("emptyDir", "labelSelector");

  static List<GoldenCase> cases() throws IOException {
    return GoldenCase.all();
  }

  @TestFactory
  Stream<DynamicTest> theObjectsAreWhatTheFolderShows() throws IOException {
    return cases().stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.toString(),
                    () -> {
                      if (Boolean.getBoolean("golden.accept")) {
                        each.accept();
                      }
                      compare(each);
                    }));
  }

  private static void compare(GoldenCase each) throws IOException {
    Map<String, String> actual = each.actual();
    Map<String, String> expected = each.expected();
    Set<String> files = new TreeSet<>(actual.keySet());
    files.addAll(expected.keySet());
    List<String> differences = new ArrayList<>();
    for (String file : files) {
      LineDifference.of(expected.getOrDefault(file, ""), actual.getOrDefault(file, ""))
          .ifPresent(lines -> differences.add(each.folder().resolve(file) + lines));
    }
    if (!differences.isEmpty()) {
      fail("%s%n%s", String.join("\n", differences), ACCEPT);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theSameResourceGivesTheSameObjectsAgain(GoldenCase each) throws IOException {
    assertThat(each.objects()).isEqualTo(each.objects());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void nothingIsEmptyOrNull(GoldenCase each) throws IOException {
    for (HasMetadata object : each.objects()) {
      List<String> hollow = new ArrayList<>();
      hollow("", new ObjectMapper().valueToTree(object), hollow);
      assertThat(hollow).as("%s of %s", object.getKind(), each).isEmpty();
    }
  }

  private static void hollow(String path, JsonNode node, List<String> found) {
    boolean emptyContainer = node.isContainerNode() && node.isEmpty();
    if (node.isNull() || emptyContainer || (node.isTextual() && node.textValue().isEmpty())) {
      if (MEANT_EMPTY.stream().noneMatch(path::endsWith)) {
        found.add(path);
      }
    }
    node.properties().forEach(e -> hollow(path + "." + e.getKey(), e.getValue(), found));
    if (node.isArray()) {
      node.forEach(element -> hollow(path + "[]", element, found));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aWorkerReadsFromItsManifestWhatTheResourceSays(GoldenCase each) throws IOException {
    ConfigMap map = WorkerConfigMap.of(each.fleet());
    Manifest manifest = Manifest.read(map.getData().getOrDefault(WorkerConfigMap.KEY, ""));
    assertThat(manifest.name()).isEqualTo(each.fleet().name());
    assertThat(manifest.namespace()).isEqualTo(each.fleet().namespace());
    StreamConsumerGroupSpec read = manifest.spec();
    StreamConsumerGroupSpec spec = each.fleet().spec();
    assertThat(read)
        .usingRecursiveComparison()
        .ignoringFields(
            "workers",
            "autoscaling",
            "consumers",
            "monitoring",
            "networkPolicy",
            "deletionPolicy",
            "paused")
        .isEqualTo(spec);
    assertThat(read.workers().drainTimeout()).isEqualTo(spec.workers().drainTimeout());
    assertThat(read.workers().port()).isEqualTo(spec.workers().port());
  }
}
