package io.streamfleet.apiserver.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.apiserver.endpoint.Answer;
import io.streamfleet.apiserver.store.Watch;
import io.streamfleet.apiserver.store.WatchEvent;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/** Sends the events of a watch, one line or websocket message each. */
final class WatchStream {

  /**
   * Without events, a bookmark is sent after this time, before the client's version is too old to
   * resume from; a cluster does it about once a minute.
   */
  private static final Duration BOOKMARK_INTERVAL = Duration.ofSeconds(60);

  private final Answer.Events events;
  private final Function<String, Future<Void>> connection;

  private WatchStream(Answer.Events events, Function<String, Future<Void>> connection) {
    this.events = events;
    this.connection = connection;
  }

  static void overWebsocket(HttpServerRequest request, Answer.Events events) {
    Watch watch = events.watch();
    try {
      ServerWebSocket socket =
          request.toWebSocket().toCompletionStage().toCompletableFuture().join();
      socket.closeHandler(nothing -> watch.close());
      socket.exceptionHandler(problem -> watch.close());
      new WatchStream(events, socket::writeTextMessage).run();
      socket.close();
    } catch (CompletionException e) {
      // The client disconnected.
      watch.close();
    }
  }

  static void overHttp(HttpServerRequest request, Answer.Events events) {
    Watch watch = events.watch();
    HttpServerResponse response = request.response();
    response.closeHandler(nothing -> watch.close());
    response.exceptionHandler(problem -> watch.close());
    response.setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
    try {
      // Clients wait for the response head before the first event.
      response.write("").toCompletionStage().toCompletableFuture().join();
      new WatchStream(events, line -> response.write(line + "\n")).run();
      response.end();
    } catch (CompletionException | IllegalStateException e) {
      // The client disconnected.
      watch.close();
    }
  }

  /**
   * Runs until either side ends. Waits until each event is written, so a slow reader gets events
   * late.
   */
  private void run() {
    long end = System.nanoTime() + events.end().toNanos();
    try (Watch watch = events.watch()) {
      while (!watch.isClosed()) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          return;
        }
        Duration wait =
            left < BOOKMARK_INTERVAL.toNanos() ? Duration.ofNanos(left) : BOOKMARK_INTERVAL;
        Optional<String> line = next(watch, wait);
        if (line.isPresent()) {
          connection.apply(line.get()).toCompletionStage().toCompletableFuture().join();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<String> next(Watch watch, Duration wait) throws InterruptedException {
    long seen = watch.version();
    Optional<WatchEvent> event = watch.next(wait);
    if (event.isPresent()) {
      return Optional.of(
          line(event.get().type().name(), events.presented().apply(event.get().object())));
    }
    return events.bookmark().wanted() && !watch.isClosed()
        ? Optional.of(bookmark(seen))
        : Optional.empty();
  }

  private String bookmark(long version) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object
        .put("kind", events.bookmark().kind())
        .put("apiVersion", events.bookmark().apiVersion())
        .putObject("metadata")
        .put("resourceVersion", Long.toString(version));
    return line("BOOKMARK", object);
  }

  private static String line(String type, ObjectNode object) {
    ObjectNode event = JsonNodeFactory.instance.objectNode().put("type", type);
    event.set("object", object);
    return event.toString();
  }
}
