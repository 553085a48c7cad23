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
 * port, on a few threads of the system's own: handlers that never yield keep all carriers of
 * virtual threads, and a probe that fails for it would have a worker killed that is at work. Its
 * listening thread keeps the process alive until it is closed.
 */
public final class HttpEndpoints implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(HttpEndpoints.class);
  private static final String PLAIN = "text/plain; charset=utf-8";

  /** Connections that may wait to be taken: a scraper and a kubelet need two, strangers get few. */
  private static final int BACKLOG = 16;

  /**
   * Requests that are answered at once: more than come, so that one who reads slowly stops none.
   */
  private static final int THREADS = 8;

  /** A thread that answered nothing for so long ends: probes come each ten seconds. */
  private static final long IDLE_SECONDS = 30;

  private final HttpServer server;
  private final ExecutorService threads;
  private final Health health;
  private final CollectorRegistry registry;
  private final Map<String, JsonPage> pages;

  /** A page beside those that every process has. */
  @FunctionalInterface
  public interface JsonPage {

    /** The page, as JSON; asked on a thread of the server. What it throws is a 503. */
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
   * Begins to serve. In a pod that is on all interfaces: probes come from the node, scrapes from
   * another pod. Anybody may ask, so nothing that is served changes anything or is secret.
   *
   * @param host the address to serve on; all if none is given
   * @param port 0 picks a free one
   * @param setBy what sets the port, for the message to whoever has to set another
   * @throws BindException if the port can't be had; the message says which and what to do
   * @throws IOException if the machine gives no socket at all
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

  /** The same on an address that is known. */
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
    boundExchanges();
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
   * Who sends half a request, or does not read the answer, keeps a thread for ten seconds at the
   * most. The server reads these when it is first used, and has no other way to be told.
   */
  private static void boundExchanges() {
    for (String property :
        List.of("sun.net.httpserver.maxReqTime", "sun.net.httpserver.maxRspTime")) {
      if (System.getProperty(property) == null) {
        System.setProperty(property, "10");
      }
    }
  }

  /** The port that is served. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Stops at once; requests in flight are cut. */
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
        answer = new Answer(405, PLAIN, "only GET and HEAD are answered here\n");
      }
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", answer.contentType());
      // A probe must never see the answer to an earlier one.
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.sendResponseHeaders(answer.status(), head ? -1 : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  /** Exact paths: the server's own contexts would also match what merely begins like one. */
  private Answer answerTo(HttpExchange exchange) {
    String path = exchange.getRequestURI().getPath();
    JsonPage page = pages.get(path);
    if (page != null) {
      return json(page);
    }
    return switch (path) {
      case "/healthz", "/livez" -> verdict(health.lifeProblems());
      case "/readyz" -> verdict(health.readinessProblems());
      case "/metrics" -> metrics(exchange.getRequestHeaders().getFirst("Accept"));
      default -> new Answer(404, PLAIN, "nothing here; try\n/healthz\n/readyz\n/metrics\n");
    };
  }

  private static Answer json(JsonPage page) {
    try {
      return new Answer(200, "application/json", page.text());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(503, PLAIN, "this process ends\n");
    } catch (Exception e) {
      return new Answer(503, PLAIN, "it cannot be told just now: " + e + "\n");
    }
  }

  private static Answer verdict(List<String> problems) {
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
      log.atWarn().setCause(e).log("the metrics could not be collected; the scrape gets a 500");
      return new Answer(500, PLAIN, "the metrics could not be collected; see the log\n");
    }
    return new Answer(200, format, text.toString());
  }

  /** Without the time of birth that the client adds to each series: it doubles their number. */
  private Enumeration<MetricFamilySamples> families() {
    return registry.filteredMetricFamilySamples(name -> !name.endsWith("_created"));
  }
}
