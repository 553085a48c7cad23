package io.streamfleet.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.output.ByteArrayOutput;
import io.lettuce.core.protocol.CommandType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.streamfleet.embedded.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No value comes in that is larger than a bound; all else comes as it is. Here | ends a line. */
class BoundedValuesTest {

  private static final String MIXED =
      "*4|$3|abc|$12|twelve bytes|:123456789|*2|$10|10 letters|$16|16 with| a line|"
          + "+a line of any length|%1|$1|k|=14|txt:verbatim!!|$-1|_|-ERR $99 is no length|"
          + "!20|an error of 20 bytes|$0||$2|ok|";

  private static final String BOUNDED =
      "*4|$3|abc|$-1|:123456789|*2|$10|10 letters|$-1|"
          + "+a line of any length|%1|$1|k|$-1|$-1|_|-ERR $99 is no length|"
          + "$-1|$0||$2|ok|";

  /** Pieces of any size, as a network may bring them. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 11, 64, 10_000})
  void letsThroughWhatIsWithinTheBoundAndANullForTheRest(int pieceSize) {
    EmbeddedChannel channel = new EmbeddedChannel(new BoundedValues(10));
    byte[] reply = wire(MIXED);
    for (int from = 0; from < reply.length; from += pieceSize) {
      int length = Math.min(pieceSize, reply.length - from);
      channel.writeInbound(Unpooled.copiedBuffer(reply, from, length));
    }

    StringBuilder came = new StringBuilder();
    for (ByteBuf piece = channel.readInbound(); piece != null; piece = channel.readInbound()) {
      came.append(piece.toString(US_ASCII));
      piece.release();
    }
    assertThat(came.toString()).isEqualTo(new String(wire(BOUNDED), US_ASCII));
  }

  private static byte[] wire(String text) {
    return text.replace("|", "\r\n").getBytes(US_ASCII);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aConnectionGoesOnAfterAValueThatWasNotLetIn(boolean resp2) throws Exception {
    try (RedisServer redis = RedisServer.plain();
        RedisConnector connector =
            RedisConnector.to(
                new RedisSettings(
                    redis.url(),
                    false,
                    resp2,
                    Duration.ofSeconds(10),
                    () -> Credentials.NONE,
                    true,
                    "bounded"),
                Duration.ofSeconds(1),
                100_000)) {
      Link link = connector.connect();
      set(link, "small", 100_000);
      set(link, "large", 50_000_000);

      CompletableFuture<byte[]> large = get(link, "large");
      CompletableFuture<byte[]> small = get(link, "small");

      assertThat(large.get(10, TimeUnit.SECONDS)).isNull();
      assertThat(small.get(10, TimeUnit.SECONDS)).hasSize(100_000);
    }
  }

  private static void set(Link link, String key, int bytes) throws Exception {
    link.status(CommandType.SET, Link.args().addKey(key).add(new byte[bytes]))
        .get(10, TimeUnit.SECONDS);
  }

  private static CompletableFuture<byte[]> get(Link link, String key) {
    return link.send(CommandType.GET, new ByteArrayOutput<>(Link.CODEC), Link.args().addKey(key));
  }

  @Test
  void passesOnWhatIsNoReply() {
    EmbeddedChannel channel = new EmbeddedChannel(new BoundedValues(10));
    channel.writeInbound(List.of("an event"));

    assertThat(channel.<Object>readInbound()).isEqualTo(List.of("an event"));
  }
}
