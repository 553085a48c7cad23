package io.streamfleet.worker.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.protocol.RedisStateMachine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.streamfleet.worker.entry.RawEntry;
import io.streamfleet.worker.entry.RawEntry.Content;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Replies of XREADGROUP as the two versions of the protocol write them; here | stands for the end
 * of a line.
 */
class EntriesOutputTest {

  private static final String RESP2 = "*1|*2|$2|in|";
  private static final String RESP3 = "%1|$2|in|";

  private static List<RawEntry> decode(String reply) {
    return decode(reply, new EntriesOutput(room(1_000)));
  }

  private static Room.Share room(long bytes) {
    return new Room(bytes, 1).share(() -> {});
  }

  private static List<RawEntry> decode(String reply, EntriesOutput output) {
    ByteBuf bytes = Unpooled.copiedBuffer(reply.replace("|", "\r\n"), StandardCharsets.UTF_8);
    // Byte by byte, as a slow network may bring it.
    RedisStateMachine machine = new RedisStateMachine();
    ByteBuf arrived = Unpooled.buffer();
    boolean complete = false;
    while (bytes.isReadable()) {
      assertThat(complete).as("the reply is complete only at its end").isFalse();
      arrived.writeByte(bytes.readByte());
      complete = machine.decode(arrived, output);
    }
    assertThat(complete).isTrue();
    return output.get();
  }

  private static String entry(String id, String... fieldsAndValues) {
    StringBuilder text = new StringBuilder("*2|").append(bulk(id));
    text.append('*').append(fieldsAndValues.length).append("|");
    for (String word : fieldsAndValues) {
      text.append(bulk(word));
    }
    return text.toString();
  }

  private static String bulk(String word) {
    return "$" + word.length() + "|" + word + "|";
  }

  private static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {RESP2, RESP3})
  void readsManyEntriesWithTheFieldsThatCount(String prefix) {
    List<RawEntry> entries =
        decode(
            prefix
                + "*3|"
                + entry("5-1", "data", "one", "ts", "1", "trace_id", "t1")
                + entry("5-2", "schema_version", "2", "tenant", "data", "data", "two")
                + entry("6-0", "other", "data", "trace_id", ""));

    assertThat(entries)
        .extracting(entry -> entry.id().toString())
        .containsExactly("5-1", "5-2", "6-0");
    assertThat(entries).extracting(entry -> text(entry.data())).containsExactly("one", "two", null);
    assertThat(entries).extracting(RawEntry::trace).containsExactly("t1", null, null);
    assertThat(entries)
        .extracting(entry -> text(entry.schemaVersion()))
        .containsExactly(null, "2", null);
    assertThat(entries)
        .allMatch(entry -> entry.content() == Content.WHOLE)
        .allMatch(entry -> entry.deliveries() == 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {RESP2, RESP3})
  void tellsAnEntryWithoutABodyFromOneWithoutFields(String prefix) {
    String nothing = prefix.equals(RESP3) ? "_|" : "*-1|";
    List<RawEntry> entries =
        decode(
            prefix
                + "*4|"
                + entry("5-1", "data", "one")
                + "*2|$3|5-2|"
                + nothing
                + "*2|$3|5-3|*0|"
                + entry("5-4", "data", "four"));

    assertThat(entries)
        .extracting(entry -> entry.id().toString())
        .containsExactly("5-1", "5-2", "5-3", "5-4");
    assertThat(entries)
        .extracting(RawEntry::content)
        .containsExactly(Content.WHOLE, Content.GONE, Content.WHOLE, Content.WHOLE);
    assertThat(entries)
        .extracting(entry -> text(entry.data()))
        .containsExactly("one", null, null, "four");
  }

  @ParameterizedTest
  @ValueSource(strings = {RESP2, RESP3})
  void readsEntriesThatWereClaimedWithTheirTwoNumbers(String prefix) {
    String claimed = "*4|" + bulk("5-1") + "*2|" + bulk("data") + bulk("one") + ":61234|:2|";
    List<RawEntry> entries = decode(prefix + "*2|" + claimed + entry("5-2", "data", "two"));

    assertThat(entries).extracting(entry -> entry.id().toString()).containsExactly("5-1", "5-2");
    assertThat(entries).extracting(entry -> text(entry.data())).containsExactly("one", "two");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*-1|", "_|", "%0|", "*0|", RESP2 + "*0|", RESP3 + "*0|"})
  void readsThatNothingCame(String reply) {
    assertThat(decode(reply)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {RESP2, RESP3})
  void keepsThePayloadsThatThereIsRoomForAndOfTheOthersTheId(String prefix) {
    Room.Share room = room(20);
    EntriesOutput output = new EntriesOutput(room);
    List<RawEntry> entries =
        decode(
            prefix
                + "*5|"
                + entry("5-1", "data", "ten ten te")
                + entry("5-2", "data", "nine nine")
                + entry("5-3", "data", "two", "trace_id", "t")
                + entry("5-4", "data", "1")
                + entry("5-5", "data", "more than ever"),
            output);

    assertThat(entries)
        .extracting(RawEntry::content)
        .containsExactly(
            Content.WHOLE, Content.WHOLE, Content.LEFT_OUT, Content.WHOLE, Content.TOO_LARGE);
    assertThat(room.taken()).isEqualTo(20);
    output.ended(3);
    assertThat(room.taken()).as("the rest is given back").isEqualTo(3);
    output.ended(0);
    assertThat(room.taken()).as("it ends once").isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {RESP2, RESP3})
  void tellsWhatWasNotLetIn(String prefix) {
    List<RawEntry> entries =
        decode(
            prefix + "*2|" + "*2|$3|5-1|*2|$4|data|$-1|" + "*2|$3|5-2|*4|$1|x|$-1|$4|data|$1|d|");

    assertThat(entries)
        .extracting(RawEntry::content)
        .containsExactly(Content.TOO_LARGE, Content.WHOLE);
  }

  @Test
  void takesNoRoomForAReplyThatNobodyWaitsForAnyMore() {
    Room.Share room = room(100);
    EntriesOutput output = new EntriesOutput(room);
    output.ended(0);
    decode(RESP3 + "*1|" + entry("5-1", "data", "late"), output);

    assertThat(room.taken()).isZero();
  }
}
