package io.streamfleet.local.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A handler as somebody develops it against a local fleet. It takes its time, and remembers what it
 * was given: by stream, and by channel in the order in which it was done.
 */
final class RecordingHandler implements AutoCloseable {

  /** Long enough for a fleet under load to have work in flight at any moment. */
  private static final Duration HANDLING = Duration.ofMillis(15);

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** By stream: messages in the order in which they were done, each as often as it was. */
  private final Map<String, List<Handled>> done = new ConcurrentHashMap<>();

  private final Set<String> busy = ConcurrentHashMap.newKeySet();
  private final List<String> overlaps = new CopyOnWriteArrayList<>();
  private final Set<String> poison = ConcurrentHashMap.newKeySet();

  private static final Pattern NUMBER = Pattern.compile("\"n\":(\\d+)");

  /**
   * One message, done once.
   *
   * @param message its channel and its number there: a replayed one has another id, and is the same
   */
  record Handled(String message, String channel) {}

  RecordingHandler() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:%d/messages".formatted(server.getAddress().getPort());
  }

  /** Fails a message of a stream until {@link #fix}. */
  void refuse(String stream, String message) {
    poison.add(stream + ' ' + message);
  }

  void fix() {
    poison.clear();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      String stream = exchange.getRequestHeaders().getFirst("ce-source");
      String channel = exchange.getRequestHeaders().getFirst("ce-subject");
      Matcher number = NUMBER.matcher(body);
      String message = channel + '#' + (number.find() ? number.group(1) : body);
      String lane = stream + ' ' + channel;
      if (!busy.add(lane)) {
        overlaps.add(lane + ' ' + message);
      }
      LockSupport.parkNanos(HANDLING.toNanos());
      if (poison.contains(stream + ' ' + message)) {
        busy.remove(lane);
        exchange.sendResponseHeaders(500, -1);
        return;
      }
      done.computeIfAbsent(stream, it -> new CopyOnWriteArrayList<>())
          .add(new Handled(message, channel));
      busy.remove(lane);
      exchange.sendResponseHeaders(204, -1);
    }
  }

  /** What was done of a stream, in order; an entry that was done twice is there twice. */
  List<Handled> done(String stream) {
    return List.copyOf(done.getOrDefault(stream, new ArrayList<>()));
  }

  /** Two entries of one channel at a time; there must be none, but where a worker was killed. */
  List<String> overlaps(String stream) {
    return overlaps.stream().filter(it -> it.startsWith(stream + ' ')).toList();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
