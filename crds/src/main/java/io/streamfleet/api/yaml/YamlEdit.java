package io.streamfleet.api.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Changes a field in a YAML text and leaves everything else as it is, comments included. */
public final class YamlEdit {

  private YamlEdit() {}

  /**
   * Sets a field of a text with one document.
   *
   * @param path the names of the mappings that lead to the field, all of which must exist, and its
   *     own name, which need not
   * @param value a scalar or a list
   * @return empty if only a person can do that: the field comes from an anchor, or the text is
   *     written in a way that is not understood here
   * @throws YamlSyntaxError if the text is not well-formed
   */
  public static Optional<String> with(String text, List<String> path, JsonNode value)
      throws YamlSyntaxError {
    List<JsonNode> before = YamlText.documents(text);
    if (before.size() != 1) {
      return Optional.empty();
    }
    JsonNode wanted = before.getFirst().deepCopy();
    JsonNode parent = wanted;
    for (String name : path.subList(0, path.size() - 1)) {
      parent = parent.path(name);
    }
    if (!(parent instanceof ObjectNode mapping)) {
      return Optional.empty();
    }
    mapping.set(path.getLast(), value);
    return edited(text, path, value).filter(it -> holds(it, wanted));
  }

  /** Whether a text says what is wanted: marks are hints, and anchors have more than one place. */
  private static boolean holds(String text, JsonNode wanted) {
    try {
      return YamlText.documents(text).equals(List.of(wanted));
    } catch (YamlSyntaxError e) {
      return false;
    }
  }

  private static Optional<String> edited(String text, List<String> path, JsonNode value)
      throws YamlSyntaxError {
    Node node = YamlText.nodes(text).getFirst();
    NodeTuple parent = null;
    for (String name : path.subList(0, path.size() - 1)) {
      parent = tuple(node, name).orElse(null);
      if (parent == null) {
        return Optional.empty();
      }
      node = parent.getValueNode();
    }
    Optional<NodeTuple> field = tuple(node, path.getLast());
    if (field.isPresent()) {
      int from = index(text, field.get().getKeyNode().getEndMark());
      int to = end(text, field.get().getValueNode());
      return to < from
          ? Optional.empty()
          : Optional.of(text.substring(0, from) + ": " + value + text.substring(to));
    }
    return parent == null
        ? Optional.empty()
        : inserted(text, parent, node, path.getLast() + ": " + value);
  }

  private static Optional<String> inserted(String text, NodeTuple parent, Node node, String added) {
    if (!(node instanceof MappingNode mapping) || mapping.getValue().isEmpty()) {
      return Optional.empty();
    }
    Mark first = mapping.getValue().getFirst().getKeyNode().getStartMark();
    if (mapping.getFlowStyle() == FlowStyle.FLOW) {
      int at = index(text, first);
      return Optional.of(text.substring(0, at) + added + ", " + text.substring(at));
    }
    // Below the parent's line, so that a comment above the first field stays with that.
    int line = text.indexOf('\n', index(text, parent.getKeyNode().getEndMark()));
    if (line < 0 || line > index(text, first)) {
      return Optional.empty();
    }
    return Optional.of(
        text.substring(0, line + 1)
            + " ".repeat(first.getColumn())
            + added
            + "\n"
            + text.substring(line + 1));
  }

  private static Optional<NodeTuple> tuple(Node node, String name) {
    return node instanceof MappingNode mapping
        ? mapping.getValue().stream()
            .filter(it -> it.getKeyNode() instanceof ScalarNode key && key.getValue().equals(name))
            .findFirst()
        : Optional.empty();
  }

  /** Where a value ends. The mark of a list in block style is at what follows it. */
  private static int end(String text, Node value) {
    return value instanceof SequenceNode list
            && list.getFlowStyle() == FlowStyle.BLOCK
            && !list.getValue().isEmpty()
        ? end(text, list.getValue().getLast())
        : index(text, value.getEndMark());
  }

  /** Marks count code points. */
  private static int index(String text, Mark mark) {
    return text.offsetByCodePoints(0, mark.getIndex());
  }
}
