package io.streamfleet.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.api.yaml.YamlSyntaxError;
import io.streamfleet.api.yaml.YamlText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A valid manifest with its defaults.
 *
 * @param name {@code metadata.name}; {@value #NAME_OF_BARE_SPEC} for a bare spec
 * @param namespace {@code metadata.namespace}, if set
 */
public record Manifest(String name, @Nullable String namespace, StreamConsumerGroupSpec spec) {

  public static final String GROUP = "streamfleet.io";
  public static final String VERSION = "v1alpha1";
  public static final String KIND = "StreamConsumerGroup";
  public static final String PLURAL = "streamconsumergroups";
  static final String NAME_OF_BARE_SPEC = "streamfleet";

  /**
   * Reads a whole resource or a bare spec.
   *
   * @throws InvalidManifest with all violations
   */
  public static Manifest read(String yaml) {
    List<JsonNode> documents;
    try {
      documents = YamlText.documents(yaml);
    } catch (YamlSyntaxError e) {
      throw new InvalidManifest("", String.valueOf(e.getMessage()));
    }
    if (documents.size() != 1) {
      throw new InvalidManifest(
          "",
          "must hold one document, a %s or its spec; found %s"
              .formatted(KIND, documents.isEmpty() ? "nothing" : documents.size()));
    }
    JsonNode root = documents.getFirst();
    if (!root.isObject()) {
      throw new InvalidManifest("", "must be a mapping, a " + KIND + " or its spec");
    }
    return ResourceMetadata.isResource(root)
        ? opened(root)
        : new Manifest(NAME_OF_BARE_SPEC, null, SpecReader.shared().read(root, ""));
  }

  /**
   * Reads a file like {@link #read(String)}.
   *
   * @throws IOException if the file can't be read
   */
  public static Manifest read(Path file) throws IOException {
    return read(Files.readString(file));
  }

  private static Manifest opened(JsonNode root) {
    List<Violation> violations = new ArrayList<>(ResourceMetadata.violations(root));
    JsonNode spec = root.path("spec");
    StreamConsumerGroupSpec read = null;
    if (spec.isObject()) {
      try {
        read = SpecReader.shared().read(spec, "spec");
      } catch (InvalidManifest e) {
        violations.addAll(e.violations());
      }
    }
    if (read == null || !violations.isEmpty()) {
      throw new InvalidManifest(violations);
    }
    return new Manifest(
        root.at("/metadata/name").asText(), root.at("/metadata/namespace").textValue(), read);
  }

  /**
   * Reads a spec from a tree, with the defaults that the API server would set.
   *
   * @throws InvalidManifest with all violations, paths starting at {@code spec}
   */
  public static StreamConsumerGroupSpec defaulted(JsonNode spec) {
    return SpecReader.shared().read(spec, "spec");
  }

  /**
   * The part of a spec that this release knows, with missing defaults: another release may have
   * more fields, or fewer.
   *
   * @param unknown is given the path of each removed field, starting at {@code spec}
   */
  public static JsonNode known(JsonNode spec, Consumer<String> unknown) {
    return SpecReader.shared().known(spec, "spec", unknown);
  }

  /** All violations of a spec, paths starting at {@code spec}; empty if it is valid. */
  public static List<Violation> violations(JsonNode spec) {
    return SpecReader.shared().violations(spec, "spec");
  }

  /**
   * The smallest tree whose {@link #defaulted} spec equals this one. A worker of an older release
   * can read it as long as no field is set that it does not know.
   */
  public static ObjectNode withoutDefaults(StreamConsumerGroupSpec spec) {
    return SpecReader.shared().withoutDefaults(spec);
  }

  /** The whole resource as YAML; {@link #read(String)} of it equals this. */
  public String toYaml() {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("name", name);
    if (namespace != null) {
      metadata.put("namespace", namespace);
    }
    Map<String, Object> resource = new LinkedHashMap<>();
    resource.put("apiVersion", GROUP + "/" + VERSION);
    resource.put("kind", KIND);
    resource.put("metadata", metadata);
    resource.put("spec", SpecReader.shared().tree(spec));
    return YamlText.write(resource);
  }
}
