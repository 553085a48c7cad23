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

/** The tables of a run, for people and for programs. */
record Report(Instant at, List<Table> tables) {

  String markdown() {
    return tables.stream()
        .map(Table::markdown)
        .collect(Collectors.joining("\n", "# Streamfleet bench, " + at + "\n\n", ""));
  }

  /** Writes {@code bench.md} and {@code bench.json}. */
  void write(Path folder) throws IOException {
    Files.writeString(folder.resolve("bench.md"), markdown());
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("at", at.toString());
    for (Table table : tables) {
      document.put(table.title(), table.records());
    }
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(folder.resolve("bench.json").toFile(), document);
  }
}
