package io.streamfleet.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
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
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.EpollProvider;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Opens connections: one for each read loop, one for everything else, one for notices. */
public final class RedisConnector implements AutoCloseable {

  /** A dead peer is noticed within 20 s, which is well below any sensible lock time. */
  private static final Duration DEAD_PEER = Duration.ofSeconds(20);

  /** Two seconds at the most: the client's own 30 s would outlast a failover by far. */
  private static final long RECONNECT_MAX_MILLIS = 2_000;

  /** Beyond this many waiting commands a call fails at once; unbounded, an outage eats the heap. */
  private static final int REQUEST_QUEUE = 50_000;

  private final ClientResources resources;
  private final AbstractRedisClient client;
  private final boolean cluster;

  private RedisConnector(ClientResources resources, AbstractRedisClient client, boolean cluster) {
    this.resources = resources;
    this.client = client;
    this.cluster = cluster;
  }

  /**
   * Prepares to connect; nothing is sent yet.
   *
   * @param longestBlock the longest time that a blocking read asks the server to wait
   */
  public static RedisConnector to(RedisSettings settings, Duration longestBlock) {
    // Two commands in a row that time out, beyond what a blocking read may take.
    Duration silence = settings.commandTimeout().multipliedBy(2).plus(longestBlock);
    ClientResources resources =
        DefaultClientResources.builder()
            .nettyCustomizer(
                new NettyCustomizer() {
                  @Override
                  public void afterChannelInitialized(Channel channel) {
                    channel.pipeline().addFirst(new SilenceWatch(silence, System::nanoTime));
                  }
                })
            .ioThreadPoolSize(Math.max(2, Runtime.getRuntime().availableProcessors()))
            .computationThreadPoolSize(2)
            .commandLatencyRecorder(io.lettuce.core.metrics.CommandLatencyRecorder.disabled())
            .commandLatencyPublisherOptions(
                io.lettuce.core.event.DefaultEventPublisherOptions.disabled())
            .reconnectDelay(
                () ->
                    Delay.fullJitter(
                        Duration.ofMillis(50),
                        Duration.ofMillis(RECONNECT_MAX_MILLIS),
                        100,
                        TimeUnit.MILLISECONDS))
            .build();
    RedisURI uri = uri(settings);
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
                      longestBlock)
                  .build());
      return new RedisConnector(resources, client, true);
    }
    RedisClient client = new AsyncClient(resources, uri);
    client.setOptions(options(ClientOptions.builder(), settings, longestBlock).build());
    return new RedisConnector(resources, client, false);
  }

  private static ClientOptions.Builder options(
      ClientOptions.Builder builder, RedisSettings settings, Duration longestBlock) {
    return builder
        .socketOptions(socket())
        .sslOptions(ssl(settings))
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

  /** Read again at each handshake: a rotated certificate needs no restart. */
  private static SslOptions ssl(RedisSettings settings) {
    SslOptions.Builder ssl = SslOptions.builder().jdkSslProvider();
    settings.certificateAuthority().ifPresent(file -> ssl.trustManager(file.toFile()));
    settings
        .clientCertificate()
        .ifPresent(
            folder ->
                ssl.keyManager(
                    folder.resolve("tls.crt").toFile(),
                    folder.resolve("tls.key").toFile(),
                    new char[0]));
    return ssl.build();
  }

  private static RedisURI uri(RedisSettings settings) {
    RedisURI uri = RedisURI.create(settings.url());
    uri.setTimeout(settings.commandTimeout());
    // Redis refuses a name with any other character, and in RESP3 the whole connection with it.
    uri.setClientName(settings.clientName().replaceAll("[^!-~]", "-"));
    if (!settings.verifyHostname()) {
      uri.setVerifyPeer(SslVerifyMode.CA);
    }
    settings.credentials().map(FileCredentials::new).ifPresent(uri::setCredentialsProvider);
    Optional<Path> sentinels = settings.sentinelCredentials();
    for (RedisURI sentinel : uri.getSentinels()) {
      sentinel.setTimeout(settings.commandTimeout());
      sentinels.map(FileCredentials::new).ifPresent(sentinel::setCredentialsProvider);
    }
    return uri;
  }

  /**
   * Connects.
   *
   * @throws io.lettuce.core.RedisConnectionException when Redis cannot be reached or lets us not in
   */
  public Link connect() {
    return new Link(open(), cluster);
  }

  private StatefulConnection<String, byte[]> open() {
    return switch (client) {
      case RedisClusterClient clustered -> clustered.connect(Link.CODEC);
      case RedisClient single -> single.connect(Link.CODEC);
      default -> throw new IllegalStateException("unknown client " + client);
    };
  }

  /** Connects for notices. The client subscribes again by itself after a reconnect. */
  public Subscription subscribe(List<String> channels, RedisPubSubListener<String, String> hearer) {
    StatefulRedisPubSubConnection<String, String> connection =
        switch (client) {
          case RedisClusterClient clustered -> clustered.connectPubSub(StringCodec.UTF8);
          case RedisClient single -> single.connectPubSub(StringCodec.UTF8);
          default -> throw new IllegalStateException("unknown client " + client);
        };
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

  /** Closes all connections and the client's threads, within two seconds. */
  @Override
  public void close() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }
}
