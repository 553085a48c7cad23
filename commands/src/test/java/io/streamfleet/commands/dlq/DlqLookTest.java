package io.streamfleet.commands.dlq;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamfleet.commands.CommandRun;
import io.streamfleet.commands.Post;
import io.streamfleet.embedded.RedisServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dlq list} and {@code dlq show}. */
class DlqLookTest {

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
  void listsALetterInAlignedColumnsWithoutItsPayload() {
    String id = post.writeDeadLetter(Post.INBOUND, "17-3", "general", "max_attempts");
    post.buryAsPython(Post.INBOUND, "18-0", Post.json("a-channel-with-a-long-name"));

    CommandRun run = post.dlq("list");

    assertThat(run.status()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).doesNotContain("secret words");
    String[] lines = run.out().lines().toArray(String[]::new);
    assertThat(lines).hasSize(4);
    assertThat(lines[1])
        .startsWith(id)
        .contains(Post.INBOUND, "17-3", "max_attempts", "general", "the handler said no");
    assertThat(lines[0].indexOf("ERROR"))
        .isEqualTo(lines[1].indexOf("the handler"))
        .isEqualTo(lines[2].indexOf("the handler"));
    assertThat(lines[3]).isEqualTo("2 dead letters in sg:stream:dlq");
  }

  @Test
  void doesNotShortenErrorsWithoutATerminal() {
    String error =
        "the handler said no, and went on at length about it: " + "no ".repeat(80) + "end";
    post.buryWithError(Post.INBOUND, "17-3", "general", error);

    assertThat(post.dlq("list").out()).contains(error).doesNotContain("…");
  }

  @Test
  void reportsThatThereAreNoLetters() {
    assertThat(post.dlq("list").out()).isEqualTo("no dead letters in sg:stream:dlq\n");
  }

  @Test
  void filtersByStreamReasonChannelAndIds() {
    post.writeDeadLetter(Post.INBOUND, "1-0", "a", "schema");
    String wanted = post.writeDeadLetter(Post.INBOUND, "2-0", "b", "max_attempts");
    post.writeDeadLetter("sg:stream:outbound:discord", "3-0", "a", "max_attempts");
    post.buryAsPython(Post.INBOUND, "4-0", Post.json("b"));

    assertThat(post.dlq("list", "--stream", Post.INBOUND).summary()).startsWith("3 fit, of 4");
    assertThat(post.dlq("list", "--reason", "max_attempts").summary()).startsWith("2 fit");
    assertThat(post.dlq("list", "--reason", "schema", "--reason", "-").summary())
        .startsWith("2 fit");
    assertThat(post.dlq("list", "--channel", "b").summary()).startsWith("2 fit");
    assertThat(post.dlq("list", "--channel", "b", "--reason", "max_attempts").out())
        .contains(wanted)
        .contains("1 fits, of 4");
    assertThat(post.dlq("list", "--id", wanted).out()).contains(wanted).contains("1 fits, of 4");
    assertThat(post.dlq("list", "--original-id", "2-0").out())
        .contains(wanted)
        .contains("1 fits, of 4");
    assertThat(post.dlq("list", "--limit", "3").summary()).startsWith("3 shown, of 4");
  }

  @Test
  void readsAnOutboundChannelByTheOutboundOrderingField() {
    post.buryAsPython(
        "sg:stream:outbound:matrix", "1-0", Post.bytes("{\"channel_id\":\"no\",\"room\":\"den\"}"));

    assertThat(post.dlq("list", "--channel", "den").summary()).startsWith("1 fits");
    assertThat(post.dlq("list", "--channel", "no").summary()).startsWith("0 fit");
  }

  @Test
  void filtersByAgeByTheClockOfRedis() {
    long now = System.currentTimeMillis();
    String old = post.buryAt(now - 7_200_000 + "-0", "a");
    String recent = post.buryAt(now - 60_000 + "-0", "a");

    assertThat(post.dlq("list", "--older-than", "1h").out()).contains(old).doesNotContain(recent);
    assertThat(post.dlq("list", "--newer-than", "1h").out()).contains(recent).doesNotContain(old);
    assertThat(post.dlq("list", "--newer-than", "1h", "--id", old, "--id", recent).out())
        .contains(recent)
        .doesNotContain(old);
    assertThat(post.dlq("list", "--older-than", "3h").summary()).startsWith("0 fit");
    assertThat(post.dlq("list").out()).contains(" 2h0m ", " 1m");
  }

