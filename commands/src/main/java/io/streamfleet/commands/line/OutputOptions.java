package io.streamfleet.commands.line;

import picocli.CommandLine.Option;

/** The option {@code --output}: text or JSON. */
public final class OutputOptions {

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "TEXT",
      description = "text, or json: one object per line (default: text).")
  private OutputFormat output = OutputFormat.TEXT;

  public OutputFormat format() {
    return output;
  }

  public boolean isJson() {
    return output == OutputFormat.JSON;
  }
}
