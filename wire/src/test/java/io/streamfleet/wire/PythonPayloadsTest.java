package io.streamfleet.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Payloads of the original are read as the original reads them, and written as it writes them. */
class PythonPayloadsTest {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final HeaderScan scan = new HeaderScan("channel_id");

  @ParameterizedTest
  @MethodSource("io.streamfleet.wire.PythonPayload#good")
  void headersAreWhatPythonReads(PythonPayload payload) throws Undecodable {
    Header header = scan.scan(payload.bytes());

    assertThat(header.channel()).isEqualTo(payload.channel());
    assertThat(header.addressed()).isEqualTo(payload.addressed());
    assertThat(header.traceId())
        .isEqualTo(Optional.ofNullable(payload.line().get("trace_id").textValue()));
  }

  @ParameterizedTest
  @MethodSource("io.streamfleet.wire.PythonPayload#good")
  void jsonIsWhatPythonReads(PythonPayload payload) throws Exception {
    byte[] json = new WirePayload(payload.bytes()).toJson();

    assertThat(JSON.readTree(json)).isEqualTo(payload.json());
  }

  @ParameterizedTest
  @MethodSource("io.streamfleet.wire.PythonPayload#repackable")
  void whatIsWrittenIsWhatPythonWrites(PythonPayload payload) {
    byte[] written = new PayloadWriter().write(new WirePayload(payload.bytes()).toMap());

    assertThat(written).isEqualTo(payload.bytes());
  }

  @ParameterizedTest
  @MethodSource("io.streamfleet.wire.PythonPayload#bad")
  void badPayloadsAreRefusedWithAReasonAndWithoutContent(PythonPayload payload) {
    assertThatExceptionOfType(Undecodable.class)
        .isThrownBy(() -> scan.scan(payload.bytes()))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Undecodable.Reason.PAYLOAD))
        .withMessageContaining(payload.bytes().length == 0 ? "no payload" : payload.why());
  }

  @ParameterizedTest
  @MethodSource("io.streamfleet.wire.PythonPayload#likeJson")
  void theSamePayloadInJsonHasTheSameHeader(PythonPayload payload) throws Exception {
    byte[] json = new WirePayload(payload.bytes()).toJson();
    Header header = scan.scan(json);

    assertThat(header.channel()).isEqualTo(payload.channel());
    assertThat(header.addressed()).isEqualTo(payload.addressed());
    assertThat(new WirePayload(json).toJson()).isSameAs(json);
    assertThat(JSON.readTree(JSON.writeValueAsBytes(new WirePayload(json).toMap())))
        .isEqualTo(payload.json());
  }
}
