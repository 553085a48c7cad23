package io.streamfleet.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.event.connection.ConnectionActivatedEvent;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DnsResolver;
import io.lettuce.core.resource.EpollProvider;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Opens connections: one for each read loop, one for everything else, one for notices. */
public final class RedisConnector implements AutoCloseable {

  /** A dead server is noticed within 20 s, well below any sensible lock time. */
  private static final Duration DEAD_PEER_TIMEOUT = Duration.ofSeconds(20);

  /**
   * With more waiting commands a call fails at once; an unbounded queue would fill the heap in an
   * outage.
   */
  private static final int REQUEST_QUEUE = 50_000;

  /** A value larger than this fraction of the heap is not read. */
  private static final int HEAP_FRACTION = 8;

  /** How long commands in flight may take to end when a connector is closed. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final ClientResources resources;
  private final Function<DisconnectedBehavior, AbstractRedisClient> clients;
  private final AbstractRedisClient client;

  /** Of connections that send nothing again; null until there is one. */
  private @Nullable AbstractRedisClient once;

  private final RedisURI uri;
  private final boolean cluster;
  private final Obstacle obstacle;
  private final Optional<RedisThreads> owned;

  private RedisConnector(
      ClientResources resources,
      Function<DisconnectedBehavior, AbstractRedisClient> clients,
      RedisURI uri,
      boolean cluster,
      Obstacle obstacle,
      Optional<RedisThreads> owned) {
    this.resources = resources;
    this.clients = clients;
    // Sends unanswered commands again.
    this.client = clients.apply(DisconnectedBehavior.DEFAULT);
    this.uri = uri;
    this.cluster = cluster;
    this.obstacle = obstacle;
    this.owned = owned;
  }

  /**
   * Prepares to connect, on its own threads; nothing is sent yet.
   *
   * @param longestBlock the longest block time of a read
   * @throws UnreadableUrl when the URL is invalid
   */
  public static RedisConnector to(RedisSettings settings, Duration longestBlock) {
    return to(settings, longestBlock, Runtime.getRuntime().maxMemory() / HEAP_FRACTION);
  }

  /**
   * The same with another limit for replies.
   *
   * @param largest limit of one value in bytes; null takes the place of a larger one
   */
  public static RedisConnector to(RedisSettings settings, Duration longestBlock, long largest) {
    // Before threads are started, which nobody would stop.
    RedisUrl.check(settings.url(), settings.cluster());
    RedisThreads threads = RedisThreads.start();
    Obstacle obstacle = new Obstacle(settings.credentials(), System::nanoTime);
    return over(
        threads.forConnector(silence(settings, longestBlock), largest, obstacle::refused),
        obstacle,
        Optional.of(threads),
        settings,
        longestBlock);
  }

  /**
   * Prepares to connect, on shared threads that outlive this connector; nothing is sent yet.
   *
   * @param longestBlock the longest block time of a read
   * @param hosts resolves host names; certificates are checked against the name itself
   * @throws UnreadableUrl when the URL is invalid
   */
  public static RedisConnector sharing(
      RedisThreads threads, RedisSettings settings, Duration longestBlock, DnsResolver hosts) {
    RedisUrl.check(settings.url(), settings.cluster());
    Obstacle obstacle = new Obstacle(settings.credentials(), System::nanoTime);
    return over(
        threads.forConnector(
            silence(settings, longestBlock),
            Runtime.getRuntime().maxMemory() / HEAP_FRACTION,
            obstacle::refused,
            hosts),
        obstacle,
        Optional.empty(),
        settings,
        longestBlock);
  }

  /** Two consecutive command time-outs, in addition to the longest blocking read. */
  private static Duration silence(RedisSettings settings, Duration longestBlock) {
    return settings.commandTimeout().multipliedBy(2).plus(longestBlock);
  }

  private static RedisConnector over(
      ClientResources resources,
      Obstacle obstacle,
      Optional<RedisThreads> owned,
      RedisSettings settings,
      Duration longestBlock) {
    resources.eventBus().get().subscribe(obstacle::onEvent);
    RedisURI uri = uri(settings, obstacle);
    return new RedisConnector(
        resources,
        behavior ->
            settings.cluster()
                ? clustered(resources, uri, options(settings, obstacle, longestBlock, behavior))
                : single(resources, uri, options(settings, obstacle, longestBlock, behavior)),
        uri,
        settings.cluster(),
        obstacle,
        owned);
  }

