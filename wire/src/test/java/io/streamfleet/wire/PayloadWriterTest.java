package io.streamfleet.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PayloadWriterTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final PayloadWriter writer = new PayloadWriter();

  @ParameterizedTest
  @MethodSource("io.streamfleet.wire.PythonPayload#likeJson")
  void jsonBecomesWhatPythonWrites(PythonPayload payload) {
    if (payload.line().get("packed").booleanValue()) {
      assertThat(writer.write((ObjectNode) payload.json())).isEqualTo(payload.bytes());
    }
  }

  @Test
  void numbersOfAnyWidthAreWrittenAsPythonWritesThem() {
    assertThat(hex(writer.write(Map.of("a", (byte) 1)))).isEqualTo("81a16101");
    assertThat(hex(writer.write(Map.of("a", (short) -200)))).isEqualTo("81a161d1ff38");
    assertThat(hex(writer.write(Map.of("a", 300)))).isEqualTo("81a161cd012c");
    assertThat(hex(writer.write(Map.of("a", BigInteger.TWO.pow(64).subtract(BigInteger.ONE)))))
        .isEqualTo("81a161cfffffffffffffffff");
    assertThat(hex(writer.write(Map.of("a", 0.5f)))).isEqualTo("81a161cb3fe0000000000000");
    assertThat(hex(writer.write(Map.of("a", new BigDecimal("0.5")))))
        .isEqualTo("81a161cb3fe0000000000000");
    assertThat(hex(writer.write(Map.of("a", new StringBuilder("é"))))).isEqualTo("81a161a2c3a9");
  }

  @Test
  void whatNoWorkerCouldReadIsRefused() {
    Map<String, Object> endless = new HashMap<>();
    endless.put("self", List.of(endless));
    ObjectNode deep = JSON.createObjectNode();
    ObjectNode inner = deep;
    for (int i = 0; i < HeaderScan.MAX_DEPTH; i++) {
      inner = inner.putObject("a");
    }

    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.write(endless))
        .withMessageContaining("contains itself");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.write(deep))
        .withMessageContaining("nested deeper");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.write(Map.of("a", Instant.EPOCH)))
        .withMessageContaining("java.time.Instant");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.write(Map.of("a", Map.of(1, 2))))
        .withMessageContaining("key");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.write(Map.of("a", BigInteger.TWO.pow(64))))
        .withMessageContaining("64 bits");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                writer.write(Map.of("a", BigInteger.TWO.pow(63).negate().subtract(BigInteger.ONE))))
        .withMessageContaining("64 bits");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.write(JSON.createObjectNode().putPOJO("a", this)))
        .withMessageContaining("plain JSON");
  }

  @Test
  void jsonNodesOfEveryTypeAreWritten() {
    ObjectNode node =
        JSON.createObjectNode().put("a", new byte[] {1, 2}).putNull("b").put("c", true);

    assertThat(hex(writer.write(node))).isEqualTo("83a161c4020102a162c0a163c3");
  }

  @Test
  void anEntryHasTheFieldsOfTheOriginal() {
    byte[] payload = {(byte) 0x80};
    Map<String, byte[]> fields =
        EntryFields.fields(payload, Instant.ofEpochSecond(1732372000, 123_456_700), "trace");

    assertThat(fields.keySet()).containsExactly("data", "ts", "trace_id");
    assertThat(fields.get("data")).isSameAs(payload);
    assertThat(new String(fields.get("ts"), UTF_8)).isEqualTo("1732372000.1234567");
    assertThat(new String(fields.get("trace_id"), UTF_8)).isEqualTo("trace");
    assertThat(EntryFields.timestamp(Instant.ofEpochSecond(1732372000))).isEqualTo("1732372000.0");
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
