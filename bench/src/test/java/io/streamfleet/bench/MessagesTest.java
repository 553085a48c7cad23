package io.streamfleet.bench;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessagePack;
import org.msgpack.value.ValueFactory;

class MessagesTest {

  @Test
  void anEntryHasAboutThreeHundredBytes() {
    Map<String, byte[]> entry = new Messages(1_000).entry(123_456);

    int size =
        entry.entrySet().stream()
            .mapToInt(field -> field.getKey().length() + field.getValue().length)
            .sum();
    assertThat(size).isBetween(290, 330);
    assertThat(entry.get("data")).hasSizeBetween(230, 260);
  }

  @Test
  void entriesAreSpreadOverAllChannels() {
    Messages messages = new Messages(100);

    Set<String> channels = new HashSet<>();
    LongStream.range(0, 5_000).forEach(n -> channels.add(channel(messages.entry(n))));
    assertThat(channels).hasSize(100);
  }

  private static String channel(Map<String, byte[]> entry) {
    try (var unpacker = MessagePack.newDefaultUnpacker(entry.get("data"))) {
      var fields = unpacker.unpackValue().asMapValue().map();
      return requireNonNull(fields.get(ValueFactory.newString("channel_id"))).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
