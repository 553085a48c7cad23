package io.streamfleet.worker.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamfleet.handler.OutboundMessage;
import io.streamfleet.handler.PermanentFailure;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmittedMessagesTest {

  @Test
  void readsMessagesInTheirOrderAndIgnoresOtherKeys() throws Exception {
    assertThat(
            read(
                """
                {"status": "ok", "outbound": [
                  {"platform": "discord", "payload": {"content": "é"}, "note": 1},
                  {"platform": "matrix-1.a_b", "payload": {}}]}
                """))
        .containsExactly(
            new OutboundMessage("discord", Map.of("content", "é")),
            new OutboundMessage("matrix-1.a_b", Map.of()));
  }

  @Test
  void givesThePlainValuesOfAPayload() throws Exception {
    Map<String, Object> payload =
        read("""
                {"outbound": [{"platform": "p", "payload": {
                  "whole": 1, "least": -9223372036854775808, "huge": 18446744073709551615, "part": 1.5, "yes": true,
                  "none": null, "list": [1, "a", null], "map": {"k": 2}}}]}
                """)
            .getFirst()
            .payload();

    assertThat(payload)
        .containsEntry("whole", 1L)
        .containsEntry("least", Long.MIN_VALUE)
        .containsEntry("huge", new BigInteger("18446744073709551615"))
        .containsEntry("part", 1.5)
        .containsEntry("yes", true)
        .containsEntry("none", null)
        .containsEntry("list", Arrays.asList(1L, "a", null))
        .containsEntry("map", Map.of("k", 2L));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "null",
        "\"ok\"",
        "7",
        "true",
        "{\"status\":\"ok\"}",
        "{\"outbound\":null}",
        "{\"outbound\":[]}"
      })
  void emitsNothingWhereNothingIsAskedFor(String body) throws Exception {
    assertThat(read(body)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{\"secret\":1}] | the answer is a JSON array",
        "{\"outbound\":{\"secret\":1}} | the answer's outbound must be an array",
        "{\"outbound\":\"secret\"} | the answer's outbound must be an array",
        "{\"outbound\":[\"secret\"]} | the answer's outbound[0] must be an object",
        "{\"outbound\":[null]} | the answer's outbound[0] must be an object",
        "{\"outbound\":[{\"payload\":{}}]} | the answer's outbound[0].platform must be",
        "{\"outbound\":[{\"platform\":7,\"payload\":{}}]} | outbound[0].platform must be",
        "{\"outbound\":[{\"platform\":\"\",\"payload\":{}}]} | outbound[0].platform must be",
        "{\"outbound\":[{\"platform\":\"a secret\",\"payload\":{}}]} | outbound[0].platform must be",
        "{\"outbound\":[{\"platform\":\"p\"}]} | the answer's outbound[0].payload must be an object",
        "{\"outbound\":[{\"platform\":\"p\",\"payload\":{}},{\"platform\":\"p\",\"payload\":[\"secret\"]}]}"
            + " | the answer's outbound[1].payload must be an object",
        "{\"outbound\":[{\"platform\":\"p\",\"payload\":{\"a\":[18446744073709551616]}}]}"
            + " | the answer's outbound[0].payload has a whole number of more than 64 bits",
        "{\"outbound\":[{\"platform\":\"p\",\"payload\":{\"a\":-9223372036854775809}}]}"
            + " | the answer's outbound[0].payload has a whole number of more than 64 bits",
        "{\"outbound\":secret} | not well-formed JSON: error at line 1, column",
        "{\"outbound\":[] | not well-formed JSON: error at line 1, column",
        "{} secret | not well-formed JSON: error at line 1, column",
        "   | not well-formed JSON"
      })
  void refusesAnyOtherShapeAndSaysWhereButNotWhat(String body, String why) {
    String text = body == null ? " " : body;

    assertThatThrownBy(() -> read(text))
        .isInstanceOf(PermanentFailure.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("secret")
        .hasNoCause();
  }

  @Test
  void refusesABrokenEncoding() {
    byte[] latin = "{\"a\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);

    assertThatThrownBy(() -> EmittedMessages.read(latin))
        .isInstanceOf(PermanentFailure.class)
        .hasMessageContaining("not well-formed JSON");
  }

  private static List<OutboundMessage> read(String body) throws PermanentFailure {
    return EmittedMessages.read(body.getBytes(StandardCharsets.UTF_8));
  }
}
