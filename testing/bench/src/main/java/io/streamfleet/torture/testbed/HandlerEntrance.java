package io.streamfleet.torture.testbed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Where workers connect to the handler: always the same port, on which nobody may listen for a
 * while.
 */
final class HandlerEntrance implements AutoCloseable {

  private static final int BACKLOG = 1_000;

  /** Whoever else has been given the port meanwhile, for a connection of his own, is soon done. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  private final Consumer<Socket> clients;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final int port;
  private volatile ServerSocket listening;
  private volatile boolean closed;

  /**
   * Listens on a free port of the loopback interface.
   *
   * @param clients is given each connection, on a thread of its own
   */
  HandlerEntrance(Consumer<Socket> clients) throws IOException {
    this.clients = clients;
    this.listening = listen(0);
    this.port = listening.getLocalPort();
    accept(listening);
  }

  private static ServerSocket listen(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), BACKLOG);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private void accept(ServerSocket socket) {
    Thread.ofVirtual().name("handler").start(() -> acceptAll(socket));
  }

  private void acceptAll(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        open.add(client);
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        // Closed, or a client that was gone before it was accepted: the loop's condition tells.
      }
    }
  }

  private void serve(Socket client) {
    try {
      clients.accept(client);
    } finally {
      open.remove(client);
    }
  }

  int port() {
    return port;
  }

  /** Nobody listens any more, and whoever is connected is hung up on. */
  void shut() throws IOException {
    listening.close();
    for (Socket client : open) {
      client.close();
    }
  }

  /**
   * Somebody listens again.
   *
   * @throws IllegalStateException if the port is not to be had
   */
  void reopen() throws InterruptedException {
    long since = System.nanoTime();
    while (!closed) {
      try {
        ServerSocket again = listen(port);
        listening = again;
        accept(again);
        return;
      } catch (IOException e) {
        if (System.nanoTime() - since > PATIENCE.toNanos()) {
          throw new IllegalStateException("the handler's port " + port + " is taken", e);
        }
        TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
      }
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    shut();
  }
}
