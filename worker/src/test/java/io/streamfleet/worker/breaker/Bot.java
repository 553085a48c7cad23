package io.streamfleet.worker.breaker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.streamfleet.worker.handle.AnswerWarnings;
import io.streamfleet.worker.handle.Endpoint;
import io.streamfleet.worker.handle.ExchangeMemory;
import io.streamfleet.worker.handle.HttpHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A handler behind HTTP that is away, comes, answers as it is told, and goes. */
final class Bot implements AutoCloseable {

  /** What it answers to a message: a status, or none at all, which closes the connection. */
  interface Behaviour {
    int status(Request request) throws IOException, InterruptedException;
  }

  /** Closes the connection without an answer. */
  static final int HANGS_UP = 0;

  /**
   * A message as it came.
   *
   * @param at by the nanoseconds of this JVM
   */
  record Request(String id, String channel, int attempt, String consumer, long at) {}

  private final int port;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile Behaviour behaviour = request -> 204;
  private volatile String retryAfter = "";
  private volatile @Nullable HttpServer server;

  private Bot(int port) {
    this.port = port;
  }

  /** One that is not there yet. */
  static Bot away() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new Bot(socket.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Bot there() {
    Bot bot = away();
    bot.comes();
    return bot;
  }

  void comes() {
    try {
      HttpServer made =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      made.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      made.createContext("/", this::answer);
      made.start();
      server = made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void goes() {
    HttpServer old = server;
    if (old != null) {
      old.stop(0);
      server = null;
    }
  }

  boolean isThere() {
    return server != null;
  }

  Bot behaves(Behaviour now) {
    behaviour = now;
    return this;
  }

  Bot asksToWait(String header) {
    retryAfter = header;
    return this;
  }

  private void answer(HttpExchange exchange) throws IOException {
    Request request =
        new Request(
            exchange.getRequestHeaders().getFirst("ce-id"),
            exchange.getRequestHeaders().getFirst("ce-subject"),
            Integer.parseInt(exchange.getRequestHeaders().getFirst("ce-attempt")),
            exchange.getRequestHeaders().getFirst("ce-consumer"),
            System.nanoTime());
    requests.add(request);
    exchange.getRequestBody().readAllBytes();
    try {
      int status = behaviour.status(request);
      if (status == HANGS_UP) {
        throw new IOException("no answer");
      }
      if (!retryAfter.isEmpty() && status != 204) {
        exchange.getResponseHeaders().set("retry-after", retryAfter);
      }
      exchange.sendResponseHeaders(status, -1);
      exchange.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  String url() {
    return "http://localhost:" + port + "/";
  }

  String origin() {
    return "http://localhost:" + port;
  }

  /** All that came, in order. */
  List<Request> requests() {
    return List.copyOf(requests);
  }

  /** The way to it, for a worker of that name. */
  HttpHandler handler(String consumer, Duration timeout) {
    return new HttpHandler(
        Endpoint.of(url(), Map.of()),
        timeout,
        consumer,
        ExchangeMemory.ofThisProcess(),
        Clock.systemUTC(),
        new AnswerWarnings(_ -> {}));
  }

  @Override
  public void close() {
    goes();
  }
}
