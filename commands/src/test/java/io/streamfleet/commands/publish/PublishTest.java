package io.streamfleet.commands.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.commands.CommandRun;
import io.streamfleet.commands.Post;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.wire.Header;
import io.streamfleet.wire.HeaderScan;
import io.streamfleet.wire.Undecodable;
import io.streamfleet.wire.WirePayload;
import io.streamfleet.worker.Main;
import io.streamfleet.worker.partition.Partitions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishTest {

  @TempDir private Path folder;
  private RedisServer server;
  private Post post;

  @BeforeEach
  void start() {
    server = RedisServer.plain();
    post = Post.at(server.url(), folder);
  }

  @AfterEach
  void stop() throws Exception {
    post.close();
    server.close();
  }

  private List<Map<String, Object>> payloads(String stream) {
    return post.payloads(stream).stream().map(it -> new WirePayload(it).toMap()).toList();
  }

  @Test
  void publishesMessagesThatAWorkerCanDecode() throws Undecodable {
    CommandRun run = post.publish("--count", "3000", "--channels", "7");

    assertThat(run.status()).isZero();
    assertThat(run.summary()).startsWith("published 3,000 messages to sg:stream:inbound in ");
    List<Map<String, byte[]>> entries = post.entries(Post.INBOUND);
    assertThat(entries)
        .hasSize(3_000)
        .allSatisfy(it -> assertThat(it).containsOnlyKeys("data", "ts", "trace_id"));
    assertThat(entries.stream().map(it -> new String(it.get("trace_id"), UTF_8)))
        .doesNotHaveDuplicates();
    Header header = new HeaderScan("channel_id").scan(post.payloads(Post.INBOUND).getFirst());
    assertThat(header.traceId()).hasValue(new String(entries.getFirst().get("trace_id"), UTF_8));
    assertThat(payloads(Post.INBOUND).stream().map(it -> it.get("channel_id")).distinct())
        .hasSize(7);
    assertThat(payloads(Post.INBOUND).getFirst())
        .containsKeys("channel_key", "platform", "user_id", "username", "content", "message_id")
        .containsKeys("timestamp", "attachments", "is_dm", "enqueued_at", "is_addressed");
  }

  @Test
  void publishesToAPlatformAndTrimsItsStream() {
    CommandRun run =
        post.publish("--count", "3000", "--platform", "matrix", "--channels", "2", "--size", "900");

    assertThat(run.summary()).contains("sg:stream:outbound:matrix");
    assertThat(post.count("sg:stream:outbound:matrix")).isBetween(1_000L, 1_500L);
    assertThat(post.payloads("sg:stream:outbound:matrix").getFirst().length).isBetween(900, 910);
    assertThat(payloads("sg:stream:outbound:matrix"))
        .allSatisfy(
            it -> assertThat(it).containsEntry("platform", "matrix").containsKey("message_key"));
  }

  @Test
  void sameSeedGivesTheSameMessagesWithNewTraceIds() {
    post.publish("--count", "20", "--seed", "7", "--stream", "a");
    post.publish("--count", "20", "--seed", "7", "--stream", "b");

    assertThat(payloads("a").stream().map(it -> it.get("content")))
        .isEqualTo(payloads("b").stream().map(it -> it.get("content")).toList());
    assertThat(payloads("a").stream().map(it -> it.get("trace_id")))
        .doesNotContainAnyElementsOf(payloads("b").stream().map(it -> it.get("trace_id")).toList());
  }

  @Test
  void trimsToMaxLength() {
    post.publish("--count", "2000", "--max-length", "500");

    assertThat(post.count(Post.INBOUND)).isBetween(500L, 700L);
  }

  @Test
  void reportsTheCountIfRedisRefuses() {
    post.redis().set(Post.INBOUND, Post.bytes("not a stream"));

    CommandRun run = post.publish();

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).startsWith("published 0 messages");
    assertThat(run.err()).startsWith("Redis failed: ").contains("WRONGTYPE").hasLineCount(1);
  }

  @Test
  void refusesInvalidOptions() {
    for (List<String> args :
        List.of(
            List.of("--count", "-1"),
            List.of("--channels", "0"),
            List.of("--rate", "-3"),
            List.of("--rate", "NaN"),
            List.of("--size", "-1"),
            List.of("--max-length", "-1"),
            List.of("--platform", "discord", "--stream", "s"),
            List.of("--platform", "icq"))) {
      assertThat(post.publish(args.toArray(String[]::new)).status()).as("%s", args).isEqualTo(2);
    }
    assertThat(post.redis().dbsize()).isZero();
  }

  @Test
  void exitsWithSuccessWhenStopped() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "publish",
                "-f",
                post.manifest().toString(),
                "--count",
                "0",
                "--rate",
                "100")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      await().atMost(Duration.ofSeconds(60)).until(() -> post.count(Post.INBOUND) > 0);
      // SIGTERM, as processes of a test in the background ignore SIGINT. The hook is the same.
      assertThat(ProcessHandle.of(process.pid()).orElseThrow().destroy()).isTrue();

      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      String out = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.exitValue()).isZero();
      assertThat(out).startsWith("published ").contains(post.count(Post.INBOUND) + " message");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void putsEachMessageIntoThePartitionOfItsChannel() throws Exception {
    Path manifest =
        Files.writeString(
            folder.resolve("partitions.yaml"),
            """
            redis: {url: "%s"}
            inbound: {streams: [in], partitions: {count: 4}, handler: {builtin: Discard}}
            """
                .formatted(server.url()));

    CommandRun run =
        CommandRun.of("publish", "-f", manifest.toString(), "--count", "200", "--channels", "20");

    assertThat(run.status()).isZero();
    assertThat(post.payloads("in")).isEmpty();
    Partitions four = new Partitions("in", 4);
    int found = 0;
    for (int partition = 0; partition < four.count(); partition++) {
      for (byte[] payload : post.payloads(four.streamOf(partition))) {
        assertThat(four.of(new HeaderScan("channel_id").scan(payload).channel()))
            .isEqualTo(partition);
        found++;
      }
    }
    assertThat(found).isEqualTo(200);
  }

  @Test
  void leavesThePartitionsToTheSplitter() throws Exception {
    Path manifest =
        Files.writeString(
            folder.resolve("splitter.yaml"),
            """
            redis: {url: "%s"}
            inbound:
              streams: [in]
              partitions: {count: 4, from: Splitter}
              handler: {builtin: Discard}
            """
                .formatted(server.url()));

    CommandRun run = CommandRun.of("publish", "-f", manifest.toString(), "--count", "20");

    assertThat(run.status()).isZero();
    assertThat(post.payloads("in")).hasSize(20);
    assertThat(post.redis().keys("*")).containsOnly("in");
  }
}
