package io.streamfleet.worker.handle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HttpHandlerRequestTest {

  private static final String DONE = "HTTP/1.1 204 No Content\r\n\r\n";

  @Test
  void postsAMessageAsACloudEventInBinaryMode() throws Exception {
    ScriptedServer.Request request =
        requestFor(ReceivedMessage.inbound(), "/messages?tenant=a", Map.of());

    assertThat(request.line()).isEqualTo("POST /messages?tenant=a HTTP/1.1");
    assertThat(request.headers())
        .containsEntry("ce-specversion", "1.0")
        .containsEntry("ce-id", "1732372000000-0")
        .containsEntry("ce-source", "sg:stream:inbound")
        .containsEntry("ce-type", "io.streamfleet.inbound")
        .containsEntry("ce-subject", "general")
        .containsEntry("ce-time", "2024-11-23T14:26:40Z")
        .containsEntry("ce-traceid", "trace-1")
        .containsEntry("ce-attempt", "1")
        .containsEntry("ce-consumer", "worker-0")
        .containsEntry("content-type", "application/json");
    assertThat(request.body()).isEqualTo(ReceivedMessage.JSON);
  }

  @Test
  void namesTheDirectionAndTheAttempt() throws Exception {
    ScriptedServer.Request request =
        requestFor(ReceivedMessage.inbound().outbound(3), "/", Map.of());

    assertThat(request.headers())
        .containsEntry("ce-type", "io.streamfleet.outbound")
        .containsEntry("ce-attempt", "3");
  }

  @Test
  void offersNoUpgradeToHttp2() throws Exception {
    ScriptedServer.Request request = requestFor(ReceivedMessage.inbound(), "/", Map.of());

    assertThat(request.headers()).doesNotContainKeys("upgrade", "http2-settings");
  }

  @Test
  void leavesOutWhatAMessageDoesNotHave() throws Exception {
    ReceivedMessage bare =
        ReceivedMessage.inbound()
            .on("s", "")
            .traced(Optional.empty())
            .at(Instant.ofEpochMilli(999_999_999_999_999L));

    ScriptedServer.Request request = requestFor(bare, "/", Map.of());

    assertThat(request.headers()).doesNotContainKeys("ce-subject", "ce-traceid", "ce-time");
  }

  @Test
  void encodesWhatAHeaderCannotCarry() throws Exception {
    ReceivedMessage message =
        ReceivedMessage.inbound()
            .on("{tag}:größe", "Euro € \"100%\" 😀\r\nevil: 1")
            .traced(Optional.of("a b"));

    ScriptedServer.Request request = requestFor(message, "/", Map.of());

    assertThat(request.headers())
        .containsEntry(
            "ce-subject", "Euro%20%E2%82%AC%20%22100%25%22%20%F0%9F%98%80%0D%0Aevil:%201")
        .containsEntry("ce-source", "%257Btag%257D%253Agr%25C3%25B6%25C3%259Fe")
        .containsEntry("ce-traceid", "a%20b")
        .doesNotContainKey("evil");
  }

  @Test
  void sendsTheFixedHeaders() throws Exception {
    ScriptedServer.Request request =
        requestFor(ReceivedMessage.inbound(), "/", Map.of("X-Tenant", "blue"));

    assertThat(request.headers()).containsEntry("x-tenant", "blue");
  }

  @Test
  void sendsUserAndPasswordOfTheUrlAsBasicAuthentication() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(DONE)) {
      String url = server.url("/").replace("http://", "http://ann:p%40ss+@");
      try (HttpHandler handler = handler(Endpoint.of(url, Map.of()))) {
        handler.handle(ReceivedMessage.inbound());
      }

      // Basic of ann:p@ss+
      assertThat(server.requests().getFirst().headers())
          .containsEntry("authorization", "Basic YW5uOnBAc3Mr");
    }
  }

  @Test
  void usesAConnectionAgain() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(DONE);
        HttpHandler handler = handler(Endpoint.of(server.url("/"), Map.of()))) {
      for (int i = 0; i < 5; i++) {
        handler.handle(ReceivedMessage.inbound());
      }

      assertThat(server.requests()).hasSize(5);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  private static ScriptedServer.Request requestFor(
      ReceivedMessage message, String path, Map<String, String> headers) throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(DONE);
        HttpHandler handler = handler(Endpoint.of(server.url(path), headers))) {
      assertThat(handler.handle(message).outbound()).isEmpty();
      assertThat(server.requests()).hasSize(1);
      return server.requests().getFirst();
    }
  }

  private static HttpHandler handler(Endpoint endpoint) {
    return new HttpHandler(
        endpoint,
        Duration.ofSeconds(20),
        "worker-0",
        ExchangeMemory.ofThisProcess(),
        Clock.systemUTC(),
        new AnswerWarnings(doubt -> {}));
  }
}
