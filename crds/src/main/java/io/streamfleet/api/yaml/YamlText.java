package io.streamfleet.api.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/** Reads and writes YAML. */
public final class YamlText {

  private YamlText() {}

  /**
   * The documents of a text, without empty ones.
   *
   * @throws YamlSyntaxError if the text is not well-formed, or a key occurs twice in a mapping
   */
  public static List<JsonNode> documents(String text) throws YamlSyntaxError {
    List<JsonNode> documents = new ArrayList<>();
    for (Node node : nodes(text)) {
      documents.add(new NodeTree().of(node));
    }
    return documents;
  }

  /** The documents of a text as nodes, which know their places in it; without empty ones. */
  static List<Node> nodes(String text) throws YamlSyntaxError {
    // Only the composer: SnakeYAML's constructors and emitters would slow down a worker's start.
    LoaderOptions options = new LoaderOptions();
    List<Node> nodes = new ArrayList<>();
    try {
      StreamReader reader = new StreamReader(new StringReader(text));
      Composer composer = new Composer(new ParserImpl(reader, options), new Resolver(), options);
      while (composer.checkNode()) {
        Node node = composer.getNode();
        if (!node.getTag().equals(Tag.NULL)) {
          nodes.add(node);
        }
      }
    } catch (MarkedYAMLException e) {
      throw YamlSyntaxError.at(e.getProblemMark(), e.getProblem());
    } catch (YAMLException e) {
      // From the reader, which has no positions yet; its message contains only the offending
      // character.
      throw new YamlSyntaxError("not readable as YAML: " + e.getMessage());
    }
    return nodes;
  }

  /** Writes a tree of maps, lists and scalars in block style. */
  public static String write(Object tree) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setSplitLines(false);
    options.setIndicatorIndent(2);
    options.setIndentWithIndicator(true);
    return new Yaml(options).dump(tree);
  }
}
