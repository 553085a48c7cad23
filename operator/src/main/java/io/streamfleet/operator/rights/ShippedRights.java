package io.streamfleet.operator.rights;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamfleet.api.yaml.YamlSyntaxError;
import io.streamfleet.api.yaml.YamlText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The permissions in the files of {@code operator/rbac/}, which are in the jar. */
public enum ShippedRights {
  /** To serve resources, in each watched namespace. */
  OPERATOR("operator"),
  /** For leader election, in the operator's own namespace. */
  LEADER_ELECTION("leader-election"),
  /** For {@code spec.autoscaling}. */
  KEDA("keda"),
  /** For {@code spec.monitoring}. */
  MONITORING("monitoring");

  private final String file;

  ShippedRights(String file) {
    this.file = file + ".yaml";
  }

  /** All of them, in the order of the file. */
  public List<Right> rights() {
    List<Right> rights = new ArrayList<>();
    try (InputStream resource = ShippedRights.class.getResourceAsStream(file)) {
      if (resource == null) {
        throw new IllegalStateException("the jar lacks its rights: " + file);
      }
      String text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
      for (JsonNode role : YamlText.documents(text)) {
        role.path("rules").forEach(rule -> collect(rule, rights));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (YamlSyntaxError e) {
      throw new IllegalStateException(file, e);
    }
    return rights;
  }

  private static void collect(JsonNode rule, List<Right> rights) {
    List<String> names = texts(rule.path("resourceNames"));
    for (String group : texts(rule.path("apiGroups"))) {
      for (String resource : texts(rule.path("resources"))) {
        for (String verb : texts(rule.path("verbs"))) {
          for (String name : names.isEmpty() ? List.of("") : names) {
            rights.add(new Right(verb, group, resource, name));
          }
        }
      }
    }
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asText).toList();
  }
}
