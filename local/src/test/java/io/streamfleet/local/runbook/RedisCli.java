package io.streamfleet.local.runbook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * As much of {@code redis-cli} as the pages of the documentation use, where there is none: {@code
 * -u URL}, {@code --bigkeys}, and commands. What the server refuses goes to standard error.
 */
final class RedisCli {

  private RedisCli() {}

  public static void main(String[] arguments) throws IOException {
    List<String> words = new ArrayList<>(List.of(arguments));
    if (!words.removeFirst().equals("-u")) {
      throw new IllegalArgumentException("redis-cli is to be told where Redis is");
    }
    URI place = URI.create(words.removeFirst());
    if (words.equals(List.of("--bigkeys"))) {
      words = List.of("SCAN", "0");
    }
    try (Socket socket = new Socket(place.getHost(), place.getPort())) {
      send(socket.getOutputStream(), words);
      boolean taken = print(new BufferedInputStream(socket.getInputStream()));
      System.out.flush();
      System.exit(taken ? 0 : 1);
    }
  }

  private static void send(OutputStream out, List<String> words) throws IOException {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(("*" + words.size() + "\r\n").getBytes(UTF_8));
    for (String word : words) {
      byte[] bytes = word.getBytes(UTF_8);
      request.writeBytes(("$" + bytes.length + "\r\n").getBytes(UTF_8));
      request.writeBytes(bytes);
      request.writeBytes("\r\n".getBytes(UTF_8));
    }
    request.writeTo(out);
  }

  /** Whether it was no refusal. */
  private static boolean print(InputStream in) throws IOException {
    int kind = in.read();
    String line = line(in);
    switch (kind) {
      case '-' -> {
        System.err.println("(error) " + line);
        return false;
      }
      case '$' -> {
        int length = Integer.parseInt(line);
        if (length < 0) {
          System.out.println("(nil)");
        } else {
          System.out.println(new String(in.readNBytes(length), UTF_8));
          line(in);
        }
      }
      case '*' -> {
        for (int i = Integer.parseInt(line); i > 0; i--) {
          print(in);
        }
      }
      default -> System.out.println(line);
    }
    return true;
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("the server hung up");
      }
      if (next != '\r') {
        line.write(next);
      }
    }
    return line.toString(UTF_8);
  }
}
