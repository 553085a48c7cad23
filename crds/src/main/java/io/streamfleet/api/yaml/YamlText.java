package io.streamfleet.api.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;

/** Text to tree and back. */
public final class YamlText {

  private YamlText() {}

  /**
   * The documents of a text, without the empty ones.
   *
   * @throws YamlSyntaxError if the text is not well-formed, or a key occurs twice in a mapping
   */
  public static List<JsonNode> documents(String text) throws YamlSyntaxError {
    Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
    List<JsonNode> documents = new ArrayList<>();
    try {
      for (Node node : yaml.composeAll(new StringReader(text))) {
        if (!node.getTag().equals(Tag.NULL)) {
          documents.add(new NodeTree().of(node));
        }
      }
    } catch (MarkedYAMLException e) {
      throw at(e.getProblemMark(), e.getProblem());
    } catch (YAMLException e) {
      // Of the reader, before there are positions; its message names the offending character only.
      throw new YamlSyntaxError("not readable as YAML: " + e.getMessage());
    }
    return documents;
  }

  /** A tree of maps, lists and scalars in block style. */
  public static String write(Object tree) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setSplitLines(false);
    options.setIndicatorIndent(2);
    options.setIndentWithIndicator(true);
    return new Yaml(options).dump(tree);
  }

  static YamlSyntaxError at(Mark mark, String problem) {
    return new YamlSyntaxError(
        "line %d, column %d: %s".formatted(mark.getLine() + 1, mark.getColumn() + 1, problem));
  }
}
