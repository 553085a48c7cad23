package io.streamfleet.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
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
import java.util.function.Supplier;

/** Opens connections: one for each read loop, one for everything else, one for notices. */
public final class RedisConnector implements AutoCloseable {

  /** A dead peer is noticed within 20 s, which is well below any sensible lock time. */
  private static final Duration DEAD_PEER = Duration.ofSeconds(20);

  /** Beyond this many waiting commands a call fails at once; unbounded, an outage eats the heap. */
  private static final int REQUEST_QUEUE = 50_000;

  /** No value is let in of which fewer than so many fit into the heap. */
  private static final int PART_OF_HEAP = 8;

  /** What is on its way when a connector is closed gets this long to end. */
  private static final Duration END = Duration.ofSeconds(2);

  private final ClientResources resources;
  private final AbstractRedisClient client;
  private final RedisURI uri;
  private final boolean cluster;
  private final Obstacle obstacle;
  private final Optional<RedisThreads> owned;

  private RedisConnector(
      ClientResources resources,
      AbstractRedisClient client,
      RedisURI uri,
      boolean cluster,
      Obstacle obstacle,
      Optional<RedisThreads> owned) {
    this.resources = resources;
    this.client = client;
    this.uri = uri;
    this.cluster = cluster;
    this.obstacle = obstacle;
    this.owned = owned;
  }

  /**
   * Prepares to connect, on threads of its own; nothing is sent yet.
   *
   * @param longestBlock the longest time that a blocking read asks the server to wait
   * @throws UnreadableUrl when the url cannot be read
   */
  public static RedisConnector to(RedisSettings settings, Duration longestBlock) {
    return to(settings, longestBlock, Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
  }

  /**
   * The same with another bound for what Redis answers.
   *
   * @param largest bytes that one value may have; in the place of a larger one comes null
   */
  public static RedisConnector to(RedisSettings settings, Duration longestBlock, long largest) {
    // Before threads are started that nobody would end.
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
   * Prepares to connect, on threads that others use too and that outlive this connector; nothing is
   * sent yet.
   *
   * @param longestBlock the longest time that a blocking read asks the server to wait
   * @param hosts how a host name becomes addresses; a certificate is checked for the name itself
   * @throws UnreadableUrl when the url cannot be read
   */
  public static RedisConnector sharing(
      RedisThreads threads, RedisSettings settings, Duration longestBlock, DnsResolver hosts) {
    RedisUrl.check(settings.url(), settings.cluster());
    Obstacle obstacle = new Obstacle(settings.credentials(), System::nanoTime);
    return over(
        threads.forConnector(
            silence(settings, longestBlock),
            Runtime.getRuntime().maxMemory() / PART_OF_HEAP,
            obstacle::refused,
            hosts),
        obstacle,
        Optional.empty(),
        settings,
        longestBlock);
  }

  /** Two commands in a row that time out, beyond what a blocking read may take. */
  private static Duration silence(RedisSettings settings, Duration longestBlock) {
    return settings.commandTimeout().multipliedBy(2).plus(longestBlock);
  }

  private static RedisConnector over(
      ClientResources resources,
      Obstacle obstacle,
      Optional<RedisThreads> owned,
      RedisSettings settings,
      Duration longestBlock) {
    resources.eventBus().get().subscribe(obstacle::happened);
    RedisURI uri = uri(settings, obstacle);
    if (settings.cluster()) {
      RedisClusterClient client = RedisClusterClient.create(resources, uri);
      client.setOptions(
          (ClusterClientOptions)
              options(
                      ClusterClientOptions.builder()
                          .topologyRefreshOptions(
                              ClusterTopologyRefreshOptions.builder()
                                  .enablePeriodicRefresh(Duration.ofSeconds(30))
                                  .adaptiveRefreshTriggersTimeout(Duration.ofSeconds(2))
                                  .build()),
                      settings,
                      obstacle,
                      longestBlock)
                  .build());
      return new RedisConnector(resources, client, uri, true, obstacle, owned);
    }
    RedisClient client = new AsyncClient(resources, uri);
    client.setOptions(options(ClientOptions.builder(), settings, obstacle, longestBlock).build());
    return new RedisConnector(resources, client, uri, false, obstacle, owned);
  }

  private static ClientOptions.Builder options(
      ClientOptions.Builder builder,
      RedisSettings settings,
      Supplier<Credentials> credentials,
      Duration longestBlock) {
    return builder
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
                .build());
  }

  private static SocketOptions socket() {
    Duration quarter = DEAD_PEER.dividedBy(4);
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
      // Keep-alive is silent while data waits to be acknowledged; this covers that time.
      socket.tcpUserTimeout(
          SocketOptions.TcpUserTimeoutOptions.builder()
              .enable(true)
              .tcpUserTimeout(DEAD_PEER)
              .build());
    }
    return socket.build();
  }

