package io.streamfleet.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.api.yaml.YamlSyntaxError;
import io.streamfleet.api.yaml.YamlText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Specs, good and bad, with all that is wrong with each. */
final class Corpus {

  private static final String VALID =
      """
      redis: {url: "redis://localhost:6379"}
      inbound: {handler: {builtin: Discard}, ordering: {}}
      outbound: {platforms: [discord, matrix], handler: {builtin: Discard}}
      read: {}
      autoclaim: {}
      retry: {}
      deadLetter: {}
      trace: {}
      workers: {}
      consumers: {}
      """;

  record Case(String name, JsonNode spec, List<String> says) {
    @Override
    public String toString() {
      return name;
    }
  }

  private Corpus() {}

  static List<Case> cases() throws IOException, YamlSyntaxError {
    String text = Files.readString(Path.of("src/test/resources/io/streamfleet/api/corpus.yaml"));
    return YamlText.documents(text).getFirst().valueStream().map(Corpus::caseOf).toList();
  }

  static ObjectNode validSpec() {
    try {
      return (ObjectNode) YamlText.documents(VALID).getFirst();
    } catch (YamlSyntaxError e) {
      throw new IllegalStateException(e);
    }
  }

  private static Case caseOf(JsonNode written) {
    ObjectNode spec = validSpec();
    written
        .path("given")
        .properties()
        .forEach(change -> change(spec, change.getKey(), change.getValue()));
    List<String> says = written.path("says").valueStream().map(JsonNode::asText).toList();
    return new Case(written.get("case").asText(), spec, says);
  }

  private static void change(ObjectNode spec, String path, JsonNode value) {
    int dot = path.lastIndexOf('.');
    String parent = dot < 0 ? "" : "/" + path.substring(0, dot).replace('.', '/');
    if (!(spec.at(parent) instanceof ObjectNode object)) {
      return; // null at the parent, which is the case's point
    }
    if (value.asText().equals("absent")) {
      object.remove(path.substring(dot + 1));
    } else {
      object.set(path.substring(dot + 1), value);
    }
  }
}
