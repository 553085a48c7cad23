package io.streamfleet.bench;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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

  @Test
  void skewedEntriesFollowZipfsLaw() {
    Messages messages = Messages.skewed(1_000);
    long all = 200_000;

    long[] perChannel = new long[1_000];
    LongStream.range(0, all)
        .mapToObj(n -> (String) requireNonNull(messages.payload(n).get("channel_id")))
        .mapToInt(id -> (int) (Long.parseLong(id) - 1_100_000_000_000_000_000L))
        .forEach(channel -> perChannel[channel]++);

    // The sum of 1/k up to 1,000 is 7.485, up to 10 it is 2.929.
    assertThat((double) perChannel[0] / all).isCloseTo(1 / 7.485, within(0.005));
    assertThat((double) perChannel[1] / perChannel[0]).isCloseTo(0.5, within(0.05));
    assertThat((double) LongStream.of(perChannel).limit(10).sum() / all)
        .isCloseTo(2.929 / 7.485, within(0.01));
    assertThat(messages.payload(7)).isEqualTo(Messages.skewed(1_000).payload(7));
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
