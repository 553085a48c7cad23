package io.streamfleet.console.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedTest {

  private final AtomicInteger asked = new AtomicInteger();

  private int ask() {
    return asked.incrementAndGet();
  }

  @Test
  void whoAsksWhileSomebodyElseDoesWaitsForTheSameAnswer() throws Exception {
    Shared<String, Integer> shared = new Shared<>(Duration.ofHours(1), 10);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        answers.add(
            threads.submit(
                () ->
                    shared.get(
                        "k",
                        () -> {
                          begun.countDown();
                          awaitQuietly(answer);
                          return ask();
                        })));
      }
      begun.await();
      answer.countDown();
      for (Future<Integer> each : answers) {
        assertThat(each.get()).isEqualTo(1);
      }
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void anOldAnswerIsAskedForAgainAndSoIsOneThatWasForgotten() {
    Shared<String, Integer> never = new Shared<>(Duration.ZERO, 10);
    Shared<String, Integer> shared = new Shared<>(Duration.ofHours(1), 10);

    assertThat(never.get("k", this::ask)).isEqualTo(1);
    assertThat(never.get("k", this::ask)).isEqualTo(2);
    assertThat(shared.get("k", this::ask)).isEqualTo(3);
    assertThat(shared.get("k", this::ask)).isEqualTo(3);
    shared.forgetAll();
    assertThat(shared.get("k", this::ask)).isEqualTo(4);
  }

  @Test
  void noMoreAnswersAreKeptThanAllowed() {
    Shared<Integer, Integer> shared = new Shared<>(Duration.ofHours(1), 2);
    shared.get(1, this::ask);
    shared.get(2, this::ask);
    shared.get(1, this::ask);
    shared.get(3, this::ask);

    assertThat(shared.get(1, this::ask)).isEqualTo(1);
    assertThat(shared.get(2, this::ask)).isEqualTo(4);
  }

  @Test
  void aFailureIsToldToAllWhoAsk() {
    Shared<String, Integer> shared = new Shared<>(Duration.ofHours(1), 2);

    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(
              () ->
                  shared.get(
                      "k",
                      () -> {
                        ask();
                        throw new IllegalStateException("no");
                      }))
          .isInstanceOf(IllegalStateException.class);
    }

    assertThat(asked).hasValue(1);
  }
}
