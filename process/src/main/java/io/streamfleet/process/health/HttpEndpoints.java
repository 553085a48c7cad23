package io.streamfleet.process.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code /healthz} (also as {@code /livez}), {@code /readyz} and {@code /metrics} on one
 * port, on a few platform threads: handlers that never yield may occupy all carriers of virtual
 * threads, and a failing probe would then kill a worker that works. Its acceptor thread keeps the
 * process alive until it is closed.
 */
public final class HttpEndpoints implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(HttpEndpoints.class);
  private static final String PLAIN = "text/plain; charset=utf-8";

  /** Connections that may wait to be accepted: a scraper and a kubelet need two. */
  private static final int BACKLOG = 16;

  /**
   * Requests that are answered at once: more than usual, so that a slow client does not block
   * others.
   */
  private static final int THREADS = 8;

  /** Idle threads end after this time: probes come every ten seconds. */
  private static final long IDLE_SECONDS = 30;

  private final HttpServer server;
  private final ExecutorService threads;
  private final Health health;
  private final CollectorRegistry registry;
  private final Map<String, JsonPage> pages;

  /** An additional page of a process. */
  @FunctionalInterface
  public interface JsonPage {

    /** The page as JSON; called on a thread of the server. An exception becomes a 503. */
    String text() throws Exception;
  }

  private record Answer(int status, String contentType, String body) {}

  private HttpEndpoints(
      HttpServer server, Health health, CollectorRegistry registry, Map<String, JsonPage> pages) {
    this.server = server;
    this.health = health;
    this.registry = registry;
    this.pages = Map.copyOf(pages);
    threads = threads();
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  private static ThreadPoolExecutor threads() {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon(true).name("http-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  /**
   * Starts to serve. In a pod it listens on all interfaces: probes come from the node, scrapes from
   * other pods. There is no authentication, so nothing that is served changes anything or is
   * secret.
   *
   * @param host the address to listen on; all addresses if {@code null}
   * @param port 0 for a free one
   * @param setBy the setting for the port, for the error message
   * @throws BindException if the port can't be bound; the message says what to do
   * @throws IOException if no socket can be opened
   */
  public static HttpEndpoints open(
      @Nullable String host, int port, String setBy, Health health, CollectorRegistry registry)
      throws IOException {
    return open(host, port, setBy, health, registry, Map.of());
  }

  /**
   * The same with more pages.
   *
   * @param pages by their paths
   */
  public static HttpEndpoints open(
      @Nullable String host,
      int port,
      String setBy,
      Health health,
      CollectorRegistry registry,
      Map<String, JsonPage> pages)
      throws IOException {
    InetSocketAddress address =
        host == null ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new BindException("cannot listen on %s: there is no such address".formatted(host));
    }
    return open(address, setBy, health, registry, pages);
  }

  /** The same on a resolved address. */
  public static HttpEndpoints open(
      InetSocketAddress address, String setBy, Health health, CollectorRegistry registry)
      throws IOException {
    return open(address, setBy, health, registry, Map.of());
  }

  private static HttpEndpoints open(
      InetSocketAddress address,
      String setBy,
      Health health,
      CollectorRegistry registry,
      Map<String, JsonPage> pages)
      throws IOException {
    limitExchangeTimes();
    HttpServer server;
    try {
      server = HttpServer.create(address, BACKLOG);
    } catch (BindException e) {
      BindException explained =
          new BindException(
              "cannot listen on port %d (%s): set another one by %s, or 0 for any free one"
                  .formatted(address.getPort(), e.getMessage(), setBy));
      explained.initCause(e);
      throw explained;
    }
    return new HttpEndpoints(server, health, registry, pages);
  }

  /**
   * A client that sends half a request, or does not read the answer, occupies a thread for ten
   * seconds at most. The JDK's server reads these properties at its first use and has no other way
   * to set them.
   */
  private static void limitExchangeTimes() {
    for (String property :
        List.of("sun.net.httpserver.maxReqTime", "sun.net.httpserver.maxRspTime")) {
      if (System.getProperty(property) == null) {
        System.setProperty(property, "10");
      }
    }
  }

  /** The port that it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Stops at once; requests in flight are aborted. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      boolean head = method.equals("HEAD");
      Answer answer;
      if (head || method.equals("GET")) {
        answer = answerTo(exchange);
      } else {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        answer = new Answer(405, PLAIN, "only GET and HEAD are allowed\n");
      }
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", answer.contentType());
      // A probe must never get a cached answer.
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.sendResponseHeaders(answer.status(), head ? -1 : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  /** Exact paths: contexts of the JDK's server would also match longer ones. */
  private Answer answerTo(HttpExchange exchange) {
    String path = exchange.getRequestURI().getPath();
    JsonPage page = pages.get(path);
    if (page != null) {
      return json(page);
    }
    return switch (path) {
      case "/healthz", "/livez" -> result(health.lifeProblems());
      case "/readyz" -> result(health.readinessProblems());
      case "/metrics" -> metrics(exchange.getRequestHeaders().getFirst("Accept"));
      default -> new Answer(404, PLAIN, "not found; try\n/healthz\n/readyz\n/metrics\n");
    };
  }

  private static Answer json(JsonPage page) {
    try {
      return new Answer(200, "application/json", page.text());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(503, PLAIN, "shutting down\n");
    } catch (Exception e) {
      return new Answer(503, PLAIN, "not available: " + e + "\n");
    }
  }

  private static Answer result(List<String> problems) {
    return problems.isEmpty()
        ? new Answer(200, PLAIN, "ok\n")
        : new Answer(503, PLAIN, String.join("\n", problems) + "\n");
  }

  private Answer metrics(@Nullable String accept) {
    String format = TextFormat.chooseContentType(accept);
    Writer text = new StringWriter();
    try {
      TextFormat.writeFormat(format, text, families());
    } catch (IOException | RuntimeException e) {
      log.atWarn()
          .setCause(e)
          .log("could not collect the metrics; the scrape is answered with 500");
      return new Answer(500, PLAIN, "could not collect the metrics; see the log\n");
    }
    return new Answer(200, format, text.toString());
  }

  /**
   * Without the creation time that the client library adds to each series: it doubles their number.
   */
  private Enumeration<MetricFamilySamples> families() {
    return registry.filteredMetricFamilySamples(name -> !name.endsWith("_created"));
  }
}
