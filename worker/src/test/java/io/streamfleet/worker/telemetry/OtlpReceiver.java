package io.streamfleet.worker.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.zip.GZIPInputStream;

/** A collector that takes OTLP over HTTP, as protobuf, and keeps the spans. */
final class OtlpReceiver implements AutoCloseable {

  /**
   * A span as it arrived.
   *
   * @param parentId empty for the first of a trace
   * @param kind 4 for a producer, 5 for a consumer
   * @param events the names of its events
   * @param isError whether its status is an error
   * @param resource the attributes of the process
   */
  record Span(
      String traceId,
      String spanId,
      String parentId,
      String state,
      String name,
      int kind,
      long nanos,
      Map<String, String> attributes,
      List<String> events,
      boolean isError,
      String status,
      Map<String, String> resource) {

    String attribute(String name) {
      return attributes.getOrDefault(name, "");
    }
  }

  private final HttpServer server;
  private final List<Span> spans = new CopyOnWriteArrayList<>();
  private final List<Map<String, List<String>>> headers = new CopyOnWriteArrayList<>();

  private volatile boolean refuses;

  OtlpReceiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/v1/traces", this::take);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** From now on it answers that it has failed, or takes spans again. */
  OtlpReceiver refuses(boolean now) {
    refuses = now;
    return this;
  }

  List<Span> spans() {
    return List.copyOf(spans);
  }

  Optional<Span> span(String name) {
    return spans.stream().filter(span -> span.name().equals(name)).findFirst();
  }

  /** The headers of all requests. */
  List<Map<String, List<String>>> headers() {
    return List.copyOf(headers);
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (refuses) {
        exchange.sendResponseHeaders(500, -1);
        return;
      }
      if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
        body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
      }
      headers.add(Map.copyOf(exchange.getRequestHeaders()));
      fields(body, (number, value) -> takeResource((byte[]) value));
      exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
      exchange.sendResponseHeaders(200, -1);
    }
  }

  private void takeResource(byte[] resourceSpans) {
    Map<String, String> resource = new HashMap<>();
    fields(
        resourceSpans,
        (number, value) -> {
          switch (number) {
            case 1 -> fields((byte[]) value, (_, attribute) -> attribute(resource, attribute));
            case 2 ->
                fields(
                    (byte[]) value,
                    (inside, span) -> {
                      if (inside == 2) {
                        spans.add(span((byte[]) span, resource));
                      }
                    });
            default -> {}
          }
        });
  }

  private static Span span(byte[] bytes, Map<String, String> resource) {
    Map<Integer, Object> one = new HashMap<>();
    Map<String, String> attributes = new HashMap<>();
    List<String> events = new ArrayList<>();
    Map<Integer, Object> status = new HashMap<>();
    fields(
        bytes,
        (number, value) -> {
          switch (number) {
            case 9 -> attribute(attributes, value);
            case 11 ->
                fields(
                    (byte[]) value,
                    (inside, name) -> {
                      if (inside == 2) {
                        events.add(text(name));
                      }
                    });
            case 15 -> fields((byte[]) value, status::put);
            default -> one.put(number, value);
          }
        });
    return new Span(
        hex(one.getOrDefault(1, new byte[0])),
        hex(one.getOrDefault(2, new byte[0])),
        hex(one.getOrDefault(4, new byte[0])),
        text(one.getOrDefault(3, new byte[0])),
        text(one.getOrDefault(5, new byte[0])),
        ((Long) one.getOrDefault(6, 0L)).intValue(),
        (Long) one.getOrDefault(8, 0L) - (Long) one.getOrDefault(7, 0L),
        attributes,
        events,
        status.getOrDefault(3, 0L).equals(2L),
        text(status.getOrDefault(2, new byte[0])),
        resource);
  }

  private static void attribute(Map<String, String> to, Object keyValue) {
    String[] pair = {"", ""};
    fields(
        (byte[]) keyValue,
        (number, value) -> {
          if (number == 1) {
            pair[0] = text(value);
          } else {
            fields(
                (byte[]) value,
                (_, it) -> pair[1] = it instanceof byte[] ? text(it) : String.valueOf(it));
          }
        });
    to.put(pair[0], pair[1]);
  }

  /** Reads the fields of a message: numbers as Long, everything else as bytes. */
  private static void fields(byte[] message, BiConsumer<Integer, Object> each) {
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      int tag = (int) varint(in);
      Object value =
          switch (tag & 7) {
            case 0 -> varint(in);
            case 1 -> in.getLong();
            case 2 -> {
              byte[] bytes = new byte[(int) varint(in)];
              in.get(bytes);
              yield bytes;
            }
            case 5 -> (long) in.getInt();
            default -> throw new IllegalStateException("no type of protobuf: " + tag);
          };
      each.accept(tag >>> 3, value);
    }
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  private static String text(Object bytes) {
    return new String((byte[]) bytes, UTF_8);
  }

  private static String hex(Object bytes) {
    return HexFormat.of().formatHex((byte[]) bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
