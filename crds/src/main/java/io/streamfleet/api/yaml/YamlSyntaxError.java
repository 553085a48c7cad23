package io.streamfleet.api.yaml;

import org.yaml.snakeyaml.error.Mark;

/** A text is not valid YAML, or too large for a manifest. The message has line and column. */
public final class YamlSyntaxError extends Exception {

  private static final long serialVersionUID = 1;

  YamlSyntaxError(String message) {
    super(message);
  }

  static YamlSyntaxError at(Mark mark, String problem) {
    return new YamlSyntaxError(
        "line %d, column %d: %s".formatted(mark.getLine() + 1, mark.getColumn() + 1, problem));
  }
}
