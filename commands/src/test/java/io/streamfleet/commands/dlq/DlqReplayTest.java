package io.streamfleet.commands.dlq;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamfleet.commands.CommandRun;
import io.streamfleet.commands.Post;
import io.streamfleet.embedded.RedisServer;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dlq replay} and {@code dlq purge} if one script can access both streams. */
class DlqReplayTest {

  private static final Pattern REPLAYED = Pattern.compile("replayed ([0-9,]+) dead letters?, .*");

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

  @Test
  void restoresAllFieldsAndDeletesTheLetter() {
    post.writeDeadLetter(Post.INBOUND, "17-3", "general", "max_attempts");

    CommandRun run = post.dlq("replay", "--all");

    assertThat(run.status()).isZero();
    assertThat(run.out()).isEqualTo("replayed 1 dead letter, 0 already gone, 0 refused\n");
    assertThat(post.count(Post.DEAD)).isZero();
    Map<String, byte[]> entry = post.entries(Post.INBOUND).getFirst();
    assertThat(entry).containsOnlyKeys("data", "ts", "trace_id", "schema_version");
    assertThat(entry.get("data")).isEqualTo(Post.json("general"));
    assertThat(entry.get("ts")).asString().isEqualTo("1732372000.5");
    assertThat(entry.get("trace_id")).asString().isEqualTo("trace-17-3");
    assertThat(entry.get("schema_version")).asString().isEqualTo("1");
  }

  /** An entry in the partition would overtake those that the splitter is about to move there. */
  @Test
  void putsWhatASplitterMovedIntoThePlainStream() throws Exception {
    Path manifest =
        Files.writeString(
            folder.resolve("splitter.yaml"),
            """
            redis: {url: "%s"}
            inbound:
              streams: ["sg:stream:inbound"]
              partitions: {count: 4, from: Splitter}
              handler: {builtin: Discard}
            """
                .formatted(server.url()));
    String partition = Post.INBOUND + ":{2}";
    post.writeDeadLetter(partition, "17-3", "general", "max_attempts");

    CommandRun run = CommandRun.of("dlq", "replay", "--all", "-f", manifest.toString());

    assertThat(run.out()).startsWith("replayed 1 dead letter,");
    assertThat(post.count(Post.INBOUND)).isEqualTo(1);
    assertThat(post.redis().exists(partition)).isZero();
  }

  @Test
  void restoresAllFieldsThatALetterKept() {
    post.buryOfVeryManyFields(Post.INBOUND);

    assertThat(post.dlq("replay", "--all").summary()).startsWith("replayed 1 dead letter,");

    assertThat(post.entries(Post.INBOUND).getFirst())
        .containsKeys("data", "ts", "trace_id", "f0", "f" + (Post.MOST_FIELDS - 1))
        .hasSize(3 + Post.MOST_FIELDS);
    assertThat(post.count(Post.DEAD)).isZero();
  }

  @Test
  void replaysALetterOfTheOriginalConsumerUnchanged() throws Exception {
    byte[] payload = pythonPayload();
    post.buryAsPython(Post.INBOUND, "17-3", payload);

    assertThat(post.dlq("list", "--channel", "112233445566778899").summary())
        .startsWith("1 fits, of 1 dead letter");
    assertThat(post.dlq("replay", "--reason", "-").summary()).startsWith("replayed 1 dead letter,");

    Map<String, byte[]> entry = post.entries(Post.INBOUND).getFirst();
    assertThat(entry).containsOnlyKeys("data", "ts", "trace_id");
    assertThat(entry.get("data")).isEqualTo(payload);
  }

  /** Encoded with Python's msgpack. */
  private static byte[] pythonPayload() throws Exception {
    Path payloads =
        Path.of(
            System.getProperty("repository.root"),
            "wire/src/test/resources/io/streamfleet/wire/python/payloads.jsonl");
    try (BufferedReader lines = Files.newBufferedReader(payloads)) {
      return HexFormat.of()
          .parseHex(new ObjectMapper().readTree(lines.readLine()).get("hex").textValue());
    }
  }

