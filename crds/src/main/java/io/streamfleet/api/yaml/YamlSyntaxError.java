package io.streamfleet.api.yaml;

import org.yaml.snakeyaml.error.Mark;

/** A text that is no YAML, or more than a manifest may be. The message names line and column. */
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
