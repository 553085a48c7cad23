package io.streamfleet.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderScanTest {

  private final byte[] inbound = PythonPayload.named("inbound").bytes();

  @Test
  void everyFieldOfTheHeaderIsFound() throws Undecodable {
    Header header = new HeaderScan("channel_id").scan(inbound);

    assertThat(header.channel()).isEqualTo("112233445566778899");
    assertThat(header.addressed()).isTrue();
    assertThat(header.traceId()).contains("6f1c2a52-8e0d-4f0e-9d55-0a1b2c3d4e5f");
    assertThat(header.messageId()).contains("1309876543210987654");
    assertThat(header.platform()).contains("discord");
    assertThat(header.userId()).contains("998877665544332211");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"user_id", "trace_id", "message_id", "platform", "channel_key", "username"})
  void anyFieldMayOrder(String field) throws Undecodable {
    Object expected = new WirePayload(inbound).toMap().get(field);

    Header header = new HeaderScan(field).scan(inbound);

    assertThat(header.channel()).isEqualTo(expected);
    assertThat(header.userId()).contains("998877665544332211");
  }

  @Test
  void aFieldOfTheSameLengthIsNotTakenForAnother() throws Undecodable {
    byte[] payload =
        new PayloadWriter()
            .write(
                Map.of(
                    "user_ix",
                    1,
                    "trace_ix",
                    2,
                    "platforn",
                    3,
                    "message_ix",
                    4,
                    "channel_ix",
                    5,
                    "is_addresses",
                    false));

    Header header = new HeaderScan("channel_id").scan(payload);

    assertThat(header.channel()).isEqualTo("global");
    assertThat(header.addressed()).isTrue();
    assertThat(header.userId()).isEmpty();
    assertThat(header.traceId()).isEmpty();
    assertThat(header.platform()).isEmpty();
    assertThat(header.messageId()).isEmpty();
  }

  @Test
  void aTextThatIsNoTextIsAbsent() throws Undecodable {
    byte[] payload = new PayloadWriter().write(Map.of("trace_id", new byte[] {1}, "user_id", true));

    Header header = new HeaderScan("channel_id").scan(payload);

    assertThat(header.traceId()).isEmpty();
    assertThat(header.userId()).contains("True");
  }

  @Test
  void oneSchemaVersionIsSupported() {
    assertThatCode(() -> EntryFields.requireSupported(null)).doesNotThrowAnyException();
    assertThatCode(() -> EntryFields.requireSupported(bytes("1"))).doesNotThrowAnyException();
    for (String other : new String[] {"", "2", "11", "1.0", " 1", "v1"}) {
      assertThatExceptionOfType(Undecodable.class)
          .isThrownBy(() -> EntryFields.requireSupported(bytes(other)))
          .satisfies(e -> assertThat(e.reason().label()).isEqualTo("schema"));
    }
    assertThat(Undecodable.Reason.PAYLOAD.label()).isEqualTo("undecodable");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
