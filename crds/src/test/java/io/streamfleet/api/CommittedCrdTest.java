package io.streamfleet.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamfleet.api.generation.CrdGeneration;
import io.streamfleet.api.yaml.YamlText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is committed is what the model says. */
class CommittedCrdTest {

  private static final Path MANIFEST = Path.of("streamconsumergroups.streamfleet.io.yaml");
  private static final Path SPEC =
      Path.of("src/main/resources/io/streamfleet/api/schema/spec.json");

  private final CrdGeneration generation = new CrdGeneration();

  @Test
  void theCommittedManifestIsWhatTheModelGenerates() throws IOException {
    assertThat(Files.readString(MANIFEST))
        .as("%s is stale; to refresh it: %s", MANIFEST, CrdGeneration.REFRESH)
        .isEqualTo(generation.manifest());
  }

  @Test
  void theCommittedSchemaOfTheSpecIsWhatTheModelGenerates() throws IOException {
    assertThat(Files.readString(SPEC))
        .as("%s is stale; to refresh it: %s", SPEC, CrdGeneration.REFRESH)
        .isEqualTo(generation.specSchema());
  }

  @Test
  void theCommittedReferenceIsWhatTheModelGenerates() throws IOException {
    Path reference = Path.of(System.getProperty("repository.root"), "docs", "reference.md");
    assertThat(Files.readString(reference))
        .as("docs/reference.md is stale; to refresh it: %s", CrdGeneration.REFRESH)
        .isEqualTo(generation.reference());
  }

  @Test
  void theManifestIsInTheJarForWhoeverInstallsIt() throws IOException {
    try (var resource =
        StreamConsumerGroup.class.getResourceAsStream(MANIFEST.getFileName().toString())) {
      assertThat(resource).isNotNull();
    }
  }

  @Test
  void nothingElseIsAppliedByKubectlApplyOfTheDirectory() throws IOException {
    try (var files = Files.list(Path.of("."))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.matches(".*\\.(ya?ml|json)"))
          .containsExactly(MANIFEST.toString());
    }
  }

  @Test
  void everyFieldIsDescribedAndEveryTextListAndMapIsBounded() throws Exception {
    JsonNode schema =
        YamlText.documents(Files.readString(MANIFEST))
            .getFirst()
            .at("/spec/versions/0/schema/openAPIV3Schema");
    List<String> offenders = new ArrayList<>();
    inspect(schema, "", offenders);
    assertThat(offenders).isEmpty();
  }

  private static void inspect(JsonNode schema, String path, List<String> offenders) {
    String type = schema.path("type").asText();
    if ((type.equals("string") && !schema.has("enum") && !schema.has("maxLength"))
        || (type.equals("array") && !schema.has("maxItems"))
        || (schema.has("additionalProperties") && !schema.has("maxProperties"))) {
      offenders.add(path + " has no bound");
    }
    schema
        .path("properties")
        .properties()
        .forEach(
            property -> {
              String below = path + "." + property.getKey();
              boolean isPart = below.matches("\\.(spec|status)");
              if (!isPart && property.getValue().path("description").asText().isEmpty()) {
                offenders.add(below + " has no description");
              }
              inspect(property.getValue(), below, offenders);
            });
    if (schema.has("items")) {
      inspect(schema.get("items"), path + "[]", offenders);
    }
    if (schema.has("additionalProperties")) {
      inspect(schema.get("additionalProperties"), path + "{}", offenders);
    }
  }

  @Test
  void theSubresourcesNamesAndColumnsAreThere() throws Exception {
    JsonNode spec = YamlText.documents(Files.readString(MANIFEST)).getFirst().path("spec");
    assertThat(spec.path("group").asText()).isEqualTo("streamfleet.io");
    assertThat(spec.at("/names/shortNames/0").asText()).isEqualTo("scg");
    assertThat(spec.at("/names/categories/0").asText()).isEqualTo("streams");
    assertThat(spec.at("/versions/0/subresources/scale/specReplicasPath").asText())
        .isEqualTo(".spec.workers.replicas");
    assertThat(spec.at("/versions/0/additionalPrinterColumns").valueStream())
        .extracting(column -> column.get("name").asText())
        .containsExactly(
            "READY",
            "WORKERS",
            "PENDING",
            "LAG",
            "DEAD",
            "PAUSED",
            "AGE",
            "STREAMS",
            "PLATFORMS",
            "PARTITIONS",
            "REASON");
    assertThat(new ObjectMapper().writeValueAsString(spec))
        .contains("\"x-kubernetes-list-type\":\"map\"");
  }
}
