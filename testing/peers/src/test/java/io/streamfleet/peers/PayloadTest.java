package io.streamfleet.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

class PayloadTest {

  @Test
  void readsEveryKindOfValue() throws Exception {
    MessageBufferPacker packer = MessagePack.newDefaultBufferPacker();
    packer.packMapHeader(6);
    packer.packString("text").packString("ü");
    packer.packString("integer").packLong(1_794_614_400_000_000L);
    packer.packString("float").packDouble(0.5);
    packer.packString("flag").packBoolean(true);
    packer.packString("nothing").packNil();
    packer.packString("list").packArrayHeader(2).packInt(1);
    packer.packMapHeader(1).packString("in").packString("it");

    Map<String, Object> payload = Payload.read(packer.toByteArray());

    assertThat(payload)
        .containsExactly(
            Map.entry("text", "ü"),
            Map.entry("integer", 1_794_614_400_000_000L),
            Map.entry("float", 0.5),
            Map.entry("flag", true),
            Map.entry("list", List.of(1L, Map.of("in", "it"))));
  }

  @Test
  void anEntryWithoutAChannelIsOfTheGlobalOne() {
    assertThat(Payload.channel(Map.of())).isEqualTo("global");
    assertThat(Payload.channel(Map.of("channel_id", 7L))).isEqualTo("7");
  }

  @Test
  void refusesWhatIsNoMap() {
    assertThatThrownBy(() -> Payload.read(new byte[] {(byte) 0xc1}))
        .hasMessageContaining("no msgpack map");
  }
}
