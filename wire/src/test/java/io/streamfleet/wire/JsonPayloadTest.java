package io.streamfleet.wire;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A payload in JSON is read as strictly as one in msgpack, with the same meaning. */
class JsonPayloadTest {

  private final HeaderScan scan = new HeaderScan("channel_id");

  @Test
  void theHeaderIsReadWhateverIsAroundIt() throws Undecodable {
    Header header =
        scan(
            "\n\t {\"a\": {\"channel_id\": \"no\"}, \"channel_id\": \"c\\u00e9\", \"platform\": \"irc\","
                + " \"user_id\": 7, \"message_id\": \"m\", \"trace_id\": \"t\", \"b\": [1]}\r\n");

    assertThat(header.channel()).isEqualTo("cé");
    assertThat(header.addressed()).isTrue();
    assertThat(header.platform()).contains("irc");
    assertThat(header.userId()).contains("7");
    assertThat(header.messageId()).contains("m");
    assertThat(header.traceId()).contains("t");
  }

  @Test
  void theLastOfTwoCounts() throws Undecodable {
    Header header =
        scan(
            "{\"channel_id\": [1], \"is_addressed\": true, \"channel_id\": \"b\", \"is_addressed\": 0}");

    assertThat(header.channel()).isEqualTo("b");
    assertThat(header.addressed()).isFalse();
    assertThat(new WirePayload("{\"a\": 1, \"a\": 2}".getBytes(UTF_8)).toMap())
        .containsEntry("a", 2L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "true|True",
        "false|global",
        "null|global",
        "\"\"|global",
        "0|global",
        "-0|global",
        "0.0|global",
        "-0.0e5|global",
        "[]|global",
        "{}|global",
        "12|12",
        "-7|-7",
        "1e2|100.0",
        "123456789012345678901234567890|123456789012345678901234567890",
        "1e999|inf",
        "0.1|0.1"
      })
  void channelsAreAsInPython(String value, String channel) throws Undecodable {
    assertThat(scan("{\"channel_id\": " + value + "}").channel()).isEqualTo(channel);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,}",
        "{} {}",
        "{}x",
        " []",
        " 1",
        " ",
        "{'a':1}",
        "{a:1}",
        "{\"a\":NaN}",
        "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":.5}",
        "{\"a\":1}//",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\ud83d\"}",
        "{\"\\ude00\":1}",
        "{\"a\":[\"\\ude00\\ud83d\"]}",
        "{\"channel_id\":[1]}",
        "{\"channel_id\":{\"a\":1}}",
        "{\"a\":[1}",
        "{\"a\":[1,2"
      })
  void whatIsNotOneObjectIsRefused(String json) {
    assertThatExceptionOfType(Undecodable.class)
        .isThrownBy(() -> scan(json))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Undecodable.Reason.PAYLOAD))
        .withMessageStartingWith("payload, byte ");
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    for (byte[] text :
        new byte[][] {
          {(byte) 0xe9}, {(byte) 0xc0, (byte) 0x80}, {(byte) 0xed, (byte) 0xa0, (byte) 0x80}
        }) {
      byte[] json = ("{\"a\":\"" + "x".repeat(text.length) + "\"}").getBytes(UTF_8);
      System.arraycopy(text, 0, json, 6, text.length);
      assertThatExceptionOfType(Undecodable.class)
          .isThrownBy(() -> scan.scan(json))
          .withMessage("payload, byte 6: text that is not UTF-8");
    }
    assertThatExceptionOfType(Undecodable.class)
        .isThrownBy(() -> scan.scan("{\"a\":1}".getBytes(UTF_16LE)))
        .withMessageContaining("zero byte");
  }

  @Test
  void nestingIsLimitedAsInMsgpack() throws Undecodable {
    assertThat(scan(nested(HeaderScan.MAX_DEPTH)).channel()).isEqualTo("global");
    assertThatExceptionOfType(Undecodable.class)
        .isThrownBy(() -> scan(nested(HeaderScan.MAX_DEPTH + 1)))
        .withMessageContaining("nested deeper");
    assertThatExceptionOfType(Undecodable.class).isThrownBy(() -> scan(nested(100_000)));
  }

  @Test
  void aReasonNeverHasContentInIt() {
    assertThatExceptionOfType(Undecodable.class)
        .isThrownBy(() -> scan("{\"a\": secret}"))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
  }

  @Test
  void valuesBecomePlainJava() {
    byte[] json =
        "{\"l\":[1,18446744073709551615,0.5,true,false,null,\"é\"],\"m\":{\"k\":{}}}"
            .getBytes(UTF_8);
    Map<String, Object> map = new WirePayload(json).toMap();

    assertThat(map.get("l"))
        .isEqualTo(
            java.util.Arrays.asList(
                1L, new BigInteger("18446744073709551615"), 0.5, true, false, null, "é"));
    assertThat(map).containsEntry("m", Map.of("k", Map.of()));
    assertThat(new WirePayload(json).raw()).isSameAs(json);
  }

  @Test
  void payloadsThatWereNotScannedAreRefusedLater() {
    for (String json : List.of("{", "{} {}", " [1]", "{\"a\":[")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new WirePayload(json.getBytes(UTF_8)).toMap())
          .withCauseInstanceOf(Undecodable.class);
    }
  }

  private Header scan(String json) throws Undecodable {
    return scan.scan(json.getBytes(UTF_8));
  }

  private static String nested(int levels) {
    return "{\"a\":" + "[".repeat(levels - 1) + "]".repeat(levels - 1) + "}";
  }
}
