package io.streamfleet.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * A network between a client and a server that fails on demand: the client connects to {@link
 * #port()} instead of the server's. It forwards bytes and knows no protocol, so TLS works
 * (certificates are checked against the host, not the port). Thread-safe.
 */
public final class FaultyLink implements AutoCloseable {

  private final ServerSocket entrance;
  private volatile InetSocketAddress server;
  private final Traffic traffic = new Traffic();
  private final Set<LinkConnection> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private final Thread acceptor = Thread.ofVirtual().name("link").unstarted(this::acceptAll);
  private volatile boolean cut;

  private FaultyLink(ServerSocket entrance, InetSocketAddress server) {
    this.entrance = entrance;
    this.server = server;
  }

  /** A working link to the plain port of this server. */
  public static FaultyLink to(RedisServer redis) {
    return to(redis.port());
  }

  /** A working link to a port on loopback. */
  public static FaultyLink to(int port) {
    try {
      InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
      ServerSocket entrance = new ServerSocket();
      int entrancePort = FreePorts.one(RandomGenerator.getDefault());
      entrance.bind(new InetSocketAddress(loopback, entrancePort));
      FaultyLink link = new FaultyLink(entrance, new InetSocketAddress(loopback, port));
      link.acceptor.start();
      return link;
    } catch (IOException e) {
      throw new ServerFailure("cannot open a link to port " + port + ": " + e.getMessage(), e);
    }
  }

  /** The port for the client. */
  public int port() {
    return entrance.getLocalPort();
  }

  /** Such as {@code redis://127.0.0.1:12345/0}, with this link's port. */
  public String url() {
    return "redis://127.0.0.1:" + port() + "/0";
  }

  /** The same for a link to a TLS port. */
  public String tlsUrl() {
    return "rediss://127.0.0.1:" + port() + "/0";
  }

  /**
   * Closes every connection and, until {@link #restore()}, every new one at once. Data in transit
   * is lost: after {@link #stallReplies()} the server has executed commands whose replies the
   * client never gets.
   */
  public void cut() {
    cut = true;
    open.forEach(LinkConnection::close);
  }

  /**
   * Connections stay open and accept bytes; nothing is delivered in either direction until {@link
   * #restore()}.
   */
  public void stall() {
    traffic.stall(true, true);
  }

  /**
   * The server receives requests; its replies are not delivered until {@link #restore()} or {@link
   * #cut()}.
   */
  public void stallReplies() {
    traffic.stall(false, true);
  }

  /** Delays every byte in each direction; zero at the start. */
  public void delay(Duration delay) {
    traffic.delay(delay);
  }

  /** Ends {@link #cut()} and the stalls: held-back data is delivered. A delay stays. */
  public void restore() {
    cut = false;
    traffic.stall(false, false);
  }

  /** New connections go to this server, as when a host name changes; open ones stay. */
  public void lead(RedisServer elsewhere) {
    server = new InetSocketAddress(server.getAddress(), elsewhere.port());
  }

  /** How many connections are open. */
  public int openConnections() {
    return open.size();
  }

  /**
   * How many connections were accepted so far, including those that were closed at once during a
   * cut.
   */
  public int acceptedConnections() {
    return accepted.get();
  }

  /** Closes every connection and the port. */
  @Override
  public void close() {
    cut();
    try {
      entrance.close();
      // The port is released by the accepting thread, not by close().
      acceptor.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new ServerFailure("cannot close the link at port " + port(), e);
    }
  }

  private void acceptAll() {
    while (!entrance.isClosed()) {
      try {
        Socket client = entrance.accept();
        accepted.incrementAndGet();
        if (cut) {
          client.close();
        } else {
          Thread.ofVirtual().start(() -> join(client));
        }
      } catch (IOException e) {
        // Closed, or the client was gone before it was accepted: the loop's condition decides.
      }
    }
  }

  private void join(Socket client) {
    LinkConnection connection = new LinkConnection(client, traffic);
    open.add(connection);
    try {
      // Checked after it was added: a cut in between did not see this connection.
      if (!cut) {
        connection.carry(server);
      }
    } finally {
      connection.close();
      open.remove(connection);
    }
  }
}
