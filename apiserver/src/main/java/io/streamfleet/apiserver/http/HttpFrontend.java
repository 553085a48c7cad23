package io.streamfleet.apiserver.http;

import io.streamfleet.apiserver.endpoint.Answer;
import io.streamfleet.apiserver.endpoint.Bodies;
import io.streamfleet.apiserver.endpoint.Router;
import io.streamfleet.apiserver.request.HttpCall;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Listens on loopback. Each call is answered on a virtual thread of its own, so that whatever
 * answers may wait.
 */
public final class HttpFrontend implements AutoCloseable {

  /** One reads and writes; what takes time happens on virtual threads. */
  private static final int EVENT_LOOPS = 1;

  private final Router router;
  private final Vertx vertx;
  private final HttpServer server;

  /**
   * Starts to listen.
   *
   * @param port 0 for any
   * @throws IllegalStateException if the port is taken
   */
  public HttpFrontend(Router router, int port) {
    this.router = router;
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(EVENT_LOOPS)
                .setFileSystemOptions(
                    new io.vertx.core.file.FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
    this.server =
        vertx.createHttpServer(
            new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setHttp2ClearTextEnabled(false)
                .setCompressionSupported(false)
                .setDecompressionSupported(true));
    server.requestHandler(this::received);
    try {
      server.listen().toCompletionStage().toCompletableFuture().join();
    } catch (java.util.concurrent.CompletionException e) {
      vertx.close();
      throw new IllegalStateException(
          "the API server cannot listen on port %d of loopback: %s; take another port"
              .formatted(port, e.getCause()),
          e);
    }
  }

  /** Where it listens. */
  public int port() {
    return server.actualPort();
  }

  private void received(HttpServerRequest request) {
    if ("websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))) {
      request.pause();
      Thread.startVirtualThread(() -> answer(request, Buffer.buffer(), true));
    } else {
      request
          .body()
          .onSuccess(body -> Thread.startVirtualThread(() -> answer(request, body, false)));
    }
  }

  private void answer(HttpServerRequest request, Buffer body, boolean websocket) {
    Answer answer = router.answer(call(request, body));
    switch (answer) {
      case Answer.Events events when websocket -> WatchStream.overWebsocket(request, events);
      case Answer.Events events -> WatchStream.overHttp(request, events);
      case Answer.Document document -> send(request.response(), document);
      case Answer.Text(int code, String text) ->
          request
              .response()
              .setStatusCode(code)
              .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain")
              .end(text);
    }
  }

  private static void send(HttpServerResponse response, Answer.Document document) {
    document
        .warnings()
        .forEach(
            text ->
                response.headers().add("Warning", "299 - \"" + text.replace("\"", "\\\"") + "\""));
    response
        .setStatusCode(document.code())
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(Buffer.buffer(Bodies.bytes(document.body())));
  }

  private static HttpCall call(HttpServerRequest request, Buffer body) {
    Map<String, String> query = new HashMap<>();
    request.params().forEach(query::putIfAbsent);
    return new HttpCall(
        request.method().name(),
        io.netty.handler.codec.http.QueryStringDecoder.decodeComponent(request.path()),
        query,
        header(request, HttpHeaders.CONTENT_TYPE),
        header(request, HttpHeaders.ACCEPT),
        header(request, HttpHeaders.USER_AGENT),
        body.toString(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static String header(HttpServerRequest request, CharSequence name) {
    @Nullable String value = request.getHeader(name);
    return Optional.ofNullable(value).orElse("");
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
