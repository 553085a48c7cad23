package io.streamfleet.worker.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventLoopTest {

  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger turns = new AtomicInteger();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final List<String> said = new CopyOnWriteArrayList<>();
  private final EventLoop loop =
      new EventLoop("test", now::get, turns::incrementAndGet, failures::add);

  @AfterEach
  void stop() throws Exception {
    loop.stop(Duration.ofSeconds(5));
  }

  @Test
  void runsTasksInTheOrderInWhichTheyWereHandedOver() {
    loop.start();
    for (int i = 0; i < 5_000; i++) {
      String number = "" + i;
      loop.execute(() -> said.add(number));
    }
    await().until(() -> said.size() == 5_000);
    assertThat(said).isSortedAccordingTo((a, b) -> Integer.parseInt(a) - Integer.parseInt(b));
    assertThat(turns.get()).as("turns, each of 1024 tasks at the most").isGreaterThanOrEqualTo(5);
  }

  @Test
  void runsTimersByTheirTimeAndThoseOfOneTimeInTheirOrder() {
    loop.start();
    loop.execute(
        () -> {
          loop.after(Duration.ofMillis(20), () -> said.add("late"));
          loop.after(Duration.ofMillis(10), () -> said.add("first of two"));
          loop.after(Duration.ofMillis(10), () -> said.add("second of two"));
          loop.after(Duration.ofMillis(5), () -> said.add("cancelled")).cancel();
          loop.after(Duration.ofMillis(-5), () -> said.add("overdue"));
        });
    await().until(() -> said.contains("overdue"));
    assertThat(said).containsExactly("overdue");

    now.set(Duration.ofMillis(10).toNanos());
    loop.execute(() -> {});
    await().until(() -> said.size() == 3);
    now.set(Duration.ofMillis(30).toNanos());
    loop.execute(() -> {});
    await().until(() -> said.size() == 4);

    assertThat(said).containsExactly("overdue", "first of two", "second of two", "late");
  }

  @Test
  void goesOnAfterATaskOrATimerThatThrows() {
    loop.start();
    loop.execute(
        () -> {
          throw new IllegalStateException("task");
        });
    loop.execute(
        () ->
            loop.afterNanos(
                0,
                () -> {
                  throw new AssertionError("timer");
                }));
    loop.execute(() -> said.add("after"));

    await().until(() -> said.contains("after") && failures.size() == 2);
    assertThat(failures).extracting(Throwable::getMessage).containsExactly("task", "timer");
  }

  @Test
  void goesOnThoughWhoIsToldOfAFailureFails() throws Exception {
    loop.start();
    EventLoop deaf =
        new EventLoop(
            "deaf",
            now::get,
            () -> {},
            failure -> {
              throw new NoClassDefFoundError("what would tell it");
            });
    deaf.start();
    try {
      deaf.execute(
          () -> {
            throw new IllegalStateException("task");
          });
      deaf.execute(() -> said.add("after"));
      await().until(() -> said.contains("after"));
    } finally {
      deaf.stop(Duration.ofSeconds(5));
    }
  }

  @Test
  void wakesUpForATaskThatComesWhileItSleepsAndKnowsItsThread() {
    loop.start();
    await().until(() -> turns.get() > 0);
    loop.execute(() -> said.add("on thread: " + loop.isOnThread()));
    await().until(() -> !said.isEmpty());
    assertThat(said).containsExactly("on thread: true");
    assertThat(loop.isOnThread()).isFalse();
  }
}
