package io.streamfleet.console.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.lettuce.core.RedisException;
import io.streamfleet.console.change.Refused;
import io.streamfleet.console.cluster.ClusterFailure;
import io.streamfleet.process.log.Sparingly;
import io.streamfleet.redis.Failures;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the page and its API with the JDK's HTTP server, each request on a virtual thread. What a
 * client can use up is bounded: connections, requests at a time, the time for a request and its
 * answer, sizes.
 */
public final class WebServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(WebServer.class);

  /** A page asks every two seconds, and so would repeat the same line. */
  private static final Duration LOG_INTERVAL = Duration.ofMinutes(1);

  /** Connections that may wait to be accepted. */
  private static final int BACKLOG = 64;

  /** Requests that are answered at a time; more are told to come back. */
  private static final int AT_ONCE = 64;

  /**
   * The JDK's server reads these when its classes are loaded, and has no other way to set them. In
   * order: a client that sends slowly, or reads slowly, is cut off after ten seconds; 50 open pages
   * keep a few connections each; small answers are sent at once.
   */
  private static final Map<String, String> LIMITS =
      Map.of(
          "sun.net.httpserver.maxReqTime", "10",
          "sun.net.httpserver.maxRspTime", "10",
          "jdk.httpserver.maxConnections", "512",
          "sun.net.httpserver.maxReqHeaderSize", "65536",
          "sun.net.httpserver.nodelay", "true");

  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("web-", 0).factory());
  private final Semaphore room = new Semaphore(AT_ONCE);
  private final Sparingly failures = new Sparingly(LOG_INTERVAL, System::nanoTime);
  private final Assets assets = new Assets();
  private final Gate gate;
  private final Api api;

  private WebServer(HttpServer server, Gate gate, Api api) {
    this.server = server;
    this.gate = gate;
    this.api = api;
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /**
   * Starts to serve.
   *
   * @param hosts names besides those of loopback under which browsers may ask, in lower case
   * @throws IOException if the port cannot be opened
   */
  public static WebServer start(InetSocketAddress address, Set<String> hosts, Api api)
      throws IOException {
    LIMITS.forEach(
        (name, value) -> {
          if (System.getProperty(name) == null) {
            System.setProperty(name, value);
          }
        });
    return new WebServer(HttpServer.create(address, BACKLOG), new Gate(hosts), api);
  }

  /** The port that it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Gate.harden(exchange.getResponseHeaders());
      if (!room.tryAcquire()) {
        exchange.getResponseHeaders().set("Retry-After", "1");
        send(exchange, problem(503, "too many requests at a time; try again"));
        return;
      }
      try {
        send(exchange, answer(exchange));
      } finally {
        room.release();
      }
    }
  }

  private record Answer(int status, String type, String body) {}

  private Answer answer(HttpExchange exchange) throws IOException {
    try {
      Request request = Request.of(exchange);
      gate.check(request);
      if (!request.path().getFirst().equals("api")) {
        return asset(request);
      }
      ObjectNode json = api.answer(request);
      return new Answer(200, "application/json", json.toString());
    } catch (HttpProblem e) {
      return problem(e.status(), String.valueOf(e.getMessage()));
    } catch (Refused e) {
      return problem(409, String.valueOf(e.getMessage()));
    } catch (ClusterFailure e) {
      return problem(502, String.valueOf(e.getMessage()));
    } catch (RedisException e) {
      return problem(502, "Redis: " + Failures.line(Failures.cause(e)));
    } catch (RuntimeException e) {
      failures.say(
          unsaid -> log.atWarn().setCause(e).addKeyValue("unsaid", unsaid).log("a request failed"));
      return problem(500, "the console failed; see its log");
    }
  }

  private Answer asset(Request request) {
    if (request.method().equals("POST")) {
      throw new HttpProblem(405, "files are only read");
    }
    Assets.Asset file = assets.file(request.path()).orElseThrow(HttpProblem::notFound);
    return new Answer(200, file.type(), file.text());
  }

  private static Answer problem(int status, String message) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("problem", message);
    return new Answer(status, "application/json", json.toString());
  }

  /** A page asks every two seconds: most answers are the ones that it has. */
  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = answer.body().getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", answer.type());
    if (answer.status() == 401) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
    }
    if (answer.status() == 200) {
      String tag = '"' + hash(body) + '"';
      exchange.getResponseHeaders().set("ETag", tag);
      List<String> known = exchange.getRequestHeaders().getOrDefault("If-None-Match", List.of());
      if (known.contains(tag)) {
        exchange.sendResponseHeaders(304, -1);
        return;
      }
    }
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(answer.status(), head ? -1 : body.length);
    if (!head) {
      exchange.getResponseBody().write(body);
    }
  }

  private static String hash(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Stops at once; requests in flight are aborted. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
