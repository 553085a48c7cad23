package io.streamfleet.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One connection to Redis, standalone, Sentinel or Cluster. All calls are asynchronous; results
 * arrive on a client thread, which must not block.
 *
 * <p>The client reconnects a broken connection and sends unanswered commands again, so callers must
 * make sure that a command which runs twice does no harm, or use {@link
 * RedisConnector#connectOnce}.
 */
public final class Link implements AutoCloseable {

  /** Keys and names are text, values are bytes: a payload is msgpack, not UTF-8. */
  public static final RedisCodec<String, byte[]> CODEC =
      RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

  /** Keys for each SCAN call, which then takes well below a millisecond. */
  private static final int SCAN_COUNT = 1_000;

  private final StatefulConnection<String, byte[]> connection;
  private final boolean cluster;
  private final int database;
  private final Demotion demotion = new Demotion(System::nanoTime);
  private volatile @Nullable Long clientId;

  Link(StatefulConnection<String, byte[]> connection, boolean cluster, int database) {
    this.connection = connection;
    this.cluster = cluster;
    this.database = database;
  }

  /** Registers a callback, on a client thread, for each time the connection breaks. */
  public void onBroken(Runnable callback) {
    connection.addListener(
        new RedisConnectionStateListener() {
          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> broken) {
            callback.run();
          }
        });
  }

  /** Whether keys must be in one slot to be used in one script. */
  public boolean isCluster() {
    return cluster;
  }

  /**
   * The name of a Pub/Sub channel for clients of this connection's database: Redis separates the
   * keys of databases, but not their channels. In database 0 the name is unchanged, in database 5
   * {@code @5} is appended.
   */
  public String channel(String name) {
    return database == 0 ? name : name + "@" + database;
  }

  /** Whether one script may use all these keys. */
  public boolean shareSlot(Collection<String> keys) {
    return !cluster || keys.stream().mapToInt(Link::slot).distinct().limit(2).count() < 2;
  }

  /**
   * The name of a key that can be used in one script together with another key: the other key, in
   * braces if a Cluster needs them, and a suffix. Empty if braces in the other key make that
   * impossible.
   */
  public Optional<String> beside(String key, String suffix) {
    return Stream.of(key + suffix, "{" + key + "}" + suffix)
        .filter(name -> shareSlot(List.of(key, name)))
        .findFirst();
  }

  /** Positions of the keys in the list, grouped so that each group may be used in one script. */
  public List<List<Integer>> bySlot(List<String> keys) {
    if (!cluster) {
      return keys.isEmpty() ? List.of() : List.of(IntStream.range(0, keys.size()).boxed().toList());
    }
    TreeMap<Integer, List<Integer>> groups = new TreeMap<>();
    for (int i = 0; i < keys.size(); i++) {
      groups.computeIfAbsent(slot(keys.get(i)), slot -> new ArrayList<>()).add(i);
    }
    return List.copyOf(groups.values());
  }

  private static int slot(String key) {
    return SlotHash.getSlot(key);
  }

  /** New command arguments. */
  public static CommandArgs<String, byte[]> args() {
    return new CommandArgs<>(CODEC);
  }

  /** Sends a command. Never throws; every failure completes the future. */
  public <T> CompletableFuture<T> send(
      ProtocolKeyword type,
      CommandOutput<String, byte[], T> output,
      CommandArgs<String, byte[]> args) {
    AsyncCommand<String, byte[], T> command = new AsyncCommand<>(new Command<>(type, output, args));
    try {
      connection.dispatch(command);
    } catch (RuntimeException e) {
      // Closed: a Cluster connection throws, and so does the timer of terminated threads.
      command.completeExceptionally(e);
    }
    if (!cluster) {
      // A Cluster redirects the client by itself.
      command.whenComplete(this::leaveIfDemoted);
    }
    return command;
  }

  /**
   * Makes the server close this connection. The client then reconnects to whatever server the host
   * name leads to, and sends unanswered commands again.
   */
  private void leaveIfDemoted(@Nullable Object value, @Nullable Throwable failure) {
    if (failure != null && demotion.isReasonToLeave(failure)) {
      status(CommandType.QUIT, args());
    }
  }

  /** Sends a command with an integer reply. */
  public CompletableFuture<Long> number(ProtocolKeyword type, CommandArgs<String, byte[]> args) {
    return send(type, new IntegerOutput<>(CODEC), args);
  }

  /** Sends a command with a simple string reply. */
  public CompletableFuture<String> status(ProtocolKeyword type, CommandArgs<String, byte[]> args) {
    return send(type, new StatusOutput<>(CODEC), args);
  }

  /** Sends a command with an array reply, nested as in the reply; strings are bytes in it. */
  public CompletableFuture<List<Object>> list(
      ProtocolKeyword type, CommandArgs<String, byte[]> args) {
    return send(type, new NestedMultiOutput<>(CODEC), args);
  }

  /**
   * Sends a command with an array reply to every node of a Cluster, each of which knows only a
   * part; otherwise to the one server.
   */
  public CompletableFuture<List<List<Object>>> listsOfEveryNode(
      ProtocolKeyword type, Supplier<CommandArgs<String, byte[]>> args) {
    if (!(connection instanceof StatefulRedisClusterConnection<String, byte[]> nodes)) {
      return list(type, args.get()).thenApply(List::of);
    }
    List<CompletableFuture<List<Object>>> replies =
        nodes.getPartitions().stream()
            .filter(node -> !node.is(NodeFlag.FAIL) && !node.is(NodeFlag.NOADDR))
            .map(node -> ofNode(nodes.getConnectionAsync(node.getNodeId()), type, args.get()))
            .toList();
    return CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new))
        .thenApply(all -> replies.stream().map(CompletableFuture::join).toList());
  }

  /** Some of the keys: one for each server that has any of them, as far as is known here. */
  public List<String> oneOfEachServer(Collection<String> keys) {
    Map<Object, String> found = new LinkedHashMap<>();
    for (String key : keys) {
      found.putIfAbsent(
          connection instanceof StatefulRedisClusterConnection<String, byte[]> nodes
              ? Objects.requireNonNullElse(masterOf(nodes, key), key)
              : this,
          key);
    }
    return List.copyOf(found.values());
  }

  /**
   * Sends a command that has no key itself to the server of a key, behind what was sent for that
   * key: on the connection that Lettuce uses for the key's slot, which it knows by host and port
   * ({@code PooledClusterConnectionProvider.getWriteConnection} of Lettuce 7).
   */
  public CompletableFuture<List<Object>> listOfServerOf(
      String key, ProtocolKeyword type, CommandArgs<String, byte[]> args) {
    if (!(connection instanceof StatefulRedisClusterConnection<String, byte[]> nodes)) {
      return list(type, args);
    }
    RedisURI master = masterOf(nodes, key);
    return master == null
        ? CompletableFuture.failedFuture(new RedisException("no node serves the slot of " + key))
        : ofNode(nodes.getConnectionAsync(master.getHost(), master.getPort()), type, args);
  }

  private static @Nullable RedisURI masterOf(
      StatefulRedisClusterConnection<String, byte[]> nodes, String key) {
    RedisClusterNode node = nodes.getPartitions().getPartitionBySlot(slot(key));
    return node == null ? null : node.getUri();
  }

  /**
   * Scans all keys, on every master of a Cluster.
   *
   * @param pattern a glob for SCAN MATCH
   * @param wanted called before each step: the scan ends when it returns false. Otherwise an
   *     abandoned scan would go on for minutes beside the next one
   * @return each key that existed all the time, once; other keys may be included
   */
  public CompletableFuture<List<String>> scan(String pattern, BooleanSupplier wanted) {
    List<CompletableFuture<Set<String>>> parts =
        connection instanceof StatefulRedisClusterConnection<String, byte[]> nodes
            ? nodes.getPartitions().stream()
                .filter(node -> node.is(NodeFlag.UPSTREAM))
                .map(RedisClusterNode::getNodeId)
                .map(
                    id ->
                        scan(
                            args -> ofNode(nodes.getConnectionAsync(id), CommandType.SCAN, args),
                            pattern,
                            wanted,
                            "0",
                            new LinkedHashSet<>()))
                .toList()
            : List.of(
                scan(
                    args -> list(CommandType.SCAN, args),
                    pattern,
                    wanted,
                    "0",
                    new LinkedHashSet<>()));
    return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
        .thenApply(all -> parts.stream().flatMap(part -> part.join().stream()).toList());
  }

  private static CompletableFuture<Set<String>> scan(
      Function<CommandArgs<String, byte[]>, CompletableFuture<List<Object>>> node,
      String pattern,
      BooleanSupplier wanted,
      String cursor,
      Set<String> found) {
    if (!wanted.getAsBoolean()) {
      return CompletableFuture.failedFuture(new CancellationException("the scan was cancelled"));
    }
    return node.apply(args().add(cursor).add("MATCH").add(pattern).add("COUNT").add(SCAN_COUNT))
        .thenCompose(
            reply -> {
              ((List<?>) reply.get(1)).forEach(key -> found.add(text(key)));
              String next = text(reply.get(0));
              return next.equals("0")
                  ? CompletableFuture.completedFuture(found)
                  : scan(node, pattern, wanted, next, found);
            });
  }

  private static CompletableFuture<List<Object>> ofNode(
      CompletableFuture<StatefulRedisConnection<String, byte[]>> connected,
      ProtocolKeyword type,
      CommandArgs<String, byte[]> args) {
    return connected.thenCompose(
        node -> {
          AsyncCommand<String, byte[], List<Object>> command =
              new AsyncCommand<>(new Command<>(type, new NestedMultiOutput<>(CODEC), args));
          node.dispatch(command);
          return command;
        });
  }

  /** Runs a script with an array reply. */
  public CompletableFuture<List<Object>> eval(
      Script script, List<String> keys, Consumer<CommandArgs<String, byte[]>> arguments) {
    return eval(script, () -> new NestedMultiOutput<>(CODEC), keys, arguments);
  }

  /**
   * Runs a script by its SHA-1, and by its text if Redis does not know it yet (a new server, SCRIPT
   * FLUSH, another node of a Cluster). The second attempt runs after calls that were made later, so
   * callers that need an order wait for replies. Never throws, as {@link #send}.
   */
  public <T> CompletableFuture<T> eval(
      Script script,
      Supplier<CommandOutput<String, byte[], T>> output,
      List<String> keys,
      Consumer<CommandArgs<String, byte[]>> arguments) {
    CompletableFuture<T> first;
    try {
      first =
          send(
              CommandType.EVALSHA,
              output.get(),
              scriptArgs(script.sha().getBytes(StandardCharsets.US_ASCII), keys, arguments));
    } catch (RuntimeException e) {
      // Invalid arguments fail the future, just as a connection failure does.
      return CompletableFuture.failedFuture(e);
    }
    return first
        .handle(
            (value, failure) -> {
              if (failure == null) {
                return CompletableFuture.completedFuture(value);
              }
              if (Failures.cause(failure) instanceof RedisNoScriptException) {
                return send(
                    CommandType.EVAL, output.get(), scriptArgs(script.text(), keys, arguments));
              }
              return CompletableFuture.<T>failedFuture(Failures.cause(failure));
            })
        .thenCompose(next -> (CompletionStage<T>) next)
        .toCompletableFuture();
  }

  private static CommandArgs<String, byte[]> scriptArgs(
      byte[] script, List<String> keys, Consumer<CommandArgs<String, byte[]>> arguments) {
    CommandArgs<String, byte[]> args = args().add(script).add(keys.size()).addKeys(keys);
    arguments.accept(args);
    return args;
  }

  /**
   * Ends a blocking read of this connection through another one, as if its block time were over. If
   * the server refuses, the read ends by itself.
   */
  public void unblockFrom(Link other) {
    Long known = clientId;
    if (known != null) {
      other
          .number(CommandType.CLIENT, args().add("UNBLOCK").add(known))
          .whenComplete((unblocked, refused) -> {});
    }
  }

  /**
   * Asks for the id of this connection; to be called again after each reconnect. Does nothing in a
   * Cluster, where any node may answer and its id would be wrong on the node that blocks.
   */
  public CompletableFuture<Void> identify() {
    if (cluster) {
      return CompletableFuture.completedFuture(null);
    }
    return number(CommandType.CLIENT, args().add("ID"))
        .handle(
            (id, refused) -> {
              clientId = refused == null ? id : null;
              return null;
            });
  }

  /** The text of a reply. */
  public static String text(Object reply) {
    return switch (reply) {
      case byte[] bytes -> new String(bytes, StandardCharsets.UTF_8);
      case ByteBuffer buffer -> StandardCharsets.UTF_8.decode(buffer.duplicate()).toString();
      default -> reply.toString();
    };
  }

  /** Closes at once; unanswered commands fail. */
  @Override
  public void close() {
    if (!connection.isOpen()) {
      return;
    }
    var closing = connection.closeAsync();
    if (closing.isCompletedExceptionally()) {
      throw new IllegalStateException("the connection did not close");
    }
  }
}
