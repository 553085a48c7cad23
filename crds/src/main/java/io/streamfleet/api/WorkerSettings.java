package io.streamfleet.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * The part of a spec that a worker reads, and the part of it that applies while it runs: the fields
 * that are {@link Live}.
 */
public final class WorkerSettings {

  /** Fields that only the operator reads. */
  private static final List<String> NOT_FOR_WORKERS =
      List.of(
          "autoscaling", "consumers", "monitoring", "networkPolicy", "deletionPolicy", "paused");

  /** The fields of {@code spec.workers} that a worker reads; the others are for the pod. */
  private static final List<String> WORKERS_FIELDS = List.of("drainTimeout", "port");

  /** Enough to be unique among a fleet's manifests, short enough for people to compare. */
  private static final int VERSION_BYTES = 6;

  private WorkerSettings() {}

  /** Everything that a worker reads, without default values. */
  public static ObjectNode of(StreamConsumerGroupSpec spec) {
    ObjectNode settings = Manifest.withoutDefaults(spec);
    settings.remove(NOT_FOR_WORKERS);
    if (settings.get("workers") instanceof ObjectNode workers) {
      workers.retain(WORKERS_FIELDS);
      if (workers.isEmpty()) {
        settings.remove("workers");
      }
    }
    return settings;
  }

  /** The part that a worker reads only at its start. */
  public static ObjectNode fixed(StreamConsumerGroupSpec spec) {
    return SpecReader.shared().withoutLive(of(spec));
  }

  /** The paths of the fields that are read only at start and differ between two specs. */
  public static List<String> fixedChanges(
      StreamConsumerGroupSpec before, StreamConsumerGroupSpec after) {
    List<String> paths = new ArrayList<>();
    differences("spec", fixed(before), fixed(after), paths);
    return paths;
  }

  /** The paths of the live fields that differ between two specs. */
  public static List<String> liveChanges(
      StreamConsumerGroupSpec before, StreamConsumerGroupSpec after) {
    List<String> paths = new ArrayList<>();
    differences("spec", of(before), of(after), paths);
    paths.removeAll(fixedChanges(before, after));
    return paths;
  }

  private static void differences(String path, JsonNode before, JsonNode after, List<String> to) {
    if (before.equals(after)) {
      return;
    }
    if (!(before instanceof ObjectNode || after instanceof ObjectNode)) {
      to.add(path);
      return;
    }
    TreeSet<String> names = new TreeSet<>();
    before.fieldNames().forEachRemaining(names::add);
    after.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      differences(path + "." + name, inside(before, name), inside(after, name), to);
    }
  }

  private static JsonNode inside(JsonNode tree, String name) {
    return Objects.requireNonNullElse(tree.get(name), JsonNodeFactory.instance.missingNode());
  }

  /**
   * Identifies a version of a manifest: the beginning of the SHA-256 of its text, in hexadecimal.
   */
  public static String version(String manifest) {
    return HexFormat.of().formatHex(sha256(manifest), 0, VERSION_BYTES);
  }

  /** The SHA-256 of a text. */
  public static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