  @Test
  void replaysTheOldestLettersFirst() {
    for (int i = 0; i < 250; i++) {
      post.writeDeadLetter(Post.INBOUND, i + "-0", "c", "max_attempts");
    }

    post.dlq("replay", "--all");

    List<String> traces =
        post.entries(Post.INBOUND).stream()
            .map(it -> new String(it.get("trace_id"), StandardCharsets.UTF_8))
            .toList();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      expected.add("trace-" + i + "-0");
    }
    assertThat(traces).isEqualTo(expected);
  }

  @Test
  void concurrentReplaysReplayEveryLetterOnce() throws Exception {
    int letters = 2_000;
    for (int i = 0; i < letters; i++) {
      post.writeDeadLetter(Post.INBOUND, i + "-0", "c", "max_attempts");
    }

    List<CommandRun> runs = new ArrayList<>();
    try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<CommandRun> person = () -> post.dlq("replay", "--all");
      for (Future<CommandRun> run : people.invokeAll(List.of(person, person, person))) {
        runs.add(run.get());
      }
    }

    assertThat(post.count(Post.DEAD)).isZero();
    assertThat(
            post.entries(Post.INBOUND).stream()
                .map(it -> new String(it.get("trace_id"), StandardCharsets.UTF_8)))
        .hasSize(letters)
        .doesNotHaveDuplicates();
    assertThat(runs.stream().mapToLong(DlqReplayTest::replayed).sum()).isEqualTo(letters);
  }

  private static long replayed(CommandRun run) {
    Matcher matcher = REPLAYED.matcher(run.summary());
    assertThat(matcher.matches()).as(run.toString()).isTrue();
    return Long.parseLong(matcher.group(1).replace(",", ""));
  }

  @Test
  void keepsLettersThatCannotBeReplayed() {
    post.buryAsPython(Post.INBOUND, "1-0", new byte[0]);
    post.buryAsPython("", "2-0", Post.json("c"));
    post.buryAsPython(Post.DEAD, "3-0", Post.json("c"));
    post.buryAsPython("sg:stranger", "4-0", Post.json("c"));
    post.redis().set("{sg:stream:dlq}:inbound", Post.bytes("not a stream"));
    post.buryAsPython("{sg:stream:dlq}:inbound", "5-0", Post.json("c"));
    post.buryAsPython(Post.INBOUND, "6-0", Post.json("c"));

    CommandRun run = post.dlq("replay", "--all");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.summary()).isEqualTo("replayed 1 dead letter, 0 already gone, 5 refused");
    assertThat(run.err())
        .contains("has no payload")
        .contains("does not say which stream")
        .contains("from the dead letters themselves")
        .contains("sg:stranger, which this manifest does not declare")
        .contains("no longer a stream")
        .hasLineCount(5);
    assertThat(post.count(Post.DEAD)).isEqualTo(5);
  }

  @Test
  void replaysToAnUndeclaredStreamIfItIsNamed() {
    post.buryAsPython("sg:stranger", "4-0", Post.json("c"));

    assertThat(post.dlq("replay", "--stream", "sg:stranger").status()).isZero();
    assertThat(post.count("sg:stranger")).isEqualTo(1);
  }

  @Test
  void aDryRunChangesNothing() {
    post.writeDeadLetter(Post.INBOUND, "1-0", "c", "max_attempts");
    post.buryAsPython(Post.INBOUND, "2-0", new byte[0]);

    CommandRun replay = post.dlq("replay", "--all", "--dry-run");
    CommandRun purge = post.dlq("purge", "--all", "--dry-run");

    assertThat(replay.summary()).isEqualTo("would replay 1 dead letter, 0 already gone, 1 refused");
    assertThat(purge.summary()).isEqualTo("would purge 2 dead letters");
    assertThat(post.count(Post.DEAD)).isEqualTo(2);
    assertThat(post.count(Post.INBOUND)).isZero();
  }

  @Test
  void needsAFilterOrAll() {
    post.writeDeadLetter(Post.INBOUND, "1-0", "c", "max_attempts");

    for (String verb : List.of("replay", "purge")) {
      assertThat(post.dlq(verb).status()).isEqualTo(2);
      assertThat(post.dlq(verb, "--limit", "1").err()).contains("pass --all").hasLineCount(2);
      assertThat(post.dlq(verb, "--all", "--channel", "c").status()).isEqualTo(2);
    }
    assertThat(post.count(Post.DEAD)).isEqualTo(1);
  }

  @Test
  void purgesOnlyMatchingLetters() {
    for (int i = 0; i < 250; i++) {
      post.writeDeadLetter(Post.INBOUND, i + "-0", "c" + i % 2, "max_attempts");
    }

    assertThat(post.dlq("purge", "--channel", "c1", "--limit", "30").summary())
        .isEqualTo("purged 30 dead letters");
    assertThat(post.dlq("purge", "--channel", "c1").summary()).isEqualTo("purged 95 dead letters");
    assertThat(post.count(Post.DEAD)).isEqualTo(125);
    assertThat(post.dlq("purge", "--all").summary()).isEqualTo("purged 125 dead letters");
    assertThat(post.count(Post.DEAD)).isZero();
  }

  @Test
  void reportsWhatWasDoneBeforeAFailure() {
    post.writeDeadLetter(Post.INBOUND, "1-0", "c", "max_attempts");
    post.redis().configSet("maxmemory", "1");

    CommandRun run = post.dlq("replay", "--all");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).startsWith("replayed 0 dead letters");
    assertThat(run.err()).startsWith("Redis failed: OOM");
    assertThat(post.count(Post.DEAD)).isEqualTo(1);
  }
}
