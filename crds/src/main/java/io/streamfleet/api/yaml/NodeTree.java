package io.streamfleet.api.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Converts a YAML document to a JSON tree, as kubectl would send it: YAML 1.1, anchors expanded.
 */
final class NodeTree {

  /** A real manifest has a few hundred nodes; this limits the expansion of anchors. */
  private static final int MAX_NODES = 100_000;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private int nodes;

  JsonNode of(Node node) throws YamlSyntaxError {
    if (++nodes > MAX_NODES) {
      throw YamlSyntaxError.at(
          node.getStartMark(), "too much for a manifest, once anchors are expanded");
    }
    if (!open.add(node)) {
      throw YamlSyntaxError.at(node.getStartMark(), "an anchor that contains itself");
    }
    try {
      return switch (node) {
        case MappingNode mapping -> object(mapping);
        case SequenceNode sequence -> array(sequence);
        case ScalarNode scalar -> scalar(scalar);
        default -> throw YamlSyntaxError.at(node.getStartMark(), "an unknown kind of node");
      };
    } finally {
      open.remove(node);
    }
  }

  private ArrayNode array(SequenceNode sequence) throws YamlSyntaxError {
    ArrayNode array = JSON.arrayNode();
    for (Node element : sequence.getValue()) {
      array.add(of(element));
    }
    return array;
  }

  private ObjectNode object(MappingNode mapping) throws YamlSyntaxError {
    ObjectNode object = JSON.objectNode();
    ObjectNode merged = JSON.objectNode();
    Set<String> own = new HashSet<>();
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw YamlSyntaxError.at(tuple.getKeyNode().getStartMark(), "a key must be a plain text");
      }
      if (key.getTag().equals(Tag.MERGE)) {
        merge(merged, tuple.getValueNode());
      } else if (!own.add(key.getValue())) {
        throw YamlSyntaxError.at(key.getStartMark(), "duplicate key " + key.getValue());
      } else {
        object.set(key.getValue(), of(tuple.getValueNode()));
      }
    }
    merged.properties().forEach(entry -> object.putIfAbsent(entry.getKey(), entry.getValue()));
    return object;
  }

  private void merge(ObjectNode merged, Node value) throws YamlSyntaxError {
    JsonNode source = of(value);
    for (JsonNode each : source.isArray() ? source : JSON.arrayNode().add(source)) {
      if (!each.isObject()) {
        throw YamlSyntaxError.at(value.getStartMark(), "<< needs a mapping");
      }
      each.properties().forEach(entry -> merged.putIfAbsent(entry.getKey(), entry.getValue()));
    }
  }

  private static JsonNode scalar(ScalarNode scalar) {
    String text = scalar.getValue();
    Tag tag = scalar.getTag();
    if (tag.equals(Tag.NULL)) {
      return JSON.nullNode();
    }
    if (tag.equals(Tag.BOOL)) {
      return JSON.booleanNode(Set.of("true", "yes", "on").contains(text.toLowerCase(Locale.ROOT)));
    }
    // 1:30 is a number only in YAML 1.1; kubectl reads it as a string.
    if (tag.equals(Tag.INT) && text.indexOf(':') < 0) {
      return integer(text.replace("_", ""));
    }
    if (tag.equals(Tag.FLOAT) && text.matches("[-+]?[0-9_.]+([eE][-+]?[0-9]+)?")) {
      return JSON.numberNode(Double.parseDouble(text.replace("_", "")));
    }
    return JSON.textNode(text);
  }

  private static JsonNode integer(String text) {
    boolean negative = text.startsWith("-");
    String digits = negative || text.startsWith("+") ? text.substring(1) : text;
    BigInteger magnitude =
        digits.startsWith("0x")
            ? new BigInteger(digits.substring(2), 16)
            : digits.startsWith("0b")
                ? new BigInteger(digits.substring(2), 2)
                : new BigInteger(digits, digits.startsWith("0") ? 8 : 10);
    BigInteger number = negative ? magnitude.negate() : magnitude;
    if (number.bitLength() < Integer.SIZE) {
      return JSON.numberNode(number.intValueExact());
    }
    return number.bitLength() < Long.SIZE
        ? JSON.numberNode(number.longValueExact())
        : JSON.numberNode(number);
  }
}
