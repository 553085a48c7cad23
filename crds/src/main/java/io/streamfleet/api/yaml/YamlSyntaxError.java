package io.streamfleet.api.yaml;

/** A text that is no YAML, or more than a manifest may be. The message names line and column. */
public final class YamlSyntaxError extends Exception {

  private static final long serialVersionUID = 1;

  YamlSyntaxError(String message) {
    super(message);
  }
}
