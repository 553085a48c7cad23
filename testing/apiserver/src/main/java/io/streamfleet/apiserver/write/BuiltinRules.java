package io.streamfleet.apiserver.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.apiserver.failure.ApiFailure.Cause;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Validates built-in kinds by the rules that an operator may well violate: names, labels, names of
 * ports, and the selector of a Deployment. Other rules of a cluster are left out.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/concepts/overview/working-with-objects/names/">Kubernetes on
 *     names</a>
 */
final class BuiltinRules {

  private static final int LONGEST_NAME = 253;
  private static final int LONGEST_LABEL = 63;
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern SERVICE_NAME = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern LABEL_VALUE =
      Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?");

  private BuiltinRules() {}

  static List<Cause> check(Target target, @Nullable ObjectNode live, ObjectNode object) {
    List<Cause> causes = new ArrayList<>();
    if (live == null) {
      checkName(target, causes);
    }
    checkLabels(object.path("metadata").path("labels"), "metadata.labels", causes);
    if (target.type().group().equals("apps")) {
      checkWorkload(live, object, causes);
    }
    if (target.type().qualifiedResource().equals("services")) {
      checkPorts(object.path("spec").path("ports"), "spec.ports", causes);
    }
    return causes;
  }

  private static void checkName(Target target, List<Cause> causes) {
    String name = target.name();
    switch (target.type().qualifiedResource()) {
      case "services" -> {
        if (name.length() > LONGEST_LABEL || !SERVICE_NAME.matcher(name).matches()) {
          causes.add(
              name(
                  name,
                  "a DNS-1035 label must consist of lower case alphanumeric characters or '-',"
                      + " start with an alphabetic character, and be no more than 63 characters"));
        }
      }
      case "namespaces" -> {
        if (name.length() > LONGEST_LABEL || !LABEL.matcher(name).matches()) {
          causes.add(
              name(
                  name,
                  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or"
                      + " '-', and be no more than 63 characters"));
        }
      }
      default -> {
        boolean free = target.type().group().startsWith("rbac.");
        if (!free && (name.length() > LONGEST_NAME || !SUBDOMAIN.matcher(name).matches())) {
          causes.add(
              name(
                  name,
                  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
                      + " characters, '-' or '.', and be no more than 253 characters"));
        }
      }
    }
  }

  private static Cause name(String name, String rule) {
    return new Cause(
        "FieldValueInvalid", "Invalid value: \"%s\": %s".formatted(name, rule), "metadata.name");
  }

  private static void checkLabels(JsonNode labels, String path, List<Cause> causes) {
    for (Map.Entry<String, JsonNode> label : labels.properties()) {
      String value = label.getValue().asText();
      if (value.length() > LONGEST_LABEL || !LABEL_VALUE.matcher(value).matches()) {
        causes.add(
            new Cause(
                "FieldValueInvalid",
                "Invalid value: \"%s\": a valid label must be an empty string or consist of at most 63 alphanumeric characters, '-', '_' or '.'"
                    .formatted(value),
                path));
      }
    }
  }

  private static void checkWorkload(
      @Nullable ObjectNode live, ObjectNode object, List<Cause> causes) {
    JsonNode selector = object.path("spec").path("selector");
    JsonNode labels = object.path("spec").path("template").path("metadata").path("labels");
    checkLabels(labels, "spec.template.metadata.labels", causes);
    if (selector.path("matchLabels").isEmpty() && selector.path("matchExpressions").isEmpty()) {
      causes.add(new Cause("FieldValueRequired", "Required value", "spec.selector"));
    }
    for (Map.Entry<String, JsonNode> label : selector.path("matchLabels").properties()) {
      if (!label.getValue().equals(labels.get(label.getKey()))) {
        causes.add(
            new Cause(
                "FieldValueInvalid",
                "Invalid value: %s: `selector` does not match template `labels`".formatted(labels),
                "spec.template.metadata.labels"));
      }
    }
    JsonNode containers = object.at("/spec/template/spec/containers");
    for (int i = 0; i < containers.size(); i++) {
      String path = "spec.template.spec.containers[%d].ports".formatted(i);
      checkPorts(containers.get(i).path("ports"), path, causes);
    }
    if (live != null && !selector.equals(live.path("spec").path("selector"))) {
      causes.add(
          new Cause(
              "FieldValueInvalid",
              "Invalid value: %s: field is immutable".formatted(selector),
              "spec.selector"));
    }
  }

  private static void checkPorts(JsonNode ports, String path, List<Cause> causes) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < ports.size(); i++) {
      String name = ports.get(i).path("name").asText();
      if (!name.isEmpty() && !names.add(name)) {
        causes.add(
            new Cause(
                "FieldValueDuplicate",
                "Duplicate value: \"%s\"".formatted(name),
                "%s[%d].name".formatted(path, i)));
      }
    }
  }
}
