package io.streamfleet.commands.dlq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.cluster.SlotHash;
import io.streamfleet.commands.CommandRun;
import io.streamfleet.commands.Post;
import io.streamfleet.embedded.RedisCluster;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dead-letter commands in a Redis Cluster. */
class DlqClusterTest {

  private static final String SAME_SLOT = "{sg:stream:dlq}:inbound";

  private static RedisCluster cluster;

  @TempDir private Path folder;
  private Post post;

  @BeforeAll
  static void form() {
    cluster = RedisCluster.start();
  }

  @AfterAll
  static void dissolve() {
    cluster.close();
  }

  @BeforeEach
  void connect() {
    post = Post.inCluster(cluster.url(), folder);
    post.redis().flushall();
  }

  @AfterEach
  void disconnect() throws Exception {
    post.close();
  }

  private static String mark(String letter) {
    return "{sg:stream:inbound}:replayed:sg:stream:dlq:" + letter;
  }

  @Test
  void replaysAtomicallyIfTheStreamsShareASlot() {
    String letter = post.writeDeadLetter(SAME_SLOT, "1-0", "c", "max_attempts");

    assertThat(post.dlq("replay", "--id", letter).summary()).startsWith("replayed 1 dead letter,");

    assertThat(post.entries(SAME_SLOT)).hasSize(1);
    assertThat(post.count(Post.DEAD)).isZero();
    assertThat(post.redis().dbsize()).isEqualTo(2);
  }

  @Test
  void replaysAcrossSlotsAndLeavesAMarkThatExpires() {
    assertThat(SlotHash.getSlot(Post.INBOUND)).isNotEqualTo(SlotHash.getSlot(Post.DEAD));
    String letter = post.writeDeadLetter(Post.INBOUND, "1-0", "c", "max_attempts");

    assertThat(post.dlq("replay", "--all").summary()).startsWith("replayed 1 dead letter,");

    assertThat(post.entries(Post.INBOUND).getFirst())
        .containsOnlyKeys("data", "ts", "trace_id", "schema_version");
    assertThat(post.count(Post.DEAD)).isZero();
    assertThat(post.redis().ttl(mark(letter))).isBetween(1L, 7_200L);
  }

  @Test
  void replaysVeryManyFieldsAcrossSlots() {
    post.buryOfVeryManyFields(Post.INBOUND);

    assertThat(post.dlq("replay", "--all").summary()).startsWith("replayed 1 dead letter,");

    assertThat(post.entries(Post.INBOUND).getFirst()).hasSize(3 + Post.MOST_FIELDS);
    assertThat(post.count(Post.DEAD)).isZero();
  }

  @Test
  void anInterruptedReplayIsCompletedWithoutADuplicate() {
    String letter = post.writeDeadLetter(Post.INBOUND, "1-0", "c", "max_attempts");
    // The state after the first step.
    post.redis().set(mark(letter), Post.bytes("99-0"));

    CommandRun run = post.dlq("replay", "--all");

    assertThat(run.summary()).isEqualTo("replayed 0 dead letters, 1 already gone, 0 refused");
    assertThat(post.count(Post.DEAD)).isZero();
    assertThat(post.count(Post.INBOUND)).isZero();
  }

  @Test
  void concurrentReplaysReplayEveryLetterOnce() throws Exception {
    int letters = 300;
    for (int i = 0; i < letters; i++) {
      post.writeDeadLetter(Post.INBOUND, i + "-0", "c", "max_attempts");
    }

    List<CommandRun> runs = new ArrayList<>();
    try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<CommandRun> person = () -> post.dlq("replay", "--all");
      for (Future<CommandRun> run : people.invokeAll(List.of(person, person))) {
        runs.add(run.get());
      }
    }

    assertThat(runs).allSatisfy(run -> assertThat(run.status()).isZero());
    assertThat(
            post.entries(Post.INBOUND).stream()
                .map(it -> new String(it.get("trace_id"), StandardCharsets.UTF_8)))
        .hasSize(letters)
        .doesNotHaveDuplicates();
    assertThat(post.count(Post.DEAD)).isZero();
  }

  @Test
  void aRefusedAppendLeavesTheLetterAndNoMark() {
    post.redis().set(Post.INBOUND, Post.bytes("not a stream"));
    String letter = post.writeDeadLetter(Post.INBOUND, "1-0", "c", "max_attempts");

    assertThat(post.dlq("replay", "--all").summary()).endsWith("1 refused");

    assertThat(post.count(Post.DEAD)).isEqualTo(1);
    assertThat(post.redis().exists(mark(letter))).isZero();
  }

  /** While only one of two keys of a slot has moved, a script that uses both has to wait. */
  @Test
  void replaysInOrderWhileASlotMoves() throws Exception {
    post.add(SAME_SLOT, Map.of("data", Post.bytes("first")));
    int letters = 20;
    for (int i = 0; i < letters; i++) {
      post.writeDeadLetter(SAME_SLOT, i + "-0", "c", "max_attempts");
    }
    try (MovingSlot slot = MovingSlot.of(cluster, Post.DEAD)) {
      slot.move(SAME_SLOT);
      CommandRun run;
      try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<CommandRun> replay = people.submit(() -> post.dlq("replay", "--all"));
        await().until(() -> slot.refused("TRYAGAIN") > 2);
        assertThat(replay.isDone()).isFalse();
        slot.move(Post.DEAD);
        slot.close();
        run = replay.get();
      }
      assertThat(run.status()).isZero();
      assertThat(run.summary()).startsWith("replayed 20 dead letters,");
    }
    assertThat(
            post.entries(SAME_SLOT).stream()
                .skip(1)
                .map(it -> new String(it.get("trace_id"), StandardCharsets.UTF_8)))
        .containsExactlyElementsOf(
            IntStream.range(0, letters).mapToObj(i -> "trace-" + i + "-0").toList());
  }
}
