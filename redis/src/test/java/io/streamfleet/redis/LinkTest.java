package io.streamfleet.redis;

import static io.streamfleet.redis.Patience.result;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.protocol.CommandType;
import io.streamfleet.embedded.RedisServer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One connection: what goes out, and what comes back. */
class LinkTest {

  private final RedisServer redis = RedisServer.plain();
  private final RedisConnector connector =
      RedisConnector.to(RedisSettings.plain(redis.url()), Duration.ofMinutes(5));
  private final Link link = connector.connect();
  private final Script sum = Script.beside(LinkTest.class, "sum.lua");

  @AfterEach
  void close() {
    connector.close();
    redis.close();
  }

  @Test
  void aScriptRunsOnAServerThatDoesNotKnowItYetAndOnOneThatDoes() {
    for (int run = 1; run <= 2; run++) {
      List<Object> reply = result(link.eval(sum, List.of("key"), args -> args.add(2).add(3)));
      assertThat(reply.getFirst()).isEqualTo(5L);
      assertThat(Link.text(reply.get(1))).isEqualTo("key");
    }
  }

  @Test
  void aBlockingReadEndsWhenItIsToldTo() {
    Link reader = connector.connect();
    result(reader.identify());
    result(
        link.status(
            CommandType.XGROUP,
            Link.args().add("CREATE").addKey("in").add("g").add("0").add("MKSTREAM")));
    CompletableFuture<List<Object>> read =
        reader.list(
            CommandType.XREADGROUP,
            Link.args()
                .add("GROUP")
                .add("g")
                .add("c")
                .add("BLOCK")
                .add(120_000)
                .add("STREAMS")
                .addKey("in")
                .add(">"));

    // Told too early it would go on; told again it ends.
    org.awaitility.Awaitility.await()
        .until(
            () -> {
              reader.unblockFrom(link);
              return read.isDone();
            });
    assertThat(result(read)).containsOnlyNulls();
  }

  @Test
  void oneServerTakesAllKeysInOneStep() {
    assertThat(link.isCluster()).isFalse();
    assertThat(link.shareSlot(List.of("a", "b"))).isTrue();
    assertThat(link.bySlot(List.of("a", "b"))).containsExactly(List.of(0, 1));
  }

  @Test
  void textsOfAReplyAreReadWhateverTheyComeAs() {
    assertThat(Link.text("x".getBytes(UTF_8))).isEqualTo("x");
    assertThat(Link.text(ByteBuffer.wrap("x".getBytes(UTF_8)))).isEqualTo("x");
    assertThat(Link.text(7L)).isEqualTo("7");
  }

  @Test
  void closingTwiceDoesNoHarm() {
    link.close();
    link.close();
    assertThat(link.isCluster()).isFalse();
  }
}
