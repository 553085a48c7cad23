package io.streamfleet.apiserver.http;

import io.streamfleet.apiserver.access.Identity;
import io.streamfleet.apiserver.endpoint.Answer;
import io.streamfleet.apiserver.endpoint.Bodies;
import io.streamfleet.apiserver.endpoint.Router;
import io.streamfleet.apiserver.failure.ApiFailure;
import io.streamfleet.apiserver.request.HttpCall;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.PemKeyCertOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Listens on loopback with TLS. Each call is answered on its own virtual thread, which may block.
 */
public final class HttpFrontend implements AutoCloseable {

  /** One thread reads and writes; slow work runs on virtual threads. */
  private static final int EVENT_LOOPS = 1;

  /** The limit of a cluster; a larger body is not kept. */
  private static final int MAX_BODY = 3 << 20;

  /** At close, for responses that are being written; then they are aborted. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final Router router;
  private final FrontDoor door;
  private final Vertx vertx;
  private final HttpServer server;
  private final ExecutorService answers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("answer-", 0).factory());

  /**
   * Starts to listen.
   *
   * @param identity of the server and its clients
   * @param port 0 for any
   * @throws IllegalStateException if the port is in use
   */
  public HttpFrontend(Router router, Identity identity, int port) {
    this.router = router;
    this.door = new FrontDoor(identity);
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
                .setSsl(true)
                .setUseAlpn(false)
                .setKeyCertOptions(
                    new PemKeyCertOptions()
                        .setCertValue(Buffer.buffer(identity.certificate()))
                        .setKeyValue(Buffer.buffer(identity.key())))
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

  /** The port that it listens on. */
  public int port() {
    return server.actualPort();
  }

  private void received(HttpServerRequest request) {
    Optional<ApiFailure> refusal = door.refusal(request);
    if (refusal.isPresent()) {
      refuse(request, refusal.get());
    } else if ("websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))) {
      request.pause();
      answers.execute(() -> answer(request, Buffer.buffer(), true));
    } else {
      Buffer body = Buffer.buffer();
      request.handler(
          part -> {
            if (body.length() + part.length() <= MAX_BODY) {
              body.appendBuffer(part);
            } else if (!request.response().ended()) {
              refuse(request, ApiFailure.tooLarge(MAX_BODY));
            }
          });
      request.endHandler(
          nothing -> {
            if (!request.response().ended()) {
              answers.execute(() -> answer(request, body, false));
            }
          });
    }
  }

  /** The rest of the body is ignored, and the connection closed after the response. */
  private static void refuse(HttpServerRequest request, ApiFailure failure) {
    request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    send(request.response(), new Answer.Document(failure.code(), failure.status(), List.of()));
  }

  private void answer(HttpServerRequest request, Buffer body, boolean websocket) {
    Answer answer = router.answer(call(request, body));
    switch (answer) {
      case Answer.Events events when websocket -> WatchStream.overWebsocket(request, events);
      case Answer.Events events -> WatchStream.overHttp(request, events);
      case Answer.Encoded(String type, Buffer encoded) ->
          request.response().putHeader(HttpHeaders.CONTENT_TYPE, type).end(encoded);
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
        body);
  }

  private static String header(HttpServerRequest request, CharSequence name) {
    @Nullable String value = request.getHeader(name);
    return Optional.ofNullable(value).orElse("");
  }

  /** Closes the connections first, then the threads that write to them, then Vert.x. */
  @Override
  public void close() {
    server.close().toCompletionStage().toCompletableFuture().join();
    answers.shutdown();
    try {
      // A write to a closed connection fails at once, so this takes little time.
      if (!answers.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        answers.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
