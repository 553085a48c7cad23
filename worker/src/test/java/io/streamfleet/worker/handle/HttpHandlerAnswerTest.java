package io.streamfleet.worker.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.streamfleet.handler.Handled;
import io.streamfleet.handler.HandlerUnavailable;
import io.streamfleet.handler.OutboundMessage;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.handler.TransientFailure;
import io.streamfleet.worker.entry.AnswerWarning;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpHandlerAnswerTest {

  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC);

  private final List<AnswerWarning> doubts = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204, 299})
  void everySuccessIsDone(int status) throws Exception {
    assertThat(handled("HTTP/1.1 " + status + " Fine\r\n" + lengthUnless204(status)).outbound())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 500, 501, 505, 599})
  void aStatusThatMayPassIsTriedAgain(int status) {
    assertThatThrownBy(() -> handled("HTTP/1.1 " + status + " Later\r\ncontent-length: 0\r\n\r\n"))
        .isInstanceOf(TransientFailure.class)
        .hasMessageMatching("http://localhost:\\d+/messages answered " + status)
        .satisfies(it -> assertThat(((TransientFailure) it).retryAfter()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 502, 503, 504})
  void aStatusThatTellsOfTheEndpointIsNoMessagesFault(int status) {
    assertThatThrownBy(() -> handled("HTTP/1.1 " + status + " Later\r\ncontent-length: 0\r\n\r\n"))
        .isInstanceOf(HandlerUnavailable.class)
        .hasMessageMatching("http://localhost:\\d+/messages answered " + status)
        .satisfies(it -> assertThat(((HandlerUnavailable) it).retryAfter()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {304, 400, 401, 404, 407, 410, 413, 422, 600})
  void anyOtherStatusIsPermanent(int status) {
    assertThatThrownBy(
            () -> handled("HTTP/1.1 " + status + " No\r\ncontent-length: 6\r\n\r\nsecret"))
        .isInstanceOf(PermanentFailure.class)
        .hasMessageContaining("/messages answered " + status)
        .hasMessageNotContaining("secret");
  }

  @Test
  void aRedirectIsNotFollowed() {
    assertThatThrownBy(
            () -> handled("HTTP/1.1 307 Moved\r\nlocation: /x\r\ncontent-length: 0\r\n\r\n"))
        .isInstanceOf(PermanentFailure.class)
        .hasMessageEndingWith("answered 307: redirects are not followed");
  }

  @Test
  void anInterimAnswerIsSkipped() throws Exception {
    assertThat(
            handled("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n")
                .outbound())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "90",
        "Mon, 23 Nov 2026 12:01:30 GMT",
        "Monday, 23-Nov-26 12:01:30 GMT",
        "Mon Nov 23 12:01:30 2026"
      })
  void retryAfterIsPassedOn(String value) {
    HandlerUnavailable failure =
        catchThrowableOfType(
            HandlerUnavailable.class,
            () ->
                handled(
                    "HTTP/1.1 429 Slow\r\nretry-after: "
                        + value
                        + "\r\ncontent-length: 0\r\n\r\n"));

    assertThat(failure.retryAfter()).contains(Duration.ofSeconds(90));
  }

  @Test
  void aJsonAnswerEmitsMessages() throws Exception {
    Handled handled =
        handled(
            ScriptedServer.answer(
                "200 OK",
                "Application/JSON; charset=utf-8",
                "{\"outbound\":[{\"platform\":\"discord\",\"payload\":{\"n\":1}},"
                    + "{\"platform\":\"matrix\",\"payload\":{}}]}"));

    assertThat(handled.outbound())
        .containsExactly(
            new OutboundMessage("discord", Map.of("n", 1L)),
            new OutboundMessage("matrix", Map.of()));
  }

  @Test
  void anyJsonTypeMayEmit() throws Exception {
    String body = "{\"outbound\":[{\"platform\":\"p\",\"payload\":{}}]}";

    assertThat(
            handled(ScriptedServer.answer("202 OK", "application/vnd.acme+json", body)).outbound())
        .hasSize(1);
  }

  @Test
  void ignoresBodiesThatAreNotJsonByTheirContentType() throws Exception {
    assertThat(
            handled(ScriptedServer.answer("200 OK", "text/plain", "{\"outbound\":7}")).outbound())
        .isEmpty();
    assertThat(handled("HTTP/1.1 200 OK\r\ncontent-length: 14\r\n\r\n{\"outbound\":7}").outbound())
        .isEmpty();
  }

  @Test
  void anAnswerOfTheWrongShapeIsPermanentAndNamesTheEndpoint() {
    assertThatThrownBy(
            () -> handled(ScriptedServer.answer("200 OK", "application/json", "{\"outbound\":7}")))
        .isInstanceOf(PermanentFailure.class)
        .hasMessageMatching(
            "http://localhost:\\d+/messages: the answer's outbound must be an array");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          application/json | {"outbond":[]}                                                 | UNKNOWN_KEY
          application/json | {"outbound":[{"platform":"p","payload":{},"channel":"c"}]}     | UNKNOWN_KEY
          text/html        | {"outbound":[]}                                                | NOT_JSON
          text/plain       | ok                                                             | NOT_JSON
          """)
  void anAnswerThatSeemsToMeanSomethingElseIsTakenAndCounted(
      String type, String body, AnswerWarning doubt) throws Exception {
    handled(ScriptedServer.answer("200 OK", type, body));

    assertThat(doubts).containsExactly(doubt);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          application/json        | {"outbound":[{"platform":"p","payload":{"any":"key"}}]}
          application/vnd.a+json  | {}
          application/json        | null
          text/html               | ''
          """)
  void nothingIsCountedOfAnAnswerThatMeansWhatComesOfIt(String type, String body) throws Exception {
    handled(ScriptedServer.answer("200 OK", type, body));

    assertThat(doubts).isEmpty();
  }

  @Test
  void errorsNameNeitherCredentialsNorTheQuery() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.answering("HTTP/1.1 400 No\r\ncontent-length: 0\r\n\r\n");
        HttpHandler handler =
            handler(
                server.url("/messages?key=geheim").replace("http://", "http://ann:geheim@"),
                Map.of("authorization", "Bearer geheim"))) {
      assertThatThrownBy(() -> handler.handle(ReceivedMessage.inbound()))
          .hasMessageEndingWith("/messages answered 400")
          .hasMessageNotContainingAny("geheim", "ann", "secret");
    }
  }

  private static String lengthUnless204(int status) {
    return status == 204 ? "\r\n" : "content-length: 0\r\n\r\n";
  }

  private Handled handled(String answer) throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(answer);
        HttpHandler handler = handler(server.url("/messages"), Map.of())) {
      return handler.handle(ReceivedMessage.inbound());
    }
  }

  private HttpHandler handler(String url, Map<String, String> headers) {
    return new HttpHandler(
        Endpoint.of(url, headers),
        Duration.ofSeconds(20),
        "worker-0",
        ExchangeMemory.ofThisProcess(),
        NOON,
        new AnswerWarnings(doubts::add));
  }
}
