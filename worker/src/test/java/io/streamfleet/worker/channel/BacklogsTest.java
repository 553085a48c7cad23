package io.streamfleet.worker.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Direction;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A holder with a long backlog is handed no more entries; the backlog is counted in pages. */
class BacklogsTest {

  private static final StreamConsumer STREAM =
      new StreamConsumer(Direction.INBOUND, "in", "g", "w1");

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
  private final RedisConnector connector =
      RedisConnector.to(RedisSettings.plain(redis.url()), Duration.ofSeconds(1));
  private final Link link = connector.connect();
  private final EventLoop loop =
      new EventLoop("backlogs", System::nanoTime, () -> {}, failure -> {});
  private final GroupView group = new GroupView(traffic, "in", "g");
  private final Backlogs backlogs = new Backlogs(loop, link, STREAM, 2_500);

  @BeforeEach
  void start() {
    group.created();
    loop.start();
  }

  @AfterEach
  void stop() throws Exception {
    loop.stop(Duration.ofSeconds(1));
    connector.close();
    traffic.close();
    redis.close();
  }

  @Test
  void countsPendingEntriesOfAHolderInPages() {
    deliver("holder", 2_600);
    deliver("another", 2_600);
    deliver("idle", 2_400);

    await().until(() -> isFarBehind("holder"));
    assertThat(isFarBehind("idle")).isFalse();
    assertThat(isFarBehind("nobody")).isFalse();

    List<String> ids = group.rows().stream().map(GroupView.Row::id).limit(500).toList();
    traffic.redis().xack("in", "g", ids.toArray(String[]::new));
    await().until(() -> !isFarBehind("holder"));
  }

  @Test
  void addsEntriesHandedOverSinceTheCount() {
    deliver("holder", 10);
    assertThat(isFarBehind("holder")).isFalse();

    await()
        .until(
            () -> {
              // The entry is handed over while a count is in progress, which misses it.
              on(() -> backlogs.gave("holder", 2_600));
              return isFarBehind("holder");
            });

    // The entries were not handed over in fact, so the next count does not contain them.
    await().until(() -> !isFarBehind("holder"));
  }

  private void deliver(String consumer, int count) {
    for (int i = 0; i < count; i++) {
      traffic.publishRaw("in", new byte[0]);
    }
    group.deliverTo(consumer, count);
  }

  private boolean isFarBehind(String consumer) {
    return CompletableFuture.supplyAsync(() -> backlogs.isFarBehind(consumer), loop).join();
  }

  private void on(Runnable task) {
    CompletableFuture.runAsync(task, loop).join();
  }
}
