package io.streamfleet.worker.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** A page of the documentation, whose code is tried. */
public record DocPage(Path file) {

  /** The first block of code in a language. */
  public String block(String language) throws IOException {
    return block(language, "");
  }

  /** The first block of code in a language that has a text. */
  public String block(String language, String text) throws IOException {
    return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(file))
        .results()
        .map(it -> it.group(1))
        .filter(it -> it.contains(text))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no %s block in %s".formatted(language, file)));
  }
}
