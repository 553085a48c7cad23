package io.streamfleet.commands.line;

import picocli.CommandLine.Option;

/** {@code --output}: whether a person reads, or a program. */
public final class OutputOptions {

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "TEXT",
      description = "text, or json: one object a line (default: text).")
  private OutputFormat output = OutputFormat.TEXT;

  public OutputFormat format() {
    return output;
  }

  /** Whether a program reads. */
  public boolean isJson() {
    return output == OutputFormat.JSON;
  }
}
