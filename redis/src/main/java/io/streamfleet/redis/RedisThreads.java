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
 * The threads that connections run on. Any number of connectors share them, so that who talks to
 * hundreds of servers needs no more threads than who talks to one.
 */
public final class RedisThreads implements AutoCloseable {

  /** Two seconds at the most: the client's own 30 s would outlast a failover by far. */
  private static final long RECONNECT_MAX_MILLIS = 2_000;

  /** Long enough for the loops to end; whoever closes has nothing more to wait for. */
  private static final long END_SECONDS = 2;

  private final ClientResources resources;

  private RedisThreads(ClientResources resources) {
    this.resources = resources;
  }

  /** Starts what every connector needs; to be closed after the connectors. */
  public static RedisThreads start() {
    return new RedisThreads(
        quiet()
            .ioThreadPoolSize(Math.max(2, Runtime.getRuntime().availableProcessors()))
            .computationThreadPoolSize(2)
            .build());
  }

  /**
   * What one connector needs of its own, on these threads: its events, and its patience.
   *
   * @param silence how long a connection may leave a request without an answer
   * @param largest bytes that one value of a reply may have
   * @param refusals hears why a server turns a client away
   */
  ClientResources forConnector(Duration silence, long largest, Consumer<String> refusals) {
    return connector(silence, largest, refusals).build();
  }

  /**
   * The same, with host names that are looked up in another way.
   *
   * @param silence how long a connection may leave a request without an answer
   * @param largest bytes that one value of a reply may have
   * @param refusals hears why a server turns a client away
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
                // Behind TLS, in front of who reads the replies.
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

  /** Ends the threads without anybody waiting, within two seconds. */
  CompletableFuture<Void> closeAsync() {
    return ended(resources);
  }

  /** Completes when what belongs to these resources, and to no others, has ended. */
  static CompletableFuture<Void> ended(ClientResources resources) {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    resources.shutdown(0, END_SECONDS, TimeUnit.SECONDS).addListener(done -> ended.complete(null));
    return ended;
  }

  /** Ends the threads, within two seconds. */
  @Override
  public void close() {
    closeAsync().completeOnTimeout(null, END_SECONDS, TimeUnit.SECONDS).join();
  }
}
