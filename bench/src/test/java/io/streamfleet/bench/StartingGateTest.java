package io.streamfleet.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.Consumer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.streamfleet.embedded.RedisServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fleet begins its lap together, whoever of it is there first. */
class StartingGateTest {

  private static final String STREAM = "bench:gate";
  private static final int ENTRIES = 100;

  @AutoClose private final RedisServer server = RedisServer.plain();
  @AutoClose private final Observer redis = new Observer(server.url());

  @AutoClose("shutdown")
  private final RedisClient readers = RedisClient.create(server.url());

  @TempDir Path folder;

  /** One entry at a time, until it got one. */
  @SuppressWarnings("unchecked") // Lettuce takes the streams as varargs of a generic type.
  private CompletableFuture<String> reads(String consumer) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (StatefulRedisConnection<String, String> connection = readers.connect()) {
            List<StreamMessage<String, String>> read = List.of();
            while (read.isEmpty()) {
              read =
                  connection
                      .sync()
                      .xreadgroup(
                          Consumer.from(Lab.GROUP, consumer),
                          XReadArgs.Builder.block(Duration.ofSeconds(30)).count(1),
                          StreamOffset.lastConsumed(STREAM));
            }
            return read.getFirst().getId();
          }
        });
  }

  private long delivered() {
    return redis.progress(STREAM, Lab.GROUP).pending();
  }

  @Test
  void nobodyReadsBeforeAllWait() throws InterruptedException {
    Path noJar = folder.resolve("no.jar");
    PrintWriter progress = new PrintWriter(new StringWriter());
    Lab lab =
        new Lab(
            redis, true, folder, List.of(), List.of(), noJar, noJar, progress, new Gaps(progress));
    redis.provide(STREAM, new Messages(10), ENTRIES);
    redis.rewind(STREAM, Lab.GROUP, ENTRIES);
    StartingGate gate = new StartingGate(lab, STREAM);

    CompletableFuture<String> first = reads("first");
    CompletableFuture<Void> opened =
        CompletableFuture.runAsync(
            () -> {
              try {
                gate.openFor(2, List.of(), ENTRIES);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });

    await()
        .during(Duration.ofMillis(500))
        .atMost(Duration.ofSeconds(5))
        .until(() -> delivered() == 0 && !first.isDone() && !opened.isDone());

    CompletableFuture<String> second = reads("second");
    await().atMost(Duration.ofSeconds(20)).until(() -> first.isDone() && second.isDone());
    assertThat(opened).succeedsWithin(Duration.ofSeconds(5));
    assertThat(first.join()).isNotEqualTo(second.join());
    assertThat(delivered()).isEqualTo(2);
  }
}
