package io.streamfleet.commands.dlq;

import io.lettuce.core.MigrateArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.SlotHash;
import io.streamfleet.embedded.RedisCluster;
import io.streamfleet.embedded.RedisServer;
import java.util.ArrayList;
import java.util.List;

/** Moves a slot to another node key by key, as {@code redis-cli --cluster} does. */
final class MovingSlot implements AutoCloseable {

  private final int slot;
  private final RedisServer target;
  private final List<RedisClient> clients = new ArrayList<>();
  private final List<RedisCommands<String, String>> masters = new ArrayList<>();
  private final RedisCommands<String, String> from;
  private final RedisCommands<String, String> to;
  private boolean moved;

  private MovingSlot(RedisCluster cluster, String key) {
    slot = SlotHash.getSlot(key);
    RedisServer source = cluster.nodeOf(key);
    target = cluster.nodes().stream().filter(it -> it != source).findFirst().orElseThrow();
    cluster.nodes().forEach(node -> masters.add(commands(node)));
    from = commands(source);
    to = commands(target);
    to.clusterSetSlotImporting(slot, from.clusterMyId());
    from.clusterSetSlotMigrating(slot, to.clusterMyId());
  }

  static MovingSlot of(RedisCluster cluster, String key) {
    return new MovingSlot(cluster, key);
  }

  private RedisCommands<String, String> commands(RedisServer node) {
    RedisClient client = RedisClient.create(node.url());
    clients.add(client);
    return client.connect().sync();
  }

  /** Moves one key of the slot. */
  void move(String key) {
    from.migrate("127.0.0.1", target.port(), 0, 5_000, MigrateArgs.Builder.key(key));
  }

  /** How often the source and the target node replied with this error. */
  long refused(String code) {
    return List.of(from, to).stream()
        .flatMap(node -> node.info("errorstats").lines())
        .filter(line -> line.startsWith("errorstat_" + code + ":count="))
        .mapToLong(line -> Long.parseLong(line.replaceAll(".*count=", "").strip()))
        .sum();
  }

  /** Completes the move: the target node serves the slot from now on. */
  @Override
  public void close() {
    if (!moved) {
      moved = true;
      String owner = to.clusterMyId();
      to.clusterSetSlotNode(slot, owner);
      from.clusterSetSlotNode(slot, owner);
      masters.forEach(node -> node.clusterSetSlotNode(slot, owner));
      clients.forEach(RedisClient::shutdown);
    }
  }
}
