package io.streamfleet.worker.handle;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A real server on loopback whose every byte a test decides; each connection plays the script. */
final class ScriptedServer implements AutoCloseable {

  interface Script {
    void play(Connection connection) throws IOException, InterruptedException;
  }

  record Request(String line, Map<String, String> headers, String body) {}

  private final ServerSocket socket;
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Integer> connections = new CopyOnWriteArrayList<>();
  private final CountDownLatch firstRequest = new CountDownLatch(1);
  private final CountDownLatch hungUp = new CountDownLatch(1);

  private ScriptedServer(Script script) {
    try {
      socket = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.startVirtualThread(() -> accept(script));
  }

  static ScriptedServer playing(Script script) {
    return new ScriptedServer(script);
  }

  /** Answers every request of every connection with the same bytes. */
  static ScriptedServer answering(String answer) {
    return playing(
        connection -> {
          while (true) {
            connection.readRequest();
            connection.send(answer);
          }
        });
  }

  static String answer(String status, String contentType, String body) {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    return "HTTP/1.1 "
        + status
        + "\r\ncontent-type: "
        + contentType
        + "\r\ncontent-length: "
        + length
        + "\r\n\r\n"
        + body;
  }

  private void accept(Script script) {
    while (!socket.isClosed()) {
      try {
        Socket accepted = socket.accept();
        open.add(accepted);
        connections.add(accepted.getPort());
        Thread.startVirtualThread(() -> play(script, accepted));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void play(Script script, Socket accepted) {
    try (accepted) {
      script.play(new Connection(accepted));
    } catch (IOException e) {
      // The client went away.
      hungUp.countDown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  String url(String path) {
    return "http://localhost:" + socket.getLocalPort() + path;
  }

  List<Request> requests() {
    return List.copyOf(requests);
  }

  int connections() {
    return connections.size();
  }

  boolean gotRequest() throws InterruptedException {
    return firstRequest.await(20, TimeUnit.SECONDS);
  }

  /** Whether a client closed a connection while the script still wrote or read. */
  boolean sawClientHangUp() throws InterruptedException {
    return hungUp.await(20, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws IOException {
    socket.close();
    for (Socket it : open) {
      it.close();
    }
  }

  final class Connection {
    private final Socket peer;
    private final InputStream in;
    private Request last = new Request("", Map.of(), "");

    Connection(Socket peer) throws IOException {
      this.peer = peer;
      this.in = new BufferedInputStream(peer.getInputStream());
    }

    void readRequest() throws IOException {
      String line = readLine();
      Map<String, String> headers = new LinkedHashMap<>();
      for (String header = readLine(); !header.isEmpty(); header = readLine()) {
        int colon = header.indexOf(':');
        headers.put(
            header.substring(0, colon).toLowerCase(Locale.ROOT),
            header.substring(colon + 1).strip());
      }
      int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
      String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
      last = new Request(line, headers, body);
      requests.add(last);
      firstRequest.countDown();
    }

    /** The request that was read last. */
    Request request() {
      return last;
    }

    /** A header of the request that was read last. */
    String header(String name) {
      return last.headers().getOrDefault(name, "");
    }

    private String readLine() throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int octet = in.read(); octet != '\n'; octet = in.read()) {
        if (octet < 0) {
          throw new EOFException();
        }
        if (octet != '\r') {
          line.write(octet);
        }
      }
      return line.toString(StandardCharsets.UTF_8);
    }

    void send(String text) throws IOException {
      peer.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      peer.getOutputStream().flush();
    }

    /** Says nothing more, until the client closes the connection. */
    void waitForHangUp() throws IOException {
      while (in.read() >= 0) {}
      throw new EOFException();
    }

    /** Reads nothing, and leaves the connection open for longer than anything here waits. */
    void waitForReset() throws InterruptedException {
      new CountDownLatch(1).await(20, TimeUnit.SECONDS);
    }

    /** Answers a byte at a time, until the client closes the connection. */
    void drip() throws IOException, InterruptedException {
      readRequest();
      send("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n");
      while (!new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS)) {
        send(" ");
      }
    }

    /** Writes until the client closes the connection. */
    void flood() throws IOException {
      byte[] block = new byte[64 * 1024];
      Arrays.fill(block, (byte) ' ');
      while (true) {
        peer.getOutputStream().write(block);
      }
    }

    /** Closes with a reset rather than an end of file. */
    void reset() throws IOException {
      peer.setSoLinger(true, 0);
      peer.close();
    }
  }
}
