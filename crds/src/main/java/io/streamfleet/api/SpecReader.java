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

/** Makes a spec of a tree, by the schema, and a tree of a spec. */
final class SpecReader {

  private final Schema schema = Schema.ofSpec();

  private SpecReader() {}

  /** The one reader of this process, made when it is first needed; it never changes. */
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

  /** Made when it is first needed, which is never in a worker: its making takes long. */
  private static final class Mapper {
    static final ObjectMapper JSON = new ObjectMapper();
  }

  private static final class Shared {
    static final SpecReader READER = new SpecReader();
  }
}
