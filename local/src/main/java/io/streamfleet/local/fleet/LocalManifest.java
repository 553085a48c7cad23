package io.streamfleet.local.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.api.InvalidManifest;
import io.streamfleet.api.Manifest;
import io.streamfleet.api.yaml.YamlSyntaxError;
import io.streamfleet.api.yaml.YamlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The objects to apply: StreamConsumerGroups with the Redis of this fleet, and whatever else is in
 * the file, such as Secrets.
 *
 * @param documents JSON, which is valid YAML, for the API server
 * @param fleets the StreamConsumerGroups
 * @param aside settings that are ignored here, in a sentence each
 */
public record LocalManifest(List<ObjectNode> documents, List<Manifest> fleets, List<String> aside) {

  /** Settings for connecting to Redis that the embedded one does not need. */
  private static final List<String> CONNECTION_FIELDS =
      List.of("cluster", "credentialsSecret", "sentinelCredentialsSecret", "tls");

  private static final String NAMESPACE = "default";

  /** The Redis of a fleet. */
  sealed interface Redis {

    String url();

    /** An embedded one: other connection settings of the manifest are ignored. */
    record Embedded(String url) implements Redis {}

    /** One that the user named. */
    record Given(String url) implements Redis {}
  }

  public LocalManifest {
    documents = List.copyOf(documents);
    fleets = List.copyOf(fleets);
    aside = List.copyOf(aside);
  }

  /**
   * Validates a text before anything is started.
   *
   * @throws LocalFailure with all problems
   */
  public static void check(String yaml) {
    read(yaml, new Redis.Embedded("redis://127.0.0.1:6379"));
  }

  /**
   * Parses and validates a text.
   *
   * @throws LocalFailure with all problems
   */
  static LocalManifest read(String yaml, Redis redis) {
    List<JsonNode> roots;
    try {
      roots = YamlText.documents(yaml);
    } catch (YamlSyntaxError e) {
      throw LocalFailure.input(String.valueOf(e.getMessage()));
    }
    List<ObjectNode> documents = new ArrayList<>();
    List<Manifest> fleets = new ArrayList<>();
    List<String> aside = new ArrayList<>();
    for (JsonNode root : roots) {
      ObjectNode document = whole(root);
      if (document.path("kind").asText().equals(Manifest.KIND)) {
        checked(document);
        useRedis(document, redis, aside);
        fleets.add(checked(document));
      }
      documents.add(document);
    }
    if (fleets.isEmpty()) {
      throw LocalFailure.input("there is no " + Manifest.KIND + " in it");
    }
    return new LocalManifest(documents, fleets, aside);
  }

  /** Wraps a bare spec in a resource, as a worker does. */
  private static ObjectNode whole(JsonNode root) {
    if (!(root instanceof ObjectNode object)) {
      throw LocalFailure.input("must be a mapping, a " + Manifest.KIND + " or its spec");
    }
    if (object.has("kind") || object.has("apiVersion") || object.has("metadata")) {
      return object;
    }
    ObjectNode whole = JsonNodeFactory.instance.objectNode();
    whole.put("apiVersion", Manifest.GROUP + "/" + Manifest.VERSION).put("kind", Manifest.KIND);
    whole.putObject("metadata").put("name", checked(object).name());
    whole.set("spec", object);
    return whole;
  }

  private static Manifest checked(ObjectNode document) {
    try {
      return Manifest.read(document.toString());
    } catch (InvalidManifest e) {
      throw LocalFailure.input(String.valueOf(e.getMessage()));
    }
  }

  private static void useRedis(ObjectNode document, Redis redis, List<String> aside) {
    ObjectNode spec = (ObjectNode) document.path("spec").path("redis");
    String name = document.at("/metadata/name").asText();
    String before = spec.path("url").asText();
    if (redis instanceof Redis.Embedded) {
      Set<String> gone = new TreeSet<>(CONNECTION_FIELDS);
      gone.removeIf(field -> !spec.has(field));
      if (!gone.isEmpty()) {
        aside.add(
            "%s: spec.redis (%s) is ignored, since the Redis of this fleet does not need it"
                .formatted(name, gone.stream().collect(Collectors.joining(", "))));
      }
      spec.remove(CONNECTION_FIELDS);
    }
    if (!before.equals(redis.url())) {
      spec.put("url", redis.url());
    }
  }

  /** The namespaces that must exist. */
  Set<String> namespaces() {
    Set<String> namespaces = new TreeSet<>();
    documents.forEach(it -> namespaces.add(it.at("/metadata/namespace").asText(NAMESPACE)));
    return namespaces;
  }

  /** The documents for the API server. */
  String text() {
    return documents.stream().map(it -> "---\n" + it).collect(Collectors.joining("\n"));
  }
}
