package io.streamfleet.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.api.schema.Defaults;
import io.streamfleet.api.schema.PlainWords;
import io.streamfleet.api.schema.Pruning;
import io.streamfleet.api.schema.Schema;
import io.streamfleet.api.schema.Validation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Converts between trees and specs, by the schema. */
final class SpecReader {

  private final Schema schema = Schema.ofSpec();

  private SpecReader() {}

  /** The only reader of this process, created at first use; immutable. */
  static SpecReader shared() {
    return Shared.READER;
  }

  StreamConsumerGroupSpec read(JsonNode tree, String path) {
    JsonNode defaulted = Defaults.applied(schema, tree);
    List<Violation> violations = check(defaulted, path);
    if (!violations.isEmpty()) {
      throw new InvalidManifest(violations);
    }
    StreamConsumerGroupSpec spec = SpecBinding.spec(new Fields(defaulted));
    List<Violation> conflicts = StreamConflicts.of(spec, path);
    if (!conflicts.isEmpty()) {
      throw new InvalidManifest(conflicts);
    }
    return spec;
  }

  JsonNode known(JsonNode tree, String path, Consumer<String> unknown) {
    return Defaults.applied(schema, Pruning.applied(schema, tree, path, unknown));
  }

  List<Violation> violations(JsonNode tree, String path) {
    try {
      read(tree, path);
      return List.of();
    } catch (InvalidManifest e) {
      return e.violations();
    }
  }

  Map<?, ?> tree(StreamConsumerGroupSpec spec) {
    return Mapper.JSON.convertValue(spec, Map.class);
  }

  ObjectNode withoutDefaults(StreamConsumerGroupSpec spec) {
    return LeastTree.of(schema, Mapper.JSON.<ObjectNode>valueToTree(spec));
  }

  ObjectNode withoutLive(ObjectNode spec) {
    return LeastTree.withoutLive(schema, spec);
  }

  private List<Violation> check(JsonNode defaulted, String path) {
    List<Violation> violations = new ArrayList<>();
    new Validation((place, problem) -> violations.add(new Violation(place, PlainWords.of(problem))))
        .check(schema, defaulted, path);
    return violations;
  }

  /** Created at first use, which never happens in a worker: it is slow to create. */
  private static final class Mapper {
    static final ObjectMapper JSON = new ObjectMapper();
  }

  private static final class Shared {
    static final SpecReader READER = new SpecReader();
  }
}
