package io.streamfleet.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.api.StatefulConnection;
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
import java.util.LinkedHashSet;
import java.util.List;
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
 * One connection to Redis, whatever its kind. Every call is asynchronous; what it completes with
 * arrives on a thread of the client, which must not block.
 *
 * <p>A broken connection is made again by the client, and calls on their way are sent once more:
 * callers see to it that a call which runs twice does no harm.
 */
public final class Link implements AutoCloseable {

  /** Keys and names are text, values are bytes: a payload is msgpack, not UTF-8. */
  public static final RedisCodec<String, byte[]> CODEC =
      RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

  /** Keys in one step of a scan, of well below a millisecond: others hardly notice. */
  private static final int SCANNED_AT_ONCE = 1_000;

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

  /** Calls back, on a thread of the client, whenever the connection breaks. */
  public void onBroken(Runnable callback) {
    connection.addListener(
        new RedisConnectionStateListener() {
          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> broken) {
            callback.run();
          }
        });
  }

  /** Whether keys must share a slot to be used in one step. */
  public boolean isCluster() {
    return cluster;
  }

  /**
   * The name of a channel for publishing and subscribing among those who use this connection's
   * database: Redis keeps the keys of databases apart, and not their channels. In database 0 a name
   * is as it is, in database 5 {@code @5} follows it.
   */
  public String channel(String name) {
    return database == 0 ? name : name + "@" + database;
  }

  /** Whether one script may use all these keys. */
  public boolean shareSlot(Collection<String> keys) {
    return !cluster || keys.stream().mapToInt(Link::slot).distinct().limit(2).count() < 2;
  }

  /**
   * The name of a key that belongs to another one and can be used by one script with it: the name
   * of that one, in braces where a Cluster needs them, and a suffix. Empty where the braces in the
   * name keep that from being possible.
   */
  public Optional<String> beside(String key, String suffix) {
    return Stream.of(key + suffix, "{" + key + "}" + suffix)
        .filter(name -> shareSlot(List.of(key, name)))
        .findFirst();
  }

  /** The keys' positions in the list, in groups of which each may go to one script. */
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

  /** New arguments for a call. */
  public static CommandArgs<String, byte[]> args() {
    return new CommandArgs<>(CODEC);
  }

  /** Sends one command. It fails, rather than this call throws, also where it cannot be sent. */
  public <T> CompletableFuture<T> send(
      ProtocolKeyword type,
      CommandOutput<String, byte[], T> output,
      CommandArgs<String, byte[]> args) {
    AsyncCommand<String, byte[], T> command = new AsyncCommand<>(new Command<>(type, output, args));
    try {
      connection.dispatch(command);
    } catch (RuntimeException e) {
      // Closed: in a cluster the connection says so, and the timer of threads that have ended.
      command.completeExceptionally(e);
    }
    if (!cluster) {
      // A cluster tells by itself where to go.
      command.whenComplete(this::leaveIfDemoted);
    }
    return command;
  }

  /**
   * Has the server close this connection, which the client then makes anew, to whatever server the
   * host's name leads to by then. What is on its way behind is sent once more.
   */
  private void leaveIfDemoted(@Nullable Object value, @Nullable Throwable failure) {
    if (failure != null && demotion.isReasonToLeave(failure)) {
      status(CommandType.QUIT, args());
    }
  }

  /** Sends a command that answers with a number. */
  public CompletableFuture<Long> number(ProtocolKeyword type, CommandArgs<String, byte[]> args) {
    return send(type, new IntegerOutput<>(CODEC), args);
  }

  /** Sends a command that answers with a status or one text. */
  public CompletableFuture<String> status(ProtocolKeyword type, CommandArgs<String, byte[]> args) {
    return send(type, new StatusOutput<>(CODEC), args);
  }

  /** Sends a command that answers with a list, nested as the reply is; texts are bytes in it. */
  public CompletableFuture<List<Object>> list(
      ProtocolKeyword type, CommandArgs<String, byte[]> args) {
    return send(type, new NestedMultiOutput<>(CODEC), args);
  }

  /**
   * Sends a command that answers with a list to every node of a cluster, each of which knows a part
   * only; to the one server otherwise.
   */
  public CompletableFuture<List<List<Object>>> listsOfEveryNode(
      ProtocolKeyword type, Supplier<CommandArgs<String, byte[]>> args) {
    if (!(connection instanceof StatefulRedisClusterConnection<String, byte[]> nodes)) {
      return list(type, args.get()).thenApply(List::of);
    }
    List<CompletableFuture<List<Object>>> replies =
        nodes.getPartitions().stream()
            .filter(node -> !node.is(NodeFlag.FAIL) && !node.is(NodeFlag.NOADDR))
            .map(node -> ofNode(nodes, node.getNodeId(), type, args.get()))
            .toList();
    return CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new))
        .thenApply(all -> replies.stream().map(CompletableFuture::join).toList());
  }

  /**
   * Looks through all keys, step by step, on every node of a cluster.
   *
   * @param pattern a glob as SCAN has it
   * @param wanted asked before each step: once nobody waits for the keys any more the scan ends,
   *     since it would go on for minutes beside the next one
   * @return each key that was there all the time, once; others may be there
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
                            args -> ofNode(nodes, id, CommandType.SCAN, args),
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
      return CompletableFuture.failedFuture(
          new CancellationException("nobody wants the keys any more"));
    }
    return node.apply(
            args().add(cursor).add("MATCH").add(pattern).add("COUNT").add(SCANNED_AT_ONCE))
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
      StatefulRedisClusterConnection<String, byte[]> nodes,
      String nodeId,
      ProtocolKeyword type,
      CommandArgs<String, byte[]> args) {
    return nodes
        .getConnectionAsync(nodeId)
        .thenCompose(
            node -> {
              AsyncCommand<String, byte[], List<Object>> command =
                  new AsyncCommand<>(new Command<>(type, new NestedMultiOutput<>(CODEC), args));
              node.dispatch(command);
              return command;
            });
  }

  /** Runs a script that answers with a list. */
  public CompletableFuture<List<Object>> eval(
      Script script, List<String> keys, Consumer<CommandArgs<String, byte[]>> arguments) {
    return eval(script, () -> new NestedMultiOutput<>(CODEC), keys, arguments);
  }

  /**
   * Runs a script by its SHA-1, and by its text where Redis does not know it yet (a new server, a
   * flushed cache, another node of a cluster). It then comes after calls that were made later: who
   * needs an order waits for answers. As {@link #send} it fails, rather than throws.
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
      // What is wrong with the arguments fails the call as what is wrong with the connection does:
      // whoever waits for an answer is told.
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
   * Ends a blocking read of this connection through another one, as if its block time were over.
   * Where the server does not let us, it ends by itself.
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
   * Asks the server how it calls this connection; to be done anew after each reconnect. In a
   * cluster nothing is asked: any node may answer, and its number would be a stranger's on the node
   * that blocks.
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

  /** Text of a reply. */
  public static String text(Object reply) {
    return switch (reply) {
      case byte[] bytes -> new String(bytes, StandardCharsets.UTF_8);
      case ByteBuffer buffer -> StandardCharsets.UTF_8.decode(buffer.duplicate()).toString();
      default -> reply.toString();
    };
  }

  /** Closes without waiting for calls on their way, which fail. */
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
