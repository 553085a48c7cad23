package io.streamfleet.worker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.handler.Direction;
import io.streamfleet.redis.EntryId;
import io.streamfleet.wire.HeaderScan;
import io.streamfleet.wire.Undecodable;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.RawEntry;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.fleet.Traffic;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LockKeysTest {

  private static final StreamConsumer IN = new StreamConsumer(Direction.INBOUND, "in", "g", "w1");

  @Test
  void namesTheChannel() throws Exception {
    LockKeys keys = new LockKeys("lock:{channel}:{channel}", Optional.empty());

    assertThat(keys.keyOf(entry("{\"channel_id\":\"c\",\"platform\":\"p\"}")))
        .isEqualTo("lock:c:c");
    assertThat(keys.keyOf(entry("{}"))).isEqualTo("lock:global:global");
    assertThat(keys.groupOf(entry("{\"channel_id\":\"c\"}"))).isEqualTo("c");
  }

  @Test
  void namesThePlatformWhoseStreamIsRead() throws Exception {
    LockKeys keys = new LockKeys("lock:{platform}:{channel}", Optional.of("matrix"));

    assertThat(keys.keyOf(entry("{\"channel_id\":\"c\",\"platform\":\"p\"}")))
        .isEqualTo("lock:matrix:c");
    assertThat(keys.groupOf(entry("{\"channel_id\":\"c\"}"))).isEqualTo("c");
  }

  @Test
  void namesThePlatformOfThePayloadWhereAStreamIsForAll() throws Exception {
    LockKeys keys = new LockKeys("{platform}/{channel}", Optional.empty());
    Entry one = entry("{\"channel_id\":\"c\",\"platform\":\"p\"}");
    Entry other = entry("{\"channel_id\":\"c\",\"platform\":\"q\"}");

    assertThat(keys.keyOf(one)).isEqualTo("p/c");
    assertThat(keys.keyOf(entry("{\"channel_id\":\"c\"}"))).isEqualTo("/c");
    assertThat(keys.groupOf(one)).isNotEqualTo(keys.groupOf(other));
    assertThat(keys.groupOf(one)).isEqualTo(keys.keyOf(one));
  }

  /** The sender of a message chooses the names, which can contain placeholders. */
  @Test
  void replacesNothingWithinNames() throws Exception {
    Entry entry = entry("{\"channel_id\":\"{platform}{channel}\",\"platform\":\"{channel}\"}");

    assertThat(new LockKeys("{platform}-{channel}", Optional.empty()).keyOf(entry))
        .isEqualTo("{channel}-{platform}{channel}");
    assertThat(new LockKeys("{platform}-{channel}", Optional.of("p")).keyOf(entry))
        .isEqualTo("p-{platform}{channel}");
  }

  private static Entry entry(String json) throws Undecodable {
    byte[] data = Traffic.text(json);
    return new Entry(
        IN,
        new RawEntry(EntryId.parse("1-1"), 1, RawEntry.Content.WHOLE, data, null, null),
        data,
        new HeaderScan("channel_id").scan(data),
        0,
        0);
  }
}
