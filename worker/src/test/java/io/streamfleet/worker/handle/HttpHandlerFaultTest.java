package io.streamfleet.worker.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamfleet.handler.Handled;
import io.streamfleet.handler.HandlerUnavailable;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.handler.TransientFailure;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can go wrong between a worker and a handler, on real sockets. */
@Timeout(60)
class HttpHandlerFaultTest {

  /** Longer than anything here takes. */
  private static final Duration AMPLE = Duration.ofSeconds(30);

  /** So that a test that waits for it is short; nothing depends on its length. */
  private static final Duration BRIEF = Duration.ofMillis(300);

  @Test
  void aRefusedConnectionIsTheEndpoints() throws Exception {
    int nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = socket.getLocalPort();
    }
    try (HttpHandler handler = handler("http://localhost:" + nobody + "/", AMPLE)) {
      assertThatThrownBy(() -> handler.handle(ReceivedMessage.inbound()))
          .isInstanceOf(HandlerUnavailable.class)
          .hasMessage("no connection to http://localhost:" + nobody + "/: refused or unknown host");
    }
  }

  @Test
  void anUnknownHostIsTheEndpoints() {
    try (HttpHandler handler = handler("http://nobody.invalid/", AMPLE)) {
      assertThatThrownBy(() -> handler.handle(ReceivedMessage.inbound()))
          .isInstanceOf(HandlerUnavailable.class)
          .hasMessage("no connection to http://nobody.invalid/: refused or unknown host");
    }
  }

  @Test
  void aServerWithoutTlsIsTheEndpoints() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering("HTTP/1.1 400 No TLS here\r\n\r\n");
        HttpHandler handler = handler(server.url("/").replace("http:", "https:"), BRIEF)) {
      assertThatThrownBy(() -> handler.handle(ReceivedMessage.inbound()))
          .isInstanceOf(HandlerUnavailable.class);
    }
  }

  @Test
  void aServerThatNeverAnswersTimesOutAndIsHungUpOn() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.playing(
                connection -> {
                  connection.readRequest();
                  connection.waitForHangUp();
                });
        HttpHandler handler = handler(server.url("/"), BRIEF)) {
      assertThatThrownBy(() -> handler.handle(ReceivedMessage.inbound()))
          .isInstanceOf(TransientFailure.class)
          .hasMessage(server.url("/") + " had not answered after 300 ms");
      assertThat(server.sawClientHangUp()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "text/plain"})
  void aBodyThatNeverEndsTimesOutAndIsHungUpOn(String contentType) throws Exception {
    try (ScriptedServer server = stallingInMidBody("200 OK", contentType);
        HttpHandler handler = handler(server.url("/"), BRIEF)) {
      assertThatThrownBy(() -> handler.handle(ReceivedMessage.inbound()))
          .isInstanceOf(TransientFailure.class)
          .hasMessage(server.url("/") + " had not ended its answer after 300 ms");
      assertThat(server.sawClientHangUp()).isTrue();
    }
  }

  @Test
  void aStatusThatRefusesDecidesThoughItsBodyNeverEnds() throws Exception {
    try (ScriptedServer server = stallingInMidBody("422 No", "application/json");
        HttpHandler handler = handler(server.url("/"), BRIEF)) {
      assertThatThrownBy(() -> handler.handle(ReceivedMessage.inbound()))
          .isInstanceOf(PermanentFailure.class)
          .hasMessageEndingWith("answered 422");
      assertThat(server.sawClientHangUp()).isTrue();
    }
  }

  @Test
  void aConnectionResetInMidBodyIsTriedAgain() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.playing(
                connection -> {
                  connection.readRequest();
                  connection.send("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{");
                  connection.reset();
                });
        HttpHandler handler = handler(server.url("/"), AMPLE)) {
      assertThatThrownBy(() -> handler.handle(ReceivedMessage.inbound()))
          .isInstanceOf(TransientFailure.class)
          .hasMessageStartingWith("the connection to " + server.url("/") + " failed");
    }
  }

  @Test
  void garbageInsteadOfAStatusLineIsTriedAgainAndNotQuoted() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.playing(
                connection -> {
                  connection.readRequest();
                  connection.send("a secret\r\n\r\n");
                });
        HttpHandler handler = handler(server.url("/"), AMPLE)) {
      assertThatThrownBy(() -> handler.handle(ReceivedMessage.inbound()))
          .isInstanceOf(TransientFailure.class)
          .hasMessageStartingWith("the connection to " + server.url("/") + " failed before")
          .hasMessageNotContaining("secret")
          .hasNoCause();
    }
  }

  @Test
  void aHugeAnswerIsPermanentAndHungUpOn() throws Exception {
    try (ScriptedServer server = flooding("application/json");
        HttpHandler handler = handler(server.url("/"), AMPLE)) {
      assertThatThrownBy(() -> handler.handle(ReceivedMessage.inbound()))
          .isInstanceOf(PermanentFailure.class)
          .hasMessage(server.url("/") + ": the answer is longer than 8388608 bytes");
      assertThat(server.sawClientHangUp()).isTrue();
    }
  }

  @Test
  void aHugeAnswerThatIsIgnoredAnywayIsDoneAndHungUpOn() throws Exception {
    try (ScriptedServer server = flooding("text/plain");
        HttpHandler handler = handler(server.url("/"), AMPLE)) {
      assertThat(handler.handle(ReceivedMessage.inbound()).outbound()).isEmpty();
      assertThat(server.sawClientHangUp()).isTrue();
    }
  }

  @Test
  void aRequestThatWasSentIsNeverSentAgainUnseen() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.playing(
                connection -> {
                  connection.readRequest();
                  connection.send("HTTP/1.1 204 No Content\r\n\r\n");
                  connection.readRequest();
                  // Closed without an answer, as by a server that was just closing an idle one.
                });
        HttpHandler handler = handler(server.url("/"), AMPLE)) {
      handler.handle(ReceivedMessage.inbound());

      assertThatThrownBy(() -> handler.handle(ReceivedMessage.inbound()))
          .isInstanceOf(ConnectionBroke.class);

      assertThat(server.requests()).hasSize(2);
      assertThat(server.connections()).isEqualTo(1);
      assertThat(handler.handle(ReceivedMessage.inbound()).outbound()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anInterruptHangsUp(boolean inMidBody) throws Exception {
    CountDownLatch stalled = new CountDownLatch(1);
    try (ScriptedServer server =
            ScriptedServer.playing(
                connection -> {
                  connection.readRequest();
                  if (inMidBody) {
                    connection.send("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{");
                  }
                  stalled.countDown();
                  connection.waitForHangUp();
                });
        HttpHandler handler = handler(server.url("/"), AMPLE)) {
      CompletableFuture<Throwable> thrown = new CompletableFuture<>();
      Thread handling =
          Thread.startVirtualThread(
              () -> {
                try {
                  handler.handle(ReceivedMessage.inbound());
                } catch (Throwable t) {
                  thrown.complete(t);
                }
              });
      assertThat(stalled.await(20, TimeUnit.SECONDS)).isTrue();

      handling.interrupt();

      assertThat(thrown.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
      assertThat(server.sawClientHangUp()).isTrue();
    }
  }

  @Test
  void anInterruptedThreadSendsNothing() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering("HTTP/1.1 204 No Content\r\n\r\n");
        HttpHandler handler = handler(server.url("/"), AMPLE)) {
      Thread.currentThread().interrupt();

      assertThatThrownBy(() -> handler.handle(ReceivedMessage.inbound()))
          .isInstanceOf(InterruptedException.class);

      assertThat(Thread.interrupted()).isFalse();
      assertThat(server.connections()).isZero();
    }
  }

  @Test
  void hundredsOfMessagesAreHandledAtOnce() throws Exception {
    int many = 300;
    CountDownLatch allThere = new CountDownLatch(many);
    try (ScriptedServer server =
            ScriptedServer.playing(
                connection -> {
                  connection.readRequest();
                  allThere.countDown();
                  allThere.await();
                  connection.send(ScriptedServer.answer("200 OK", "application/json", "{}"));
                });
        HttpHandler handler = handler(server.url("/"), AMPLE);
        ExecutorService lanes = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Handled>> inFlight = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        inFlight.add(lanes.submit(() -> handler.handle(ReceivedMessage.inbound())));
      }

      for (Future<Handled> it : inFlight) {
        assertThat(it.get(30, TimeUnit.SECONDS).outbound()).isEmpty();
      }
    }
  }

  @Test
  void aTimeoutMustBePositive() {
    assertThatThrownBy(() -> handler("http://localhost/", Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("longer than zero");
  }

  private static ScriptedServer stallingInMidBody(String status, String contentType) {
    return ScriptedServer.playing(
        connection -> {
          connection.readRequest();
          connection.send(
              "HTTP/1.1 "
                  + status
                  + "\r\ncontent-type: "
                  + contentType
                  + "\r\ncontent-length: 100\r\n\r\n{");
          connection.waitForHangUp();
        });
  }

  private static ScriptedServer flooding(String contentType) {
    return ScriptedServer.playing(
        connection -> {
          connection.readRequest();
          connection.send("HTTP/1.1 200 OK\r\ncontent-type: " + contentType + "\r\n\r\n");
          connection.flood();
        });
  }

  private static HttpHandler handler(String url, Duration timeout) {
    return new HttpHandler(
        Endpoint.of(url, Map.of()),
        timeout,
        "worker-0",
        ExchangeMemory.ofThisProcess(),
        Clock.systemUTC(),
        new AnswerWarnings(doubt -> {}));
  }
}
