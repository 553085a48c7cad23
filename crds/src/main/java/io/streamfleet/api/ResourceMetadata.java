package io.streamfleet.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamfleet.api.schema.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Checks everything of a resource except its spec. */
final class ResourceMetadata {

  private static final String API_VERSION = Manifest.GROUP + "/" + Manifest.VERSION;
  private static final Set<String> FIELDS =
      Set.of("apiVersion", "kind", "metadata", "spec", "status");

  /** The name of a Kubernetes object: a subdomain of RFC 1123. */
  private static final String NAME =
      "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";

  /** The maximum length of such a name. */
  private static final int NAME_LENGTH = 253;

  private ResourceMetadata() {}

  /** Whether a tree is a whole resource rather than a bare spec. */
  static boolean isResource(JsonNode root) {
    return FIELDS.stream().anyMatch(root::has);
  }

  static List<Violation> violations(JsonNode root) {
    List<Violation> violations = new ArrayList<>();
    expect(root, "apiVersion", API_VERSION, violations);
    expect(root, "kind", Manifest.KIND, violations);
    if (!violations.isEmpty()) {
      // A different kind of document: the rest does not matter.
      throw new InvalidManifest(violations);
    }
    for (String field : (Iterable<String>) root::fieldNames) {
      if (!FIELDS.contains(field)) {
        violations.add(new Violation(field, "unknown field" + Spelling.hint(field, FIELDS)));
      }
    }
    name(root.at("/metadata/name"), violations);
    JsonNode namespace = root.at("/metadata/namespace");
    if (!namespace.isMissingNode() && !namespace.isNull() && !namespace.isTextual()) {
      violations.add(new Violation("metadata.namespace", "must be a text"));
    }
    if (!root.path("spec").isObject()) {
      violations.add(new Violation("spec", "must be set, to a mapping"));
    }
    return violations;
  }

  private static void expect(
      JsonNode root, String field, String value, List<Violation> violations) {
    if (!root.path(field).asText().equals(value)) {
      violations.add(new Violation(field, "must be " + value));
    }
  }

  private static void name(JsonNode name, List<Violation> violations) {
    if (!name.isTextual()
        || name.textValue().length() > NAME_LENGTH
        || !name.textValue().matches(NAME)) {
      violations.add(
          new Violation(
              "metadata.name",
              "must be a name in lower case letters, digits, - and ., such as stargazer"));
    }
  }
}