  private static AbstractRedisClient clustered(
      ClientResources resources, RedisURI uri, ClientOptions options) {
    RedisClusterClient client = RedisClusterClient.create(resources, uri);
    client.setOptions(
        ClusterClientOptions.builder(options)
            .topologyRefreshOptions(
                ClusterTopologyRefreshOptions.builder()
                    .enablePeriodicRefresh(Duration.ofSeconds(30))
                    .adaptiveRefreshTriggersTimeout(Duration.ofSeconds(2))
                    .build())
            .build());
    return client;
  }

  private static AbstractRedisClient single(
      ClientResources resources, RedisURI uri, ClientOptions options) {
    RedisClient client = new AsyncClient(resources, uri);
    client.setOptions(options);
    return client;
  }

  private static ClientOptions options(
      RedisSettings settings,
      Supplier<Credentials> credentials,
      Duration longestBlock,
      DisconnectedBehavior behavior) {
    return ClientOptions.builder()
        .disconnectedBehavior(behavior)
        .socketOptions(socket())
        .sslOptions(Handshake.tls(credentials))
        .requestQueueSize(REQUEST_QUEUE)
        .protocolVersion(settings.resp2() ? ProtocolVersion.RESP2 : ProtocolVersion.RESP3)
        .timeoutOptions(
            TimeoutOptions.builder()
                .timeoutSource(
                    new TimeoutOptions.TimeoutSource() {
                      @Override
                      public long getTimeout(RedisCommand<?, ?, ?> command) {
                        long millis = settings.commandTimeout().toMillis();
                        return command.getType() == CommandType.XREADGROUP
                            ? millis + longestBlock.toMillis()
                            : millis;
                      }

                      @Override
                      public TimeUnit getTimeUnit() {
                        return TimeUnit.MILLISECONDS;
                      }
                    })
                .build())
        .build();
  }

  private static SocketOptions socket() {
    Duration quarter = DEAD_PEER_TIMEOUT.dividedBy(4);
    SocketOptions.Builder socket =
        SocketOptions.builder()
            .connectTimeout(Duration.ofSeconds(5))
            .keepAlive(
                SocketOptions.KeepAliveOptions.builder()
                    .enable(true)
                    .idle(quarter)
                    .interval(quarter)
                    .count(3)
                    .build());
    if (EpollProvider.isAvailable()) {
      // TCP keep-alive is not sent while data is unacknowledged; this timeout covers that time.
      socket.tcpUserTimeout(
          SocketOptions.TcpUserTimeoutOptions.builder()
              .enable(true)
              .tcpUserTimeout(DEAD_PEER_TIMEOUT)
              .build());
    }
    return socket.build();
  }

  private static RedisURI uri(RedisSettings settings, Supplier<Credentials> source) {
    RedisURI uri = RedisUrl.read(settings.url(), settings.cluster());
    uri.setTimeout(settings.commandTimeout());
    // Redis refuses a name with any other character, in RESP3 together with the whole connection.
    uri.setClientName(settings.clientName().replaceAll("[^!-~]", "-"));
    if (!settings.verifyHostname()) {
      uri.setVerifyPeer(SslVerifyMode.CA);
    }
    uri.setCredentialsProvider(
        Handshake.login(() -> source.get().login(), uri.getCredentialsProvider()));
    for (RedisURI sentinel : uri.getSentinels()) {
      sentinel.setTimeout(settings.commandTimeout());
      sentinel.setCredentialsProvider(
          Handshake.login(() -> source.get().sentinelLogin(), sentinel.getCredentialsProvider()));
    }
    return uri;
  }

  /**
   * Connects.
   *
   * @throws RedisConnectionException when Redis can't be reached or refuses the credentials
   */
  public Link connect() {
    return new Link(open(client), cluster, database());
  }

  /**
   * Connects like {@link #connect}, for commands that must not run twice: one fails when the
   * connection breaks before its reply, and may have run then, or while it is broken.
   */
  public Link connectOnce() {
    AbstractRedisClient sender;
    synchronized (this) {
      AbstractRedisClient known = once;
      sender = known == null ? clients.apply(DisconnectedBehavior.REJECT_COMMANDS) : known;
      once = sender;
    }
    StatefulConnection<String, byte[]> connection = open(sender);
    if (connection instanceof StatefulRedisClusterConnection<String, byte[]> clustered) {
      // To connect to a node takes a while, in which commands would be refused.
      connectNow(() -> toEveryMaster(clustered));
    }
    return new Link(connection, cluster, database());
  }

  private static List<StatefulRedisConnection<String, byte[]>> toEveryMaster(
      StatefulRedisClusterConnection<String, byte[]> connection) {
    return connection.getPartitions().stream()
        .filter(node -> node.is(NodeFlag.UPSTREAM))
        .map(RedisClusterNode::getUri)
        .map(uri -> connection.getConnectionAsync(uri.getHost(), uri.getPort()))
        .toList()
        .stream()
        .map(CompletableFuture::join)
        .toList();
  }

