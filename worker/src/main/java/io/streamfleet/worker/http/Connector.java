package io.streamfleet.worker.http;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** Connects to one server. Belongs to an event loop; host names are resolved on other threads. */
final class Connector {

  /**
   * The limit of connecting, within the time-out of the exchange. TCP sends lost packets again
   * after 1, 3 and 7 seconds: a server that has not answered by then is unavailable, and a long
   * time-out of the handler must not delay a channel for it.
   */
  private static final long LONGEST_CONNECT_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Bytes of an answer without a body and with few headers. */
  private static final int SHORTEST_READ = 256;

  /** The first buffer in bytes: an answer without a body has some hundred. */
  private static final int FIRST_READ = 1024;

  /** The largest buffer in bytes; each connection may have one in memory. */
  private static final int LONGEST_READ = 16 * 1024;

  /** The longest head of an answer in bytes: enough for the cookies and traces of gateways. */
  private static final int LONGEST_HEAD = 64 * 1024;

  private final HttpLoops loops;
  private final EventLoop loop;
  private final ServerAddress server;
  private final Connection.Owner owner;
  private final HttpDecoderConfig decoding =
      new HttpDecoderConfig()
          .setMaxInitialLineLength(LONGEST_HEAD)
          .setMaxHeaderSize(LONGEST_HEAD)
          .setMaxChunkSize(LONGEST_READ);

  /** The attempts that wait for the current lookup of the host name; null if there is none. */
  private @Nullable List<Attempt> lookup;

  Connector(HttpLoops loops, EventLoop loop, ServerAddress server, Connection.Owner owner) {
    this.loops = loops;
    this.loop = loop;
    this.server = server;
    this.owner = owner;
  }

  /** Connects, and sends the request unless the exchange is over by then. */
  void connect(Exchange exchange) {
    Attempt attempt = new Attempt(exchange);
    attempt.limit();
    switch (server) {
      case ServerAddress.UnixSocket socket -> attempt.to(List.of(loops.address(socket)));
      case ServerAddress.Port port -> lookUp(port, attempt);
    }
  }

  /** Runs one lookup at a time: attempts that start meanwhile use its result. */
  private void lookUp(ServerAddress.Port port, Attempt attempt) {
    List<Attempt> waiting = lookup;
    if (waiting != null) {
      waiting.add(attempt);
      return;
    }
    List<Attempt> all = new ArrayList<>(List.of(attempt));
    lookup = all;
    // The resolver of the operating system blocks.
    Thread.ofVirtual()
        .name("http-lookup")
        .start(
            () -> {
              try {
                List<SocketAddress> found =
                    Stream.of(InetAddress.getAllByName(port.host()))
                        .<SocketAddress>map(it -> new InetSocketAddress(it, port.port()))
                        .toList();
                loop.execute(() -> lookedUp(all, attempts -> attempts.to(found)));
              } catch (UnknownHostException | RuntimeException | Error e) {
                loop.execute(() -> lookedUp(all, attempts -> attempts.fail(e)));
              }
            });
  }

  private void lookedUp(List<Attempt> all, Consumer<Attempt> answer) {
    lookup = null;
    all.forEach(answer);
  }

  /** An attempt to connect for an exchange. */
  private final class Attempt {

    private final Exchange exchange;
    private List<SocketAddress> left = List.of();
    private @Nullable ChannelFuture connecting;
    private boolean isTooLate;
    private @Nullable Future<?> limit;

    Attempt(Exchange exchange) {
      this.exchange = exchange;
    }

    void limit() {
      long longest = Math.min(LONGEST_CONNECT_NANOS, exchange.timeLeft(System.nanoTime()));
      limit = loop.schedule(this::tooLate, longest, TimeUnit.NANOSECONDS);
    }

    private void tooLate() {
      ChannelFuture now = connecting;
      isTooLate = true;
      left = List.of();
      exchange.fail(new Exchange.TimedOut(), Progress.CONNECTING);
      if (now != null) {
        now.channel().close();
      }
    }

    void to(List<SocketAddress> addresses) {
      if (exchange.isOver()) {
        unlimited();
        return;
      }
      left = addresses.subList(1, addresses.size());
      Connection connection = new Connection(owner);
      ChannelFuture attempt;
      try {
        attempt =
            loops
                .bootstrap(server)
                .group(loop)
                // The limit of this attempt replaces Netty's.
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                .handler(initializer(connection))
                .connect(addresses.getFirst());
      } catch (RuntimeException e) {
        fail(e);
        return;
      }
      connecting = attempt;
      attempt.addListener(done -> ended(attempt, connection));
    }

    private void ended(ChannelFuture attempt, Connection connection) {
      if (isTooLate) {
        attempt.channel().close();
      } else if (attempt.isSuccess()) {
        unlimited();
        owner.opened(connection);
        if (exchange.isOver()) {
          owner.keep(connection);
        } else {
          connection.send(exchange);
        }
      } else if (left.isEmpty()) {
        fail(attempt.cause());
      } else {
        // Of several addresses of a name, such as localhost, one may refuse the connection.
        to(left);
      }
    }

    private void unlimited() {
      Future<?> timer = limit;
      if (timer != null) {
        timer.cancel(false);
      }
    }

    void fail(Throwable cause) {
      unlimited();
      exchange.fail(cause, Progress.CONNECTING);
    }
  }

  private ChannelInitializer<Channel> initializer(Connection connection) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) throws Exception {
        if (server instanceof ServerAddress.Port port) {
          channel.config().setOption(ChannelOption.TCP_NODELAY, true);
          if (port.tls()) {
            channel.pipeline().addLast(tls(port));
          }
        }
        channel
            .config()
            .setRecvByteBufAllocator(
                new AdaptiveRecvByteBufAllocator(SHORTEST_READ, FIRST_READ, LONGEST_READ));
        channel.pipeline().addLast(new HttpResponseDecoder(decoding), connection);
      }
    };
  }

  /** Uses the trust store of the JVM, and verifies the host name. */
  private static SslHandler tls(ServerAddress.Port port) throws NoSuchAlgorithmException {
    SSLEngine engine = SSLContext.getDefault().createSSLEngine(port.host(), port.port());
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    // The computations of a handshake take a millisecond and must not delay other connections.
    SslHandler handler = new SslHandler(engine, false, Thread::startVirtualThread);
    // The time-out of the exchange covers the handshake.
    handler.setHandshakeTimeoutMillis(0);
    return handler;
  }
}
