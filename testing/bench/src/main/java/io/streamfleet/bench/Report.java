package io.streamfleet.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The results of a run as Markdown and as JSON. */
record Report(Instant at, List<Findings> findings) {

  static final String MARKDOWN = "bench.md";
  static final String JSON = "bench.json";

  String markdown() {
    return findings.stream()
        .map(Findings::markdown)
        .collect(Collectors.joining("\n", "# Streamfleet bench, " + at + "\n\n", ""));
  }

  /** The tables alone, for a terminal. */
  String tables() {
    return findings.stream()
        .flatMap(it -> it.tables().stream())
        .map(Table::markdown)
        .collect(Collectors.joining("\n"));
  }

  /** Writes {@code bench.md}, {@code bench.json} and the plots. */
  void write(Path folder) throws IOException {
    Files.writeString(folder.resolve(MARKDOWN), markdown());
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("at", at.toString());
    Map<String, Object> plots = new LinkedHashMap<>();
    for (Findings part : findings) {
      part.tables().forEach(table -> document.put(table.title(), table.records()));
      for (Figure figure : part.figures()) {
        Files.writeString(folder.resolve(figure.file()), figure.chart().svg());
        plots.put(figure.file(), figure.chart());
      }
    }
    document.put("plots", plots);
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(folder.resolve(JSON).toFile(), document);
  }
}