  @Test
  void pagesThroughTenThousandLettersWithoutOneHugeReply() {
    for (int i = 0; i < 10_000; i++) {
      post.buryAt(1_000_000 + i + "-0", "c" + i % 10);
    }
    post.redis().configResetstat();

    CommandRun run = post.dlq("list", "--channel", "c3");

    assertThat(run.summary()).startsWith("1,000 fit, of 10,000 dead letters");
    assertThat(run.out().lines().filter(line -> line.contains(" c3 "))).hasSize(1_000);
    assertThat(post.redis().info("commandstats"))
        .contains("cmdstat_xrange:calls=100,")
        .doesNotContain("cmdstat_keys", "cmdstat_scan");
  }

  @Test
  void printsOneJsonObjectALine() throws Exception {
    String id = post.writeDeadLetter(Post.INBOUND, "17-3", "general", "max_attempts");
    post.buryAsPython(Post.INBOUND, "18-0", new byte[] {(byte) 0xc1});

    CommandRun run = post.dlq("list", "--output", "json");

    String[] lines = run.out().lines().toArray(String[]::new);
    assertThat(lines).hasSize(2);
    JsonNode first = new ObjectMapper().readTree(lines[0]);
    assertThat(first.get("id").textValue()).isEqualTo(id);
    assertThat(first.get("channel").textValue()).isEqualTo("general");
    assertThat(first.get("field.schema_version").textValue()).isEqualTo("1");
    assertThat(first.has("data")).isFalse();
    assertThat(new ObjectMapper().readTree(lines[1]).get("channel").isNull()).isTrue();
  }

  @Test
  void showsALetterCompletely() throws Exception {
    String id = post.writeDeadLetter(Post.INBOUND, "17-3", "general", "max_attempts");

    assertThat(post.dlq("show", id).out())
        .contains(id, "17-3", "worker-0", "max_attempts", "trace-17-3")
        .contains("\"content\" : \"secret words\"");
    JsonNode json = new ObjectMapper().readTree(post.dlq("show", id, "--output", "json").out());
    assertThat(json.get("payload").get("content").textValue()).isEqualTo("secret words");
  }

  @Test
  void showsAnUndecodablePayloadInBase64AndALostOneAsLost() {
    String broken = post.buryAsPython(Post.INBOUND, "1-0", new byte[] {(byte) 0xc1, 7});
    String lost = post.buryAsPython(Post.INBOUND, "2-0", new byte[0]);

    assertThat(post.dlq("show", broken, lost).out())
        .contains("wQc=", "2 bytes in base64", "payload              lost");
    assertThat(post.dlq("show", broken, lost, "--output", "json").out())
        .contains("\"payload_base64\":\"wQc=\"", "\"payload\":null");
  }

  @Test
  void reportsWhichLetterDoesNotExist() {
    CommandRun run = post.dlq("show", "17-3");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("no dead letter 17-3", "--original-id 17-3");
  }

  @Test
  void escapesControlCharacters() {
    Post other = post;
    String id = other.writeDeadLetter(Post.INBOUND, "1-0", "\u001b[2Jx", "schema");

    assertThat(other.dlq("list").out()).contains(id).doesNotContain("\u001b");
  }

  @Test
  void reportsAnUnavailableRedisInOneLine() {
    server.stop();

    CommandRun run = post.dlq("list");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("cannot reach Redis: ")
        .contains("--redis-url")
        .hasLineCount(1);
  }

  @Test
  void reportsBadUsageWithoutTheHelpText() {
    assertThat(post.dlq("list", "--older-than", "soon"))
        .satisfies(run -> assertThat(run.status()).isEqualTo(2))
        .satisfies(run -> assertThat(run.err()).contains("'soon' is not a duration such as"));
    assertThat(post.dlq("list", "--id", "x").err()).contains("'x' is not the id of a stream entry");
    assertThat(post.dlq("list", "--limit", "0").status()).isEqualTo(2);
    CommandRun url = post.dlq("list", "--redis-url", "redos://me:secret@here");
    assertThat(url.status()).isEqualTo(2);
    assertThat(url.err())
        .contains("--redis-url: redos://***@here cannot be read")
        .doesNotContain("secret");
  }
}
