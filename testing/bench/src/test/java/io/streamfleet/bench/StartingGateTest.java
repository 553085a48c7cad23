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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

  @AutoClose private final ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor();

  /** One entry at a time, until it got one. */
  @SuppressWarnings("unchecked") // Lettuce takes the streams as varargs of a generic type.
  private Future<String> reads(String consumer) {
    return tasks.submit(
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
  void nobodyReadsBeforeAllWait() throws Exception {
    Path noJar = folder.resolve("no.jar");
    PrintWriter progress = new PrintWriter(new StringWriter());
    Lab lab = new Lab(redis, true, folder, List.of(), List.of(), noJar, noJar, progress);
    redis.provide(STREAM, new Messages(10), ENTRIES);
    redis.rewind(STREAM, Lab.GROUP, ENTRIES);
    StartingGate gate = new StartingGate(lab, List.of(STREAM));

    Future<String> first = reads("first");
    Future<?> opened =
        tasks.submit(
            () -> {
              gate.openFor(2, List.of());
              return null;
            });

    await()
        .during(Duration.ofMillis(500))
        .atMost(Duration.ofSeconds(5))
        .until(() -> delivered() == 0 && !first.isDone() && !opened.isDone());

    Future<String> second = reads("second");
    await().atMost(Duration.ofSeconds(20)).until(() -> first.isDone() && second.isDone());
    assertThat(opened).succeedsWithin(Duration.ofSeconds(5));
    assertThat(first.get()).isNotEqualTo(second.get());
    assertThat(delivered()).isEqualTo(2);
  }
}
