package io.streamfleet.redis;

import io.lettuce.core.event.DefaultEventPublisherOptions;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.DnsResolver;
import io.lettuce.core.resource.NettyCustomizer;
import io.lettuce.core.resource.SocketAddressResolver;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The threads of connections. Any number of connectors share them, so hundreds of servers need no
 * more threads than one.
 */
public final class RedisThreads implements AutoCloseable {

  /** Two seconds: the client's default of 30 s would outlast a failover by far. */
  private static final long RECONNECT_MAX_MILLIS = 2_000;

  /** Enough for the event loops to end. */
  private static final long CLOSE_SECONDS = 2;

  private final ClientResources resources;

  private RedisThreads(ClientResources resources) {
    this.resources = resources;
  }

  /** Starts the threads; to be closed after the connectors. */
  public static RedisThreads start() {
    return new RedisThreads(
        quiet()
            .ioThreadPoolSize(Math.max(2, Runtime.getRuntime().availableProcessors()))
            .computationThreadPoolSize(2)
            .build());
  }

  /**
   * The resources of one connector on these threads: its own events and handlers.
   *
   * @param silence how long a server may leave a request unanswered
   * @param largest limit of one value in bytes
   * @param refusals is told why a server refuses a client
   */
  ClientResources forConnector(Duration silence, long largest, Consumer<String> refusals) {
    return connector(silence, largest, refusals).build();
  }

  /**
   * The same with its own resolver for host names.
   *
   * @param silence how long a server may leave a request unanswered
   * @param largest limit of one value in bytes
   * @param refusals is told why a server refuses a client
   */
  ClientResources forConnector(
      Duration silence, long largest, Consumer<String> refusals, DnsResolver hosts) {
    return connector(silence, largest, refusals)
        .socketAddressResolver(SocketAddressResolver.create(hosts))
        .build();
  }

  private DefaultClientResources.Builder connector(
      Duration silence, long largest, Consumer<String> refusals) {
    return quiet()
        .eventLoopGroupProvider(resources.eventLoopGroupProvider())
        .eventExecutorGroup(resources.eventExecutorGroup())
        .timer(resources.timer())
        .nettyCustomizer(
            new NettyCustomizer() {
              @Override
              public void afterChannelInitialized(Channel channel) {
                ChannelPipeline pipeline = channel.pipeline();
                pipeline.addFirst(
                    new SilenceWatch(silence, System::nanoTime), new RefusalOnConnect(refusals));
                // After TLS, before the reply decoder.
                pipeline.addBefore(
                    pipeline.context(CommandHandler.class).name(),
                    null,
                    new BoundedValues(largest));
              }
            });
  }

  private static DefaultClientResources.Builder quiet() {
    return DefaultClientResources.builder()
        .commandLatencyRecorder(CommandLatencyRecorder.disabled())
        .commandLatencyPublisherOptions(DefaultEventPublisherOptions.disabled())
        .reconnectDelay(
            () ->
                Delay.fullJitter(
                    Duration.ofMillis(50),
                    Duration.ofMillis(RECONNECT_MAX_MILLIS),
                    100,
                    TimeUnit.MILLISECONDS));
  }

  /** Stops the threads without blocking, within two seconds. */
  CompletableFuture<Void> closeAsync() {
    return ended(resources);
  }

  /** Completes when what belongs only to these resources has ended. */
  static CompletableFuture<Void> ended(ClientResources resources) {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    resources
        .shutdown(0, CLOSE_SECONDS, TimeUnit.SECONDS)
        .addListener(done -> ended.complete(null));
    return ended;
  }

  /** Stops the threads, within two seconds. */
  @Override
  public void close() {
    closeAsync().completeOnTimeout(null, CLOSE_SECONDS, TimeUnit.SECONDS).join();
  }
}
