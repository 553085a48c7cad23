package io.streamfleet.worker.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PersistentTest {

  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final EventLoop loop =
      new EventLoop("test", System::nanoTime, () -> {}, bug -> heard.add("bug " + bug));
  private final Persistent persistent =
      new Persistent(
          loop,
          RandomGenerator.getDefault(),
          new CallReport() {
            @Override
            public void failed(String operation, Throwable failure) {
              heard.add(operation + ": " + failure.getMessage());
            }

            @Override
            public void worked(String operation) {
              heard.add(operation + " works");
            }
          });

  @BeforeEach
  void start() {
    loop.start();
  }

  @AfterEach
  void stop() throws Exception {
    loop.stop(Duration.ofSeconds(5));
  }

  /** One outcome after the other. */
  private static Supplier<CompletableFuture<String>> calls(
      List<Supplier<CompletableFuture<String>>> outcomes) {
    ArrayDeque<Supplier<CompletableFuture<String>>> left = new ArrayDeque<>(outcomes);
    return () -> left.removeFirst().get();
  }

  private static Supplier<CompletableFuture<String>> fails(String why) {
    return () -> CompletableFuture.failedFuture(new IllegalStateException(why));
  }

  private static Supplier<CompletableFuture<String>> throwing(String why) {
    return () -> {
      throw new IllegalStateException(why);
    };
  }

  private static Supplier<CompletableFuture<String>> ends(String value) {
    return () -> CompletableFuture.completedFuture(value);
  }

  @Test
  void callsThatThrowAreRepeatedLikeThoseThatFail() {
    loop.execute(
        () ->
            persistent.call(
                "write",
                calls(List.of(throwing("first"), fails("second"), ends("done"))),
                heard::add));

    await().until(() -> heard.contains("done"));
    assertThat(heard).containsExactly("write: first", "write: second", "write works", "done");
    assertThat(persistent.open()).isZero();
    assertThat(persistent.fails("write")).isFalse();
  }

  @Test
  void anErrorIsNoReasonToForgetACall() {
    loop.execute(
        () ->
            persistent.call(
                "write",
                calls(
                    List.of(
                        () -> {
                          throw new StackOverflowError("deep");
                        },
                        ends("done"))),
                heard::add));

    await().until(() -> heard.contains("done"));
    assertThat(persistent.open()).isZero();
  }

  @Test
  void aKindOfCallWorksAgainWhenNoneOfItFailsAnyMore() {
    CompletableFuture<String> pending = new CompletableFuture<>();
    loop.execute(
        () -> {
          persistent.call("write", calls(List.of(fails("a"), () -> pending)), heard::add);
          persistent.call("write", calls(List.of(fails("b"), ends("b done"))), heard::add);
          persistent.call("other", calls(List.of(ends("other done"))), heard::add);
        });

    await().until(() -> heard.contains("b done"));
    assertThat(heard).contains("other done").doesNotContain("write works", "other works");
    pending.complete("a done");
    await().until(() -> heard.contains("a done"));
    assertThat(heard).contains("write works");
  }
}
