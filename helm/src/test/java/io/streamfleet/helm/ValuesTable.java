package io.streamfleet.helm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.comments.CommentLine;
import org.yaml.snakeyaml.comments.CommentType;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** The values of the chart for people, made of the comments above them. */
final class ValuesTable {

  private static final String BEGIN =
      "<!-- The values, made of values.yaml. Don't edit; to refresh:\n     "
          + Committed.REFRESH
          + " -->\n";

  private static final String END = "<!-- The end of the values. -->";

  /**
   * @param path such as image.tag
   * @param comment above it; empty if there is none
   * @param byDefault as JSON; empty for one whose parts have rows of their own
   */
  private record Row(String path, String comment, String byDefault) {

    String text() {
      return "| `%s` | %s | %s |\n"
          .formatted(
              path,
              byDefault.isEmpty() || byDefault.equals("\"\"") ? "" : "`" + byDefault + "`",
              comment.replace("|", "\\|"));
    }
  }

  private ValuesTable() {}

  /** A document with its table made anew; the text around it stays. */
  static String within(String document, String values) {
    int begin = document.indexOf("<!-- The values,");
    int end = document.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException("no place for the table of values: " + BEGIN + END);
    }
    return document.substring(0, begin)
        + BEGIN
        + "\n"
        + table(values)
        + "\n"
        + document.substring(end);
  }

  /** The values that no comment stands above, nor above what they are part of. */
  static List<String> unexplained(String values) {
    return rows(values).stream()
        .filter(row -> row.comment().isEmpty() && !row.byDefault().isEmpty())
        .map(Row::path)
        .toList();
  }

  private static String table(String values) {
    return rows(values).stream()
        .filter(row -> !row.comment().isEmpty())
        .map(Row::text)
        .collect(Collectors.joining("", "| value | default | meaning |\n|---|---|---|\n", ""));
  }

  private static List<Row> rows(String values) {
    LoaderOptions options = new LoaderOptions();
    options.setProcessComments(true);
    List<Row> rows = new ArrayList<>();
    collect("", (MappingNode) new Yaml(options).compose(new StringReader(values)), rows);
    return rows;
  }

  private static void collect(String prefix, MappingNode mapping, List<Row> rows) {
    for (NodeTuple tuple : mapping.getValue()) {
      String path = prefix + ((ScalarNode) tuple.getKeyNode()).getValue();
      String comment = comment(tuple.getKeyNode());
      if (tuple.getValueNode() instanceof MappingNode parts && isParted(parts, comment)) {
        rows.add(new Row(path, comment, ""));
        collect(path + ".", parts, rows);
      } else {
        rows.add(new Row(path, comment, json(tuple.getValueNode())));
      }
    }
  }

  /** Whether what is inside is explained there: some of it is, or nothing is here. */
  private static boolean isParted(MappingNode parts, String comment) {
    boolean someInside =
        parts.getValue().stream().anyMatch(part -> !comment(part.getKeyNode()).isEmpty());
    return someInside || (comment.isEmpty() && !parts.getValue().isEmpty());
  }

  /** The lines above a key up to an empty one. */
  private static String comment(Node key) {
    List<String> lines = new ArrayList<>();
    for (CommentLine line :
        key.getBlockComments() == null ? List.<CommentLine>of() : key.getBlockComments()) {
      if (line.getCommentType() == CommentType.BLANK_LINE) {
        lines.clear();
      } else {
        lines.add(line.getValue().strip());
      }
    }
    return String.join(" ", lines);
  }

  private static String json(Node node) {
    try {
      return new ObjectMapper().writeValueAsString(new PlainTree().of(node));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** A node as maps, lists and scalars. */
  private static final class PlainTree extends org.yaml.snakeyaml.constructor.SafeConstructor {

    PlainTree() {
      super(new LoaderOptions());
    }

    Object of(Node node) {
      return constructDocument(node);
    }
  }
}
