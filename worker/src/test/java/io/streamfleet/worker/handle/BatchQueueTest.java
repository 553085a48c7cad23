package io.streamfleet.worker.handle;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.api.BatchSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchQueueTest {

  private static final Duration LONG = Duration.ofHours(1);

  private final List<List<String>> sent = new ArrayList<>();
  private final List<Runnable> timers = new ArrayList<>();

  private BatchQueue<String> queue(int maxSize, Duration linger) {
    return new BatchQueue<>(
        new BatchSpec(maxSize, linger), 100, (task, _) -> timers.add(task), () -> {}, sent::add);
  }

  @Test
  void aBatchIsSentWhenItIsFull() {
    BatchQueue<String> queue = queue(2, LONG);

    queue.add("a", 1);
    queue.turn();
    assertThat(sent).isEmpty();
    queue.add("b", 1);
    queue.add("c", 1);

    assertThat(sent).containsExactly(List.of("a", "b"));
  }

  @Test
  void aBatchIsSentWithoutAMemberThatWouldMakeItTooLong() {
    BatchQueue<String> queue = queue(10, LONG);

    queue.add("a", 60);
    queue.add("b", 60);
    queue.add("c", 40);

    assertThat(sent).containsExactly(List.of("a"), List.of("b", "c"));
  }

  @Test
  void aMemberThatIsTooLongForAnyBatchIsAloneInOne() {
    BatchQueue<String> queue = queue(10, LONG);

    queue.add("a", 1);
    queue.add("long", 1000);
    queue.add("b", 1);

    assertThat(sent).containsExactly(List.of("a"), List.of("long"));
  }

  @Test
  void aBatchIsSentWhenItsFirstMemberHasWaited() {
    BatchQueue<String> queue = queue(10, Duration.ZERO);

    queue.add("a", 1);
    queue.add("b", 1);
    queue.turn();

    assertThat(sent).containsExactly(List.of("a", "b"));
    assertThat(timers).isEmpty();
  }

  @Test
  void oneTimerWaitsForTheBatchThatIsGathered() {
    BatchQueue<String> queue = queue(2, LONG);

    queue.add("a", 1);
    queue.turn();
    queue.add("b", 1);
    queue.add("c", 1);
    queue.turn();
    assertThat(timers).hasSize(1);

    timers.removeFirst().run();
    queue.turn();

    assertThat(timers).hasSize(1);
    assertThat(sent).containsExactly(List.of("a", "b"));
  }
}
