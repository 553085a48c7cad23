package io.streamfleet.api.generation;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.streamfleet.api.DurationText;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.api.StreamConsumerGroupStatus;
import io.streamfleet.api.yaml.YamlText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The manifest of the CRD, the schema of the spec and the reference, generated from the model. */
public final class CrdGeneration {

  /** Writes all that is committed of it anew. */
  public static final String REFRESH = "mvn -q -pl crds process-test-classes exec:exec@refresh-crd";

  private static final String HEADER =
      """
      # Generated from the model in src/main/java/io/streamfleet/api. Don't edit; to refresh:
      #   %s
      """
          .formatted(REFRESH);

  private final ObjectNode crd = complete(generated());

  /**
   * Writes the manifest into the first file, the schema of the spec into the second, and the
   * reference for people into the third.
   */
  public static void main(String[] args) throws IOException {
    CrdGeneration generation = new CrdGeneration();
    Files.writeString(Path.of(args[0]), generation.manifest());
    Files.writeString(Path.of(args[1]), generation.specSchema());
    Files.writeString(Path.of(args[2]), generation.reference());
  }

  /** The manifest as YAML. */
  public String manifest() {
    ObjectNode known = crd.deepCopy();
    withoutLive(schema(known));
    return HEADER + YamlText.write(new ObjectMapper().convertValue(known, Object.class));
  }

  /** The schema of the spec as JSON in one line: a worker reads it when it starts. */
  public String specSchema() {
    ObjectNode spec = (ObjectNode) schema(crd).at("/properties/spec").deepCopy();
    withoutDescriptions(spec);
    return spec + "\n";
  }

  /** Every field with its type, default, bounds and meaning, as Markdown. */
  public String reference() {
    return ReferenceDocument.of(schema(crd));
  }

  private static ObjectNode complete(HasMetadata generated) {
    ObjectNode crd = new ObjectMapper().valueToTree(generated);
    ObjectNode schema = schema(crd);
    ModelSchema.complete((ObjectNode) schema.at("/properties/spec"), StreamConsumerGroupSpec.class);
    ModelSchema.complete(
        (ObjectNode) schema.at("/properties/status"), StreamConsumerGroupStatus.class);
    schema.putArray("required").add("spec");
    schema.put("description", "A fleet of Redis Streams consumers.");
    PrinterColumns.inOrder((ArrayNode) crd.at("/spec/versions/0/additionalPrinterColumns"));
    return KeyOrder.applied(crd);
  }

  private static ObjectNode schema(ObjectNode crd) {
    return (ObjectNode) crd.at("/spec/versions/0/schema/openAPIV3Schema");
  }

  /** Kubernetes has no such keyword. */
  private static void withoutLive(ObjectNode schema) {
    schema.remove("x-live");
    schema.path("properties").forEach(property -> withoutLive((ObjectNode) property));
  }

  /** Only what says how a text must look is worth its bytes. */
  private static void withoutDescriptions(ObjectNode schema) {
    boolean isDuration = schema.path("pattern").asText().equals(DurationText.PATTERN);
    if (isDuration) {
      schema.put("x-meaning", DurationText.MEANING);
    }
    if (isDuration || !schema.has("pattern")) {
      schema.remove("description");
    }
    schema.path("properties").forEach(property -> withoutDescriptions((ObjectNode) property));
    for (String inner : List.of("items", "additionalProperties")) {
      if (schema.get(inner) instanceof ObjectNode element) {
        withoutDescriptions(element);
      }
    }
  }

  private static HasMetadata generated() {
    List<HasMetadata> crds = new ArrayList<>();
    CRDPostProcessor keep =
        new CRDPostProcessor() {
          @Override
          public HasMetadata process(HasMetadata generated, String version) {
            crds.add(generated);
            return generated;
          }
        };
    // The second of them reads defaults into the type of their field, hence must know durations.
    ObjectMapper mapper = new ObjectMapper();
    KubernetesSerialization serialization = new KubernetesSerialization(mapper, false);
    mapper.registerModule(DurationText.module());
    new CRDGenerator()
        .withObjectMapper(mapper, serialization)
        .customResourceClasses(StreamConsumerGroup.class)
        .forCRDVersions("v1")
        .withPostProcessor(keep)
        .withOutput(new Nowhere())
        .detailedGenerate();
    return crds.getFirst();
  }

  /** The generator insists on writing a file; what it made is taken from the post-processor. */
  private static final class Nowhere implements CRDGenerator.CRDOutput<OutputStream> {
    @Override
    public OutputStream outputFor(String name) {
      return new ByteArrayOutputStream();
    }

    @Override
    public void close() {}
  }
}
