package io.streamfleet.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamfleet.api.cel.Rule;
import io.streamfleet.api.cel.RuleFailure;
import io.streamfleet.api.schema.Problem.Counted;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds everything that is wrong with a tree that has its defaults. */
public final class Validation {

  private final Findings findings;
  private int found;

  /**
   * @param findings is given each problem
   */
  public Validation(Findings findings) {
    this.findings = findings;
  }

  /** Checks a tree whose root is at {@code path}; empty for a root without a name. */
  public void check(Schema schema, JsonNode tree, String path) {
    int before = found;
    if (!schema.isOfType(tree)) {
      report(path, new Problem.WrongType(schema, tree));
      return;
    }
    switch (tree.getNodeType()) {
      case OBJECT -> checkObject(schema, tree, path);
      case ARRAY -> checkArray(schema, tree, path);
      default -> checkScalar(schema, tree, path);
    }
    for (Schema.Guard guard : schema.guards()) {
      checkRule(guard, tree, path, found > before);
    }
  }

  private void checkObject(Schema schema, JsonNode object, String path) {
    checkSize(schema, Counted.Properties, object.size(), path);
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      Schema field = schema.field(entry.getKey());
      if (field != null) {
        check(field, entry.getValue(), below(schema, path, entry.getKey()));
      } else if (!schema.open()) {
        report(
            below(schema, path, entry.getKey()),
            new Problem.Unknown(entry.getKey(), schema.properties().keySet()));
      }
    }
    for (String name : schema.required()) {
      if (!object.has(name)) {
        report(below(schema, path, name), new Problem.Missing());
      }
    }
  }

  private String below(Schema schema, String path, String name) {
    if (schema.isEntry(name)) {
      return findings.entry(path, name);
    }
    return path.isEmpty() ? name : path + "." + name;
  }

  private void checkArray(Schema schema, JsonNode array, String path) {
    checkSize(schema, Counted.Items, array.size(), path);
    Schema items = schema.items();
    Set<List<JsonNode>> seen = new HashSet<>();
    for (int i = 0; i < array.size(); i++) {
      String place = path + "[" + i + "]";
      if (items != null) {
        check(items, array.get(i), place);
      }
      if (isUnique(schema) && !seen.add(identity(schema, array.get(i)))) {
        report(place, new Problem.Duplicate(identity(schema, array.get(i))));
      }
    }
  }

  private static boolean isUnique(Schema schema) {
    String listType = schema.keywords().path("x-kubernetes-list-type").asText();
    return listType.equals("set") || listType.equals("map");
  }

  private static List<JsonNode> identity(Schema schema, JsonNode element) {
    JsonNode keys = schema.keywords().path("x-kubernetes-list-map-keys");
    return keys.isEmpty()
        ? List.of(element)
        : keys.valueStream().map(key -> element.path(key.asText())).toList();
  }

  private void checkScalar(Schema schema, JsonNode value, String path) {
    if (value.isNumber()) {
      JsonNode min = schema.keywords().path("minimum");
      JsonNode max = schema.keywords().path("maximum");
      if (isOutside(min, max, value.doubleValue())) {
        report(path, new Problem.OutOfRange(min, max, value));
      }
    } else if (value.isTextual()) {
      String text = value.textValue();
      checkSize(schema, Counted.Length, text.codePointCount(0, text.length()), path);
      if (!schema.matches(text)) {
        report(path, new Problem.NoMatch(schema, text));
      }
    }
    List<JsonNode> choices = schema.keywords().path("enum").valueStream().toList();
    if (!choices.isEmpty() && !choices.contains(value)) {
      report(path, new Problem.NoChoice(choices, value));
    }
  }

  private void checkSize(Schema schema, Counted counted, long size, String path) {
    JsonNode min = schema.keywords().path("min" + counted);
    JsonNode max = schema.keywords().path("max" + counted);
    if (isOutside(min, max, (double) size)) {
      report(path, new Problem.WrongSize(counted, min, max, size));
    }
  }

  private static boolean isOutside(JsonNode min, JsonNode max, double value) {
    return (min.isNumber() && value < min.doubleValue())
        || (max.isNumber() && value > max.doubleValue());
  }

  private void checkRule(Schema.Guard guard, JsonNode tree, String path, boolean alreadyWrong) {
    try {
      if (!Rule.parse(guard.rule()).holds(tree)) {
        report(path, new Problem.BrokenRule(guard, tree));
      }
    } catch (RuleFailure failure) {
      // Usually the cause has been reported already.
      if (!alreadyWrong) {
        report(path, new Problem.BrokenRule(guard, tree));
      }
    }
  }

  private void report(String path, Problem problem) {
    found++;
    findings.add(path, problem);
  }
}
