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
 * What of a spec a worker reads, and which part of that applies while it runs: the fields that the
 * model has as {@link Live}.
 */
public final class WorkerSettings {

  /** What only the operator reads. */
  private static final List<String> NOT_FOR_WORKERS =
      List.of(
          "autoscaling", "consumers", "monitoring", "networkPolicy", "deletionPolicy", "paused");

  /** What a worker reads of {@code spec.workers}; the rest is the pod's. */
  private static final List<String> OF_WORKERS = List.of("drainTimeout", "port");

  /** Enough that no two manifests of a fleet share it, short enough for people to compare. */
  private static final int VERSION_BYTES = 6;

  private WorkerSettings() {}

  /** All that a worker reads, without what is as by default. */
  public static ObjectNode of(StreamConsumerGroupSpec spec) {
    ObjectNode settings = Manifest.withoutDefaults(spec);
    settings.remove(NOT_FOR_WORKERS);
    if (settings.get("workers") instanceof ObjectNode workers) {
      workers.retain(OF_WORKERS);
      if (workers.isEmpty()) {
        settings.remove("workers");
      }
    }
    return settings;
  }

  /** What of that a worker reads once, when it starts. */
  public static ObjectNode fixed(StreamConsumerGroupSpec spec) {
    return SpecReader.shared().withoutLive(of(spec));
  }

  /** The fields that a worker reads once and in which two specs differ, by their paths. */
  public static List<String> fixedChanges(
      StreamConsumerGroupSpec before, StreamConsumerGroupSpec after) {
    List<String> paths = new ArrayList<>();
    differences("spec", fixed(before), fixed(after), paths);
    return paths;
  }

  /** The live fields in which two specs differ, by their paths. */
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
   * What tells one version of a manifest from another: the beginning of the SHA-256 of its text, in
   * hexadecimal digits.
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
