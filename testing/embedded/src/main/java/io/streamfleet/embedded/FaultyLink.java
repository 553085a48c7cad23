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
 * #port()} instead of the server's. It passes bytes on and knows no protocol, so TLS goes through
 * (a certificate is checked against the host, not the port). Safe for several threads.
 */
public final class FaultyLink implements AutoCloseable {

  private final ServerSocket entrance;
  private volatile InetSocketAddress server;
  private final Traffic traffic = new Traffic();
  private final Set<LinkConnection> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private final Thread doorman = Thread.ofVirtual().name("link").unstarted(this::acceptAll);
  private volatile boolean cut;

  private FaultyLink(ServerSocket entrance, InetSocketAddress server) {
    this.entrance = entrance;
    this.server = server;
  }

  /** A sound link to the plain port of this server. */
  public static FaultyLink to(RedisServer redis) {
    return to(redis.port());
  }

  /** A sound link to a port of the loopback interface. */
  public static FaultyLink to(int port) {
    try {
      InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
      ServerSocket entrance = new ServerSocket();
      int entrancePort = FreePorts.one(RandomGenerator.getDefault());
      entrance.bind(new InetSocketAddress(loopback, entrancePort));
      FaultyLink link = new FaultyLink(entrance, new InetSocketAddress(loopback, port));
      link.doorman.start();
      return link;
    } catch (IOException e) {
      throw new ServerFailure("cannot open a link to port " + port + ": " + e.getMessage(), e);
    }
  }

  /** Where the client connects to. */
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
   * Closes every connection and, until {@link #restore()}, every new one as soon as it comes. What
   * was on its way is lost: after {@link #stallReplies()} the server has done what the client will
   * never hear of.
   */
  public void cut() {
    cut = true;
    open.forEach(LinkConnection::close);
  }

  /**
   * Connections stay up and take bytes; none are delivered, either way, until {@link #restore()}.
   */
  public void stall() {
    traffic.stall(true, true);
  }

  /** The server gets what the client sends; its replies are not delivered until restored or cut. */
  public void stallReplies() {
    traffic.stall(false, true);
  }

  /** Every byte arrives so much later, in each direction; zero is the beginning's. */
  public void delay(Duration delay) {
    traffic.delay(delay);
  }

  /** Ends {@link #cut()} and the stalls: what was held back is delivered. A delay stays. */
  public void restore() {
    cut = false;
    traffic.stall(false, false);
  }

  /**
   * New connections go to this server, as when a host name changes its meaning; those that are up
   * stay where they are.
   */
  public void lead(RedisServer elsewhere) {
    server = new InetSocketAddress(server.getAddress(), elsewhere.port());
  }

  /** How many connections there are right now. */
  public int openConnections() {
    return open.size();
  }

  /** How many connections have ever come in, with those that were closed at once during a cut. */
  public int acceptedConnections() {
    return accepted.get();
  }

  /** Closes every connection and the port. */
  @Override
  public void close() {
    cut();
    try {
      entrance.close();
      // The port is given back by the thread that listens on it, not by close().
      doorman.join();
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
        // Closed, or a client that was gone before it was accepted: the loop's condition tells.
      }
    }
  }

  private void join(Socket client) {
    LinkConnection connection = new LinkConnection(client, traffic);
    open.add(connection);
    try {
      // Looked at after it was added: a cut that came in between has not seen this connection.
      if (!cut) {
        connection.carry(server);
      }
    } finally {
      connection.close();
      open.remove(connection);
    }
  }
}
