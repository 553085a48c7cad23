package io.streamfleet.apiserver.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamfleet.apiserver.schema.StructuralSchema;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads kinds from a CustomResourceDefinition. */
final class CustomTypes {

  private CustomTypes() {}

  /** The served versions, the stored one first. */
  static List<ResourceType> of(JsonNode crd) {
    JsonNode spec = crd.path("spec");
    return spec.path("versions")
        .valueStream()
        .filter(version -> version.path("served").asBoolean(true))
        .sorted(
            (a, b) -> Boolean.compare(b.path("storage").asBoolean(), a.path("storage").asBoolean()))
        .map(version -> type(spec, version))
        .toList();
  }

  private static ResourceType type(JsonNode spec, JsonNode version) {
    JsonNode names = spec.path("names");
    JsonNode schema = version.path("schema").path("openAPIV3Schema");
    JsonNode subresources = version.path("subresources");
    String kind = names.path("kind").asText();
    return new ResourceType(
        spec.path("group").asText(),
        version.path("name").asText(),
        kind,
        names.path("plural").asText(),
        names.path("singular").asText(kind.toLowerCase(Locale.ROOT)),
        spec.path("scope").asText().equals("Namespaced"),
        texts(names.path("shortNames")),
        texts(names.path("categories")),
        subresources.has("status"),
        true,
        scale(subresources.path("scale")),
        SchemaShape.root(schema),
        Optional.of(StructuralSchema.of(schema)),
        columns(version.path("additionalPrinterColumns")));
  }

  private static Optional<ScalePaths> scale(JsonNode scale) {
    if (scale.isMissingNode()) {
      return Optional.empty();
    }
    return Optional.of(
        new ScalePaths(
            ScalePaths.path(scale.path("specReplicasPath").asText()),
            ScalePaths.path(scale.path("statusReplicasPath").asText()),
            Optional.ofNullable(scale.get("labelSelectorPath"))
                .map(path -> ScalePaths.path(path.asText()))));
  }

  private static List<ResourceType.PrinterColumn> columns(JsonNode columns) {
    return columns
        .valueStream()
        .map(
            column ->
                new ResourceType.PrinterColumn(
                    column.path("name").asText(),
                    column.path("type").asText(),
                    column.path("jsonPath").asText(),
                    column.path("priority").asInt()))
        .toList();
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asText).toList();
  }
}
