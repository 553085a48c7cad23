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
 * Listens on loopback, under TLS, to who is let in. Each call is answered on a virtual thread of
 * its own, so that whatever answers may wait.
 */
public final class HttpFrontend implements AutoCloseable {

  /** One reads and writes; what takes time happens on virtual threads. */
  private static final int EVENT_LOOPS = 1;

  /** As a cluster has it: beyond that nothing is kept of a body. */
  private static final int LARGEST_BODY = 3 << 20;

  /** At the end, for answers that are being written; they are cut off then. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final Router router;
  private final FrontDoor door;
  private final Vertx vertx;
  private final HttpServer server;
  private final ExecutorService answers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("answer-", 0).factory());

  /**
   * Starts to listen.
   *
   * @param identity who it is, and who is let in
   * @param port 0 for any
   * @throws IllegalStateException if the port is taken
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

  /** Where it listens. */
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
            if (body.length() + part.length() <= LARGEST_BODY) {
              body.appendBuffer(part);
            } else if (!request.response().ended()) {
              refuse(request, ApiFailure.tooLarge(LARGEST_BODY));
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

  /** What may still come of the body is passed over, and the connection ends with the answer. */
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

  /** First the connections, then who writes to them, then what carries both. */
  @Override
  public void close() {
    server.close().toCompletionStage().toCompletableFuture().join();
    answers.shutdown();
    try {
      // A write to a closed connection fails at once, so this is over soon.
      if (!answers.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
        answers.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
