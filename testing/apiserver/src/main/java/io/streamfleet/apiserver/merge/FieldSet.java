package io.streamfleet.apiserver.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.apiserver.kind.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A set of fields, as a tree of path elements.
 *
 * @param member whether this element itself is in the set
 * @param children the elements below it; none of them is empty
 * @see <a
 *     href="https://github.com/kubernetes-sigs/structured-merge-diff">structured-merge-diff</a>,
 *     whose rules these are
 */
public record FieldSet(boolean member, SortedMap<String, FieldSet> children) {

  /** No field. */
  public static final FieldSet EMPTY = new FieldSet(false, new TreeMap<>());

  private static final FieldSet LEAF = new FieldSet(true, new TreeMap<>());

  /** All fields of a value: its leaves, and the elements of its lists. */
  public static FieldSet of(Shape shape, JsonNode value) {
    return Parts.of(shape, value)
        .filter(parts -> !parts.parts().isEmpty())
        .map(
            parts -> {
              SortedMap<String, FieldSet> children = new TreeMap<>();
              parts
                  .parts()
                  .forEach((element, part) -> children.put(element, ofPart(parts.list(), part)));
              return new FieldSet(false, children);
            })
        .orElse(LEAF);
  }

  private static FieldSet ofPart(boolean element, Parts.Part part) {
    FieldSet fields = of(part.shape(), part.value());
    return element ? new FieldSet(true, fields.children()) : fields;
  }

  /** The fields of {@code now} that {@code before} does not have, or has with another value. */
  public static FieldSet changed(Shape shape, JsonNode before, JsonNode now) {
    return difference(shape, before, now, true);
  }

  /** The fields of {@code before} that {@code now} does not have. */
  public static FieldSet removed(Shape shape, JsonNode before, JsonNode now) {
    return difference(shape, now, before, false);
  }

  private static FieldSet difference(Shape shape, JsonNode from, JsonNode to, boolean values) {
    Parts old = Parts.of(shape, from).orElse(null);
    Parts parts = Parts.of(shape, to).orElse(null);
    if (parts == null || old == null || parts.list() != old.list()) {
      return values && !from.equals(to) ? of(shape, to) : EMPTY;
    }
    SortedMap<String, FieldSet> children = new TreeMap<>();
    parts
        .parts()
        .forEach(
            (element, part) -> {
              Parts.Part was = old.parts().get(element);
              FieldSet fields =
                  was == null
                      ? ofPart(parts.list(), part)
                      : difference(part.shape(), was.value(), part.value(), values);
              if (!fields.isEmpty()) {
                children.put(element, fields);
              }
            });
    return new FieldSet(false, children);
  }

  /** Whether it contains no field. */
  public boolean isEmpty() {
    return !member && children.isEmpty();
  }

  /** The fields of either. */
  public FieldSet union(FieldSet other) {
    SortedMap<String, FieldSet> all = new TreeMap<>(children);
    other.children.forEach((element, fields) -> all.merge(element, fields, FieldSet::union));
    return new FieldSet(member || other.member, all);
  }

  /** The fields that are not in the other set. */
  public FieldSet minus(FieldSet other) {
    SortedMap<String, FieldSet> rest = new TreeMap<>();
    children.forEach(
        (element, fields) -> {
          FieldSet left = fields.minus(other.child(element));
          if (!left.isEmpty()) {
            rest.put(element, left);
          }
        });
    return new FieldSet(member && !other.member, rest);
  }

  /** The fields that are in both. */
  public FieldSet intersection(FieldSet other) {
    return minus(minus(other));
  }

  /** The fields below a path element. */
  public FieldSet child(String element) {
    return children.getOrDefault(element, EMPTY);
  }

  /** Only the fields below some of the top-level elements. */
  public FieldSet below(Predicate<String> elements) {
    SortedMap<String, FieldSet> some = new TreeMap<>(children);
    some.keySet().removeIf(elements.negate());
    return new FieldSet(false, some);
  }

  /** The paths of all fields, for messages: {@code .spec.containers[name="a"].image}. */
  public List<String> paths() {
    List<String> paths = new ArrayList<>();
    collect("", paths);
    return paths;
  }

  private void collect(String path, List<String> paths) {
    if (member && children.isEmpty()) {
      paths.add(path);
    }
    children.forEach((element, fields) -> fields.collect(path + readable(element), paths));
  }

  private static String readable(String element) {
    String rest = element.substring(2);
    return switch (element.charAt(0)) {
      case 'f' -> "." + rest;
      case 'k' -> "[" + rest.substring(1, rest.length() - 1).replaceAll("\"(\\w+)\":", "$1=") + "]";
      default -> "[=" + rest + "]";
    };
  }

  /** Reads {@code fieldsV1}. */
  public static FieldSet fromJson(JsonNode json) {
    SortedMap<String, FieldSet> children = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      if (!entry.getKey().equals(".")) {
        FieldSet child = fromJson(entry.getValue());
        children.put(entry.getKey(), child.isEmpty() ? LEAF : child);
      }
    }
    return new FieldSet(json.has("."), children);
  }

  /** Writes {@code fieldsV1}. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    if (member && !children.isEmpty()) {
      json.putObject(".");
    }
    children.forEach((element, fields) -> json.set(element, fields.toJson()));
    return json;
  }
}
