package io.streamfleet.commands;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.streamfleet.redis.Link;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A Redis server with dead letters, and a manifest with which commands are run against it. */
public final class Post implements AutoCloseable {

  public static final String INBOUND = "sg:stream:inbound";
  public static final String DEAD = "sg:stream:dlq";

  /** The most fields of the original entry that a letter keeps, see dead_letter.lua. */
  public static final int MOST_FIELDS = 3_900;

  private final AutoCloseable client;
  private final RedisClusterCommands<String, byte[]> redis;
  private final Path manifest;

  private Post(AutoCloseable client, RedisClusterCommands<String, byte[]> redis, Path manifest) {
    this.client = client;
    this.redis = redis;
    this.manifest = manifest;
  }

  public static Post at(String url, Path folder) {
    RedisClient client = RedisClient.create(url);
    return new Post(client, client.connect(Link.CODEC).sync(), manifest(url, false, folder));
  }

  public static Post inCluster(String url, Path folder) {
    RedisClusterClient client = RedisClusterClient.create(url);
    return new Post(client, client.connect(Link.CODEC).sync(), manifest(url, true, folder));
  }

  private static Path manifest(String url, boolean cluster, Path folder) {
    String yaml =
        """
        redis: {url: "%s", cluster: %s}
        inbound:
          streams: [sg:stream:inbound, "{sg:stream:dlq}:inbound"]
          handler: {builtin: Discard}
        outbound:
          platforms: [discord, matrix]
          ordering: {field: room}
          maxLength: 1000
          handler: {builtin: Discard}
        """
            .formatted(url, cluster);
    try {
      return Files.writeString(folder.resolve("manifest.yaml"), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public RedisClusterCommands<String, byte[]> redis() {
    return redis;
  }

  public Path manifest() {
    return manifest;
  }

  /** Runs a subcommand of dlq with this manifest. */
  public CommandRun dlq(String verb, String... more) {
    List<String> args = new ArrayList<>(List.of("dlq", verb, "-f", manifest.toString()));
    args.addAll(List.of(more));
    return CommandRun.of(args.toArray(String[]::new));
  }

  public CommandRun publish(String... more) {
    List<String> args = new ArrayList<>(List.of("publish", "-f", manifest.toString()));
    args.addAll(List.of(more));
    return CommandRun.of(args.toArray(String[]::new));
  }

  /** Writes a letter as our workers do. */
  public String writeDeadLetter(String stream, String originalId, String channel, String reason) {
    Map<String, byte[]> fields = python(stream, originalId, json(channel));
    fields.put("group", bytes("sg:workers"));
    fields.put("consumer", bytes("worker-0"));
    fields.put("reason", bytes(reason));
    fields.put("failed_at", bytes("2026-11-23T14:26:40Z"));
    fields.put("field.schema_version", bytes("1"));
    return add(DEAD, fields);
  }

  /** Writes a letter with this error. */
  public String buryWithError(String stream, String originalId, String channel, String error) {
    Map<String, byte[]> fields = python(stream, originalId, json(channel));
    fields.put("error", bytes(error));
    return add(DEAD, fields);
  }

  /** Writes a letter with the most fields, of an entry that had more. */
  public String buryOfVeryManyFields(String stream) {
    Map<String, byte[]> fields = python(stream, "1-0", json("c"));
    fields.put("fields_left_out", bytes("1100"));
    for (int i = 0; i < MOST_FIELDS; i++) {
      fields.put("field.f" + i, bytes("v" + i));
    }
    return add(DEAD, fields);
  }

  /** Writes a letter as the original consumer does, with seven fields. */
  public String buryAsPython(String stream, String originalId, byte[] payload) {
    return add(DEAD, python(stream, originalId, payload));
  }

  /** Writes a letter with this id, which determines its age. */
  public String buryAt(String id, String channel) {
    return redis.xadd(DEAD, new XAddArgs().id(id), python(INBOUND, "1-1", json(channel)));
  }

  private static Map<String, byte[]> python(String stream, String originalId, byte[] payload) {
    Map<String, byte[]> fields = new LinkedHashMap<>();
    fields.put("original_stream", bytes(stream));
    fields.put("original_msg_id", bytes(originalId));
    fields.put("error", bytes("the handler said no"));
    fields.put("attempt", bytes("3"));
    fields.put("data", payload);
    fields.put("ts", bytes("1732372000.5"));
    fields.put("trace_id", bytes("trace-" + originalId));
    return fields;
  }

  public String add(String stream, Map<String, byte[]> fields) {
    return redis.xadd(stream, fields);
  }

  public long count(String stream) {
    return redis.xlen(stream);
  }

  /** The entries of a stream, each as its fields. */
  public List<Map<String, byte[]>> entries(String stream) {
    return redis.xrange(stream, Range.unbounded(), Limit.unlimited()).stream()
        .map(StreamMessage::getBody)
        .toList();
  }

  /** The payloads of a stream's entries. */
  public List<byte[]> payloads(String stream) {
    return entries(stream).stream().map(it -> Objects.requireNonNull(it.get("data"))).toList();
  }

  public static byte[] json(String channel) {
    return bytes("{\"channel_id\":\"" + channel + "\",\"content\":\"secret words\"}");
  }

  public static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Override
  public void close() throws Exception {
    client.close();
  }
}
