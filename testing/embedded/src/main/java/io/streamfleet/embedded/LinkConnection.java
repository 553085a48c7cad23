package io.streamfleet.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One connection through a {@link FaultyLink}. Each direction has two virtual threads: one reads
 * bytes and notes their time, one delivers them when they may pass. So a delay does not reduce the
 * throughput, and a stalled link still accepts bytes.
 */
final class LinkConnection implements AutoCloseable {

  /** As much as a client usually writes at once. */
  private static final int PIECE = 16 * 1024;

  /**
   * Up to 16 MiB in each direction: a stalled link should be noticed by its silence, not by a full
   * buffer.
   */
  private static final int PIECES = 1024;

  /** On loopback a connection is opened at once or not at all. */
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** Bytes in transit; an empty array is the end of the stream. */
  private static final class Piece {
    private final byte[] bytes;
    private final long arrivedNanos = System.nanoTime();

    Piece(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  private final Socket client;
  private final Socket server = new Socket();
  private final Traffic traffic;
  private final List<Thread> carriers = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  LinkConnection(Socket client, Traffic traffic) {
    this.client = client;
    this.traffic = traffic;
  }

  /** Connects to the server, and returns when the connection has ended or failed. */
  void carry(InetSocketAddress address) {
    try (this) {
      server.connect(address, Math.toIntExact(CONNECT_TIMEOUT.toMillis()));
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      carry(Traffic.Way.TO_SERVER, client.getInputStream(), server.getOutputStream());
      carry(Traffic.Way.TO_CLIENT, server.getInputStream(), client.getOutputStream());
      closed.await();
    } catch (IOException e) {
      // The server is not there: the client sees its connection closed at once.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void carry(Traffic.Way way, InputStream in, OutputStream out) {
    BlockingQueue<Piece> inTransit = new LinkedBlockingQueue<>(PIECES);
    carriers.add(Thread.ofVirtual().start(() -> untilInterrupted(() -> take(in, inTransit))));
    carriers.add(
        Thread.ofVirtual().start(() -> untilInterrupted(() -> deliver(way, inTransit, out))));
  }

  private void take(InputStream in, BlockingQueue<Piece> inTransit) throws InterruptedException {
    byte[] bytes = new byte[PIECE];
    int count;
    do {
      count = read(in, bytes);
      inTransit.put(new Piece(Arrays.copyOf(bytes, count)));
    } while (count > 0);
  }

  /** A reset is an end, too. */
  private static int read(InputStream in, byte[] bytes) {
    try {
      return Math.max(0, in.read(bytes));
    } catch (IOException e) {
      return 0;
    }
  }

  private void deliver(Traffic.Way way, BlockingQueue<Piece> inTransit, OutputStream out)
      throws InterruptedException {
    try (this) {
      while (true) {
        Piece piece = inTransit.take();
        traffic.awaitPassage(way, piece.arrivedNanos);
        if (piece.bytes.length == 0) {
          return;
        }
        out.write(piece.bytes);
      }
    } catch (IOException e) {
      // The receiver has gone: both sides are closed.
    }
  }

  private interface Carrying {
    void run() throws InterruptedException;
  }

  private static void untilInterrupted(Carrying carrying) {
    try {
      carrying.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Closes both sides; data in transit is lost. */
  @Override
  public void close() {
    closed.countDown();
    closeSocket(client);
    closeSocket(server);
    carriers.forEach(Thread::interrupt);
  }

  private static void closeSocket(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Nothing else can be done.
    }
  }
}
