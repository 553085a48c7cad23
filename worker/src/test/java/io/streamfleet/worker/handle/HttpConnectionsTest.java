package io.streamfleet.worker.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamfleet.handler.Handled;
import io.streamfleet.handler.HandlerUnavailable;
import io.streamfleet.handler.PermanentFailure;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When a connection is used again, when another one is made, and what it may lead to. */
@Timeout(60)
class HttpConnectionsTest {

  private static final String DONE = "HTTP/1.1 204 No Content\r\n\r\n";

  /** Of which a socket's buffers hold a part only. */
  private static final String LARGE = "{\"content\":\"" + "x".repeat(16 * 1024 * 1024) + "\"}";

  private static final ReceivedMessage LARGE_MESSAGE =
      ReceivedMessage.inbound().with(Map.of(), LARGE);

  @TempDir private Path folder;

  @Test
  void aKeptConnectionThatBreaksBeforeTheWholeRequestIsOutIsReplaced() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    try (ScriptedServer server =
            ScriptedServer.playing(
                connection -> {
                  boolean isFirst = connections.incrementAndGet() == 1;
                  connection.readRequest();
                  connection.send(DONE);
                  if (isFirst) {
                    connection.reset();
                  }
                });
        HttpHandler handler = handler(server.url("/"))) {
      handler.handle(ReceivedMessage.inbound());

      assertThat(handler.handle(LARGE_MESSAGE).outbound()).isEmpty();

      assertThat(server.requests())
          .extracting(ScriptedServer.Request::body)
          .containsExactly(ReceivedMessage.JSON, LARGE);
    }
  }

  @Test
  void aNewConnectionThatBreaksBeforeTheWholeRequestIsOutIsNot() throws Exception {
    try (ScriptedServer server = ScriptedServer.playing(ScriptedServer.Connection::reset);
        HttpHandler handler = handler(server.url("/"))) {
      assertThatThrownBy(() -> handler.handle(LARGE_MESSAGE))
          .isInstanceOf(HandlerUnavailable.class);

      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void aServerIsBelievedForHowLongItKeepsAConnection() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.answering(
                "HTTP/1.1 204 No Content\r\nkeep-alive: timeout=0, max=9\r\n\r\n");
        HttpHandler handler = handler(server.url("/"))) {
      handler.handle(ReceivedMessage.inbound());
      handler.handle(ReceivedMessage.inbound());

      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void aConnectionThatIsAnnouncedToCloseIsNotUsedAgain() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.answering("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
        HttpHandler handler = handler(server.url("/"))) {
      handler.handle(ReceivedMessage.inbound());
      handler.handle(ReceivedMessage.inbound());

      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void aCallThatIsCancelledBeforeItIsHandedOverIsNotSent() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(DONE);
        HttpHandler handler = handler(server.url("/"))) {
      CompletableFuture<Throwable> failure = new CompletableFuture<>();
      HttpCall call =
          handler.call(
              ReceivedMessage.inbound(),
              new MessageCall.Completion() {
                @Override
                public void handled(Handled handled) {
                  failure.completeExceptionally(new AssertionError("it was sent: " + handled));
                }

                @Override
                public void failed(Throwable why) {
                  failure.complete(why);
                }
              });

      call.cancel();
      handler.start(call);

      assertThat(failure.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
      handler.handle(ReceivedMessage.inbound());
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void unexpectedBytesAfterAResponseAreNotTheNextResponse() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.answering(DONE + "HTTP/1.1 500 Not asked\r\ncontent-length: 0\r\n\r\n");
        HttpHandler handler = handler(server.url("/"))) {
      handler.handle(ReceivedMessage.inbound());

      assertThat(handler.handle(ReceivedMessage.inbound()).outbound()).isEmpty();
    }
  }

  @Test
  void anAnswerBeforeTheWholeRequestIsOutCountsAndEndsTheConnection() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.playing(
                connection -> {
                  connection.send("HTTP/1.1 413 Too much\r\ncontent-length: 0\r\n\r\n");
                  connection.waitForHangUp();
                });
        HttpHandler handler = handler(server.url("/"))) {
      assertThatThrownBy(() -> handler.handle(LARGE_MESSAGE))
          .isInstanceOf(PermanentFailure.class)
          .hasMessageEndingWith("answered 413");
      assertThat(server.sawClientHangUp()).isTrue();
    }
  }

  @Test
  void aBodyInChunksIsRead() throws Exception {
    String chunks =
        String.join(
            "\r\n",
            "5",
            "{\"out",
            "1b",
            "bound\":[{\"platform\":\"p\",\"pa",
            "b",
            "yload\":{}}]",
            "1",
            "}",
            "0",
            "",
            "");
    try (ScriptedServer server =
            ScriptedServer.answering(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
                    + "transfer-encoding: chunked\r\n\r\n"
                    + chunks);
        HttpHandler handler = handler(server.url("/"))) {
      assertThat(handler.handle(ReceivedMessage.inbound()).outbound()).hasSize(1);
      assertThat(handler.handle(ReceivedMessage.inbound()).outbound()).hasSize(1);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void aUnixSocketIsPostedTo() throws Exception {
    Path socket = folder.resolve("bot.sock");
    CompletableFuture<String> request = new CompletableFuture<>();
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      Thread.startVirtualThread(() -> answerOne(server, request));
      try (HttpHandler handler = handler("unix://" + socket + ":/messages?a=b")) {
        assertThat(handler.handle(ReceivedMessage.inbound()).outbound()).isEmpty();
      }
    }
    assertThat(request.get(20, TimeUnit.SECONDS))
        .startsWith("POST /messages?a=b HTTP/1.1\r\nhost: localhost\r\n")
        .contains("ce-id: 1732372000000-0\r\n");
  }

  private static void answerOne(ServerSocketChannel server, CompletableFuture<String> request) {
    try (SocketChannel client = server.accept()) {
      ByteBuffer bytes = ByteBuffer.allocate(8 * 1024);
      String text = "";
      while (!text.endsWith(ReceivedMessage.JSON)) {
        client.read(bytes);
        text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
      }
      request.complete(text);
      client.write(ByteBuffer.wrap(DONE.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      request.completeExceptionally(e);
    }
  }

  @Test
  void aUnixSocketThatIsNotThereIsTheEndpoints() {
    try (HttpHandler handler = handler("unix://" + folder.resolve("none.sock") + ":/p?secret")) {
      assertThatThrownBy(() -> handler.handle(ReceivedMessage.inbound()))
          .isInstanceOf(HandlerUnavailable.class)
          .hasMessage("no connection to unix://%s/none.sock:/p: nobody listens".formatted(folder));
    }
  }

  private static HttpHandler handler(String url) {
    return new HttpHandler(
        Endpoint.of(url, Map.of()),
        Duration.ofSeconds(30),
        "worker-0",
        new ExchangeMemory(1L << 30),
        Clock.systemUTC(),
        new AnswerWarnings(doubt -> {}));
  }
}
