package io.streamfleet.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamfleet.api.cel.Rule;
import io.streamfleet.api.cel.RuleFailure;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds everything that is wrong with a tree that has its defaults. */
public final class Validation {

  private final Findings findings;
  private int found;

  /**
   * Checks nothing yet.
   *
   * @param findings told of each thing that is wrong
   */
  public Validation(Findings findings) {
    this.findings = findings;
  }

  /** Checks a tree whose root is at {@code path}; empty for a root without a name. */
  public void check(Schema schema, JsonNode tree, String path) {
    int before = found;
    if (!Scalars.isOfType(schema.type(), tree)) {
      report(path, Scalars.typeProblem(schema.keywords(), schema.type(), tree));
      return;
    }
    switch (tree.getNodeType()) {
      case OBJECT -> checkObject(schema, tree, path);
      case ARRAY -> checkArray(schema, tree, path);
      default -> Scalars.check(schema.keywords(), tree, problem -> report(path, problem));
    }
    for (Schema.Guard guard : schema.guards()) {
      checkRule(guard, tree, path, found > before);
    }
  }

  private void checkObject(Schema schema, JsonNode object, String path) {
    Sizes.check(schema.keywords(), "Properties", "entries", object.size())
        .ifPresent(problem -> report(path, problem));
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      Schema field = schema.field(entry.getKey());
      if (field != null) {
        check(field, entry.getValue(), below(schema, path, entry.getKey()));
      } else if (!schema.open()) {
        report(
            below(schema, path, entry.getKey()),
            "unknown field" + Spelling.hint(entry.getKey(), schema.properties().keySet()));
      }
    }
    for (String name : schema.required()) {
      if (!object.has(name)) {
        report(below(schema, path, name), "must be set");
      }
    }
  }

  static String below(Schema schema, String path, String name) {
    if (schema.values() != null && !schema.properties().containsKey(name)) {
      return path + "[" + name + "]";
    }
    return path.isEmpty() ? name : path + "." + name;
  }

  private void checkArray(Schema schema, JsonNode array, String path) {
    Sizes.check(schema.keywords(), "Items", "elements", array.size())
        .ifPresent(problem -> report(path, problem));
    Schema items = schema.items();
    Set<List<JsonNode>> seen = new HashSet<>();
    for (int i = 0; i < array.size(); i++) {
      String place = path + "[" + i + "]";
      if (items != null) {
        check(items, array.get(i), place);
      }
      if (isUnique(schema) && !seen.add(identity(schema, array.get(i)))) {
        report(place, "must not occur twice in the list");
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

  private void checkRule(Schema.Guard guard, JsonNode tree, String path, boolean alreadyWrong) {
    try {
      if (!Rule.parse(guard.rule()).holds(tree)) {
        report(path, guard.message());
      }
    } catch (RuleFailure failure) {
      // What the rule stumbled over has been reported, if it was that.
      if (!alreadyWrong) {
        report(path, guard.message());
      }
    }
  }

  private void report(String path, String problem) {
    found++;
    findings.add(path, problem);
  }
}