  private static RedisURI uri(RedisSettings settings, Supplier<Credentials> source) {
    RedisURI uri = RedisUrl.read(settings.url(), settings.cluster());
    uri.setTimeout(settings.commandTimeout());
    // Redis refuses a name with any other character, and in RESP3 the whole connection with it.
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
   * @throws RedisConnectionException when Redis cannot be reached or lets us not in
   */
  public Link connect() {
    return new Link(open(), cluster, database());
  }

  /**
   * Connects without anybody waiting. What comes of it arrives on a thread of the client, which
   * must not block.
   *
   * @param limit after this time it has failed, and a connection that still comes about is closed;
   *     the calls of a connection have the limit of the settings
   * @return fails as {@link #connect} does, and with {@link TimeoutException}; this call itself
   *     throws nothing
   */
  public CompletableFuture<Link> connectAsync(Duration limit) {
    CompletableFuture<Link> linked = new CompletableFuture<>();
    opening()
        .whenComplete(
            (connection, failure) -> {
              if (failure != null) {
                linked.completeExceptionally(obstacle.behind(Failures.cause(failure)));
              } else if (!linked.complete(new Link(connection, cluster, database()))) {
                connection.closeAsync();
              }
            });
    return linked.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** In the middle of TLS the client knows a failure of them as a closed connection only. */
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
        // A cluster's nodes must be known first.
        case RedisClusterClient clustered ->
            clustered
                .refreshPartitionsAsync()
                .thenCompose(known -> clustered.connectAsync(Link.CODEC));
        case RedisClient single -> single.connectAsync(Link.CODEC, uri);
        default -> throw new IllegalStateException("unknown client " + client);
      };
    } catch (RuntimeException e) {
      // The client throws what it finds wrong before it begins, such as a credential unread.
      return CompletableFuture.failedFuture(e);
    }
  }

  /** A cluster has one only. */
  private int database() {
    return cluster ? 0 : uri.getDatabase();
  }

  private StatefulConnection<String, byte[]> open() {
    return begun(
        () ->
            switch (client) {
              case RedisClusterClient clustered -> clustered.connect(Link.CODEC);
              case RedisClient single -> single.connect(Link.CODEC);
              default -> throw new IllegalStateException("unknown client " + client);
            });
  }

  /** A connection that somebody waits for. */
  private <T> T begun(Supplier<T> connecting) {
    requireCredentials();
    try {
      return connecting.get();
    } catch (RuntimeException e) {
      throw obstacle.behind(e);
    }
  }

  /** Connects for notices. The client subscribes again by itself after a reconnect. */
  public Subscription subscribe(List<String> channels, RedisPubSubListener<String, String> hearer) {
    StatefulRedisPubSubConnection<String, String> connection =
        begun(
            () ->
                switch (client) {
                  case RedisClusterClient clustered -> clustered.connectPubSub(StringCodec.UTF8);
                  case RedisClient single -> single.connectPubSub(StringCodec.UTF8);
                  default -> throw new IllegalStateException("unknown client " + client);
                });
    connection.addListener(hearer);
    var subscribed = connection.async().subscribe(channels.toArray(String[]::new));
    return new Subscription(connection, subscribed.toCompletableFuture());
  }

  /** Calls back, on a thread of the client, whenever a connection is up (again). */
  public void onConnected(Runnable callback) {
    resources
        .eventBus()
        .get()
        .filter(ConnectionActivatedEvent.class::isInstance)
        .subscribe(event -> callback.run());
  }

  /**
   * Closes all connections without anybody waiting; and, within two seconds, ends the threads if
   * they are its own. Then it is done with, and connects no more.
   */
  public CompletableFuture<Void> closeAsync() {
    return client
        .shutdownAsync(0, END.toMillis(), TimeUnit.MILLISECONDS)
        // On threads that were ended before it would never be done.
        .orTimeout(2 * END.toMillis(), TimeUnit.MILLISECONDS)
        .handle((closed, failure) -> RedisThreads.ended(resources))
        .thenCompose(ended -> ended)
        .thenCompose(
            ended ->
                owned
                    .map(RedisThreads::closeAsync)
                    .orElseGet(() -> CompletableFuture.completedFuture(null)));
  }

  /** Closes all connections, and the threads if they are its own, within two seconds each. */
  @Override
  public void close() {
    closeAsync().completeOnTimeout(null, 2 * END.toMillis(), TimeUnit.MILLISECONDS).join();
  }
}