  /**
   * Connects without blocking. The result arrives on a client thread, which must not block.
   *
   * @param limit time-out for connecting; a connection that is opened later is closed. The
   *     connection's commands have the time-out of the settings
   * @return fails as {@link #connect} does, or with {@link TimeoutException}; this call itself
   *     throws nothing
   */
  public CompletableFuture<Link> connectAsync(Duration limit) {
    CompletableFuture<Link> linked = new CompletableFuture<>();
    opening()
        .whenComplete(
            (connection, failure) -> {
              if (failure != null) {
                linked.completeExceptionally(obstacle.explain(Failures.cause(failure)));
              } else if (!linked.complete(new Link(connection, cluster, database()))) {
                connection.closeAsync();
              }
            });
    return linked.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** If credentials fail during the TLS handshake, the client reports only a closed connection. */
  private void requireCredentials() {
    obstacle.begin();
    try {
      obstacle.get();
    } catch (RuntimeException e) {
      throw new RedisConnectionException(Failures.line(e), e);
    }
  }

  private CompletionStage<? extends StatefulConnection<String, byte[]>> opening() {
    try {
      requireCredentials();
      return switch (client) {
        // The nodes of a Cluster must be known first.
        case RedisClusterClient clustered ->
            clustered
                .refreshPartitionsAsync()
                .thenCompose(known -> clustered.connectAsync(Link.CODEC));
        case RedisClient single -> single.connectAsync(Link.CODEC, uri);
        default -> throw new IllegalStateException("unknown client " + client);
      };
    } catch (RuntimeException e) {
      // The client throws what it detects before it connects, such as an unreadable credential.
      return CompletableFuture.failedFuture(e);
    }
  }

  /** A Cluster has only database 0. */
  private int database() {
    return cluster ? 0 : uri.getDatabase();
  }

  private StatefulConnection<String, byte[]> open(AbstractRedisClient by) {
    return connectNow(
        () ->
            switch (by) {
              case RedisClusterClient clustered -> clustered.connect(Link.CODEC);
              case RedisClient single -> single.connect(Link.CODEC);
              default -> throw new IllegalStateException("unknown client " + client);
            });
  }

  /** Connects while the caller waits. */
  private <T> T connectNow(Supplier<T> connecting) {
    requireCredentials();
    try {
      return connecting.get();
    } catch (RuntimeException e) {
      throw obstacle.explain(e);
    }
  }

  /** Connects for notices. After a reconnect the client subscribes again by itself. */
  public Subscription subscribe(
      List<String> channels, RedisPubSubListener<String, String> listener) {
    StatefulRedisPubSubConnection<String, String> connection =
        connectNow(
            () ->
                switch (client) {
                  case RedisClusterClient clustered -> clustered.connectPubSub(StringCodec.UTF8);
                  case RedisClient single -> single.connectPubSub(StringCodec.UTF8);
                  default -> throw new IllegalStateException("unknown client " + client);
                });
    connection.addListener(listener);
    var subscribed = connection.async().subscribe(channels.toArray(String[]::new));
    return new Subscription(connection, subscribed.toCompletableFuture());
  }

  /**
   * Registers a callback, on a client thread, for each time a connection is established or
   * restored.
   */
  public void onConnected(Runnable callback) {
    resources
        .eventBus()
        .get()
        .filter(ConnectionActivatedEvent.class::isInstance)
        .subscribe(event -> callback.run());
  }

  /**
   * Closes all connections without blocking and, within two seconds, its own threads. Afterwards it
   * can't be used any more.
   */
  public CompletableFuture<Void> closeAsync() {
    AbstractRedisClient second;
    synchronized (this) {
      second = once;
    }
    CompletableFuture<Void> closed =
        second == null ? CompletableFuture.completedFuture(null) : shutDown(second);
    return CompletableFuture.allOf(closed, shutDown(client))
        // It would never complete on threads that were stopped before.
        .orTimeout(2 * CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .handle((done, failure) -> RedisThreads.ended(resources))
        .thenCompose(ended -> ended)
        .thenCompose(
            ended ->
                owned
                    .map(RedisThreads::closeAsync)
                    .orElseGet(() -> CompletableFuture.completedFuture(null)));
  }

  private static CompletableFuture<Void> shutDown(AbstractRedisClient client) {
    return client.shutdownAsync(0, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Closes all connections and its own threads, within two seconds each. */
  @Override
  public void close() {
    closeAsync()
        .completeOnTimeout(null, 2 * CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }
}
