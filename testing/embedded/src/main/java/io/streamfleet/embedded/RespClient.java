package io.streamfleet.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A minimal client for RESP2 on loopback: one command, one reply. For PING, CLUSTER, SENTINEL and
 * INFO; for anything else use a real client. Not thread-safe.
 */
final class RespClient implements AutoCloseable {

  /** Servers here are local and idle: one that does not answer for so long is paused or stuck. */
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  /** A reply. */
  sealed interface Reply {}

  /** A simple or a bulk string. */
  record Text(String value) implements Reply {}

  /** An integer. */
  record Whole(long value) implements Reply {}

  /** A null string or a null array. */
  record Nothing() implements Reply {}

  /** An array. */
  record Many(List<Reply> items) implements Reply {}

  /** An error, such as {@code NOAUTH Authentication required.} */
  record Refusal(String message) implements Reply {}

  private final Socket socket;
  private final BufferedInputStream in;

  private RespClient(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  static RespClient connect(int port) throws IOException {
    Socket socket = new Socket();
    try {
      int millis = Math.toIntExact(TIMEOUT.toMillis());
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(millis);
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), millis);
      return new RespClient(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Connects, sends one command, and closes. */
  static Reply once(int port, String... words) throws IOException {
    try (RespClient client = connect(port)) {
      return client.call(words);
    }
  }

  /**
   * Connects, sends one command whose reply is text, and closes.
   *
   * @throws IOException also when the server refuses the command
   */
  static String text(int port, String... words) throws IOException {
    return switch (once(port, words)) {
      case Text(String value) -> value;
      case Whole(long value) -> Long.toString(value);
      case Refusal(String message) -> throw new IOException(words[0] + " was refused: " + message);
      case Nothing _, Many _ -> throw new IOException(words[0] + " was not answered with text");
    };
  }

  Reply call(String... words) throws IOException {
    ByteArrayOutputStream command = new ByteArrayOutputStream();
    command.writeBytes(("*" + words.length + "\r\n").getBytes(UTF_8));
    for (String word : words) {
      byte[] bytes = word.getBytes(UTF_8);
      command.writeBytes(("$" + bytes.length + "\r\n").getBytes(UTF_8));
      command.writeBytes(bytes);
      command.writeBytes("\r\n".getBytes(UTF_8));
    }
    socket.getOutputStream().write(command.toByteArray());
    return reply();
  }

  private Reply reply() throws IOException {
    String line = line();
    String rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '+' -> new Text(rest);
      case '-' -> new Refusal(rest);
      case ':' -> new Whole(Long.parseLong(rest));
      case '$' -> bulk(Integer.parseInt(rest));
      case '*' -> array(Integer.parseInt(rest));
      default -> throw new IOException("not a RESP2 reply, it begins with " + line.charAt(0));
    };
  }

  private Reply bulk(int length) throws IOException {
    if (length < 0) {
      return new Nothing();
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length || !line().isEmpty()) {
      throw new EOFException("the reply ended early");
    }
    return new Text(new String(bytes, UTF_8));
  }

  private Reply array(int length) throws IOException {
    if (length < 0) {
      return new Nothing();
    }
    List<Reply> items = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      items.add(reply());
    }
    return new Many(List.copyOf(items));
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the server closed the connection");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
