package io.streamfleet.worker.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of all HTTP connections of a worker. They are not those of the Redis connections, so
 * that a burst of answers does not delay the renewal of locks.
 */
public final class HttpLoops {

  /**
   * One loop handles some ten thousand calls a second, more than the rest of a worker does on one
   * core. With more than four the loops of the pipelines are the bottleneck.
   */
  private static final int MOST = 4;

  /** The limit of a shutdown: closing connections takes less. */
  private static final long END_SECONDS = 2;

  private final EventLoopGroup group;
  private final List<EventLoop> loops = new ArrayList<>();
  private final boolean isNative;
  private final AtomicInteger users = new AtomicInteger();

  public HttpLoops() {
    this(Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, MOST));
  }

  /**
   * @param threads the number of loops
   */
  public HttpLoops(int threads) {
    isNative = Epoll.isAvailable();
    IoHandlerFactory io = isNative ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    // Daemon threads: a worker that exits does not wait for answers.
    group = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("http", true), io);
    for (int i = 0; i < threads; i++) {
      loops.add(group.next());
    }
  }

  List<EventLoop> loops() {
    return loops;
  }

  /** A bootstrap for connections to such a server; its loop must still be set. */
  Bootstrap bootstrap(ServerAddress server) {
    return new Bootstrap().channel(channel(server));
  }

  private Class<? extends Channel> channel(ServerAddress server) {
    return switch (server) {
      case ServerAddress.Port _ -> isNative ? EpollSocketChannel.class : NioSocketChannel.class;
      case ServerAddress.UnixSocket _ ->
          isNative ? EpollDomainSocketChannel.class : NioDomainSocketChannel.class;
    };
  }

  SocketAddress address(ServerAddress.UnixSocket socket) {
    return isNative
        ? new DomainSocketAddress(socket.path().toString())
        : UnixDomainSocketAddress.of(socket.path());
  }

  /** Registers a user. */
  void taken() {
    users.incrementAndGet();
  }

  /** Unregisters a user; the loops stop with the last one. */
  void released() {
    if (users.decrementAndGet() == 0) {
      group.shutdownGracefully(0, END_SECONDS, TimeUnit.SECONDS);
    }
  }
}
