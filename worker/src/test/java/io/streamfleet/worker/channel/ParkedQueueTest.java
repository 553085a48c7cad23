package io.streamfleet.worker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.handler.Direction;
import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.StreamConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ParkedQueueTest {

  private static final StreamConsumer A = new StreamConsumer(Direction.INBOUND, "a", "g", "w1");
  private static final StreamConsumer B = new StreamConsumer(Direction.INBOUND, "b", "g", "w1");

  private final ParkedQueue queue = new ParkedQueue();

  private static ParkedEntry entry(StreamConsumer stream, long id) {
    return new ParkedEntry(stream, new EntryId(id, 0));
  }

  private void add(ParkedEntry... entries) {
    queue.addAll(List.of(entries));
  }

  private List<String> ids() {
    return queue.stream().map(it -> it.stream().stream() + it.id().millis()).toList();
  }

  @Test
  void newEntriesAreLastAndOlderEntriesFirst() {
    add(entry(A, 5), entry(A, 6));
    add(entry(A, 7));
    add(entry(A, 1), entry(A, 2));

    assertThat(ids()).containsExactly("a1", "a2", "a5", "a6", "a7");
  }

  @Test
  void entriesOfAStreamKeepItsOrder() {
    add(entry(A, 5), entry(B, 9), entry(A, 8));
    add(entry(B, 3), entry(A, 7), entry(A, 6), entry(B, 10));

    assertThat(ids().stream().filter(id -> id.startsWith("a")))
        .containsExactly("a5", "a6", "a7", "a8");
    assertThat(ids().stream().filter(id -> id.startsWith("b"))).containsExactly("b3", "b9", "b10");
  }

  @Test
  void removesEntriesAndKeepsTheOrderOfTheOthers() {
    add(entry(A, 1), entry(B, 1), entry(A, 2));

    queue.removeAll(A, Set.of(new EntryId(1, 0)));

    assertThat(ids()).containsExactly("b1", "a2");
    List<ParkedEntry> taken = new ArrayList<>();
    Stream.generate(queue::removeFirst).limit(2).forEach(taken::add);
    assertThat(taken).containsExactly(entry(B, 1), entry(A, 2));
    add(entry(A, 1));
    assertThat(ids()).containsExactly("a1");
  }
}
