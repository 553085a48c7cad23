package io.streamfleet.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FaultyLinkTest {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final RedisServer redis = RedisServer.plain();
  private final FaultyLink link = FaultyLink.to(redis);

  @AfterEach
  void close() {
    link.close();
    redis.close();
  }

  @Test
  void passesOnWhatIsSentAndCountsConnections() throws IOException {
    assertThat(link.url()).isEqualTo("redis://127.0.0.1:" + link.port() + "/0");
    String big = "x".repeat(300_000);
    try (RespClient client = RespClient.connect(link.port())) {
      assertThat(client.call("SET", "key", big)).isEqualTo(new RespClient.Text("OK"));
      assertThat(client.call("GET", "key")).isEqualTo(new RespClient.Text(big));
      assertThat(link.openConnections()).isEqualTo(1);
    }
    eventually("the connection is gone", () -> link.openConnections() == 0);
    RespClient.text(link.port(), "PING");
    assertThat(link.acceptedConnections()).isEqualTo(2);
  }

  @Test
  void closesOldAndNewConnectionsWhenCutUntilItIsRestored() throws IOException {
    try (RespClient client = RespClient.connect(link.port())) {
      client.call("PING");
      link.cut();
      assertThatThrownBy(() -> client.call("PING")).isInstanceOf(IOException.class);
    }
    assertThatThrownBy(() -> RespClient.text(link.port(), "PING")).isInstanceOf(IOException.class);
    link.restore();
    assertThat(RespClient.text(link.port(), "PING")).isEqualTo("PONG");
  }

  @Test
  void leadsNewConnectionsElsewhereAndLeavesOldOnesWhereTheyAre() throws IOException {
    try (RedisServer other = RedisServer.plain();
        RespClient before = RespClient.connect(link.port())) {
      before.call("SET", "key", "here");
      link.lead(other);
      assertThat(RespClient.text(link.port(), "EXISTS", "key")).isEqualTo("0");
      assertThat(before.call("GET", "key")).isEqualTo(new RespClient.Text("here"));
    }
  }

  @Test
  void deliversWhatItHeldBackDuringAStall() throws IOException {
    try (RespClient client = RespClient.connect(link.port())) {
      client.call("PING");
      link.stall();
      assertThatThrownBy(() -> client.call("INCR", "key"))
          .isInstanceOf(SocketTimeoutException.class);
      assertThat(RespClient.text(redis.port(), "EXISTS", "key")).isEqualTo("0");
      assertThat(link.openConnections()).isEqualTo(1);

      link.restore();
      eventually("it has arrived", () -> "1".equals(RespClient.text(redis.port(), "GET", "key")));
    }
  }

  @Test
  void letsTheServerDoWhatTheClientNeverHearsOf() throws IOException {
    try (RespClient client = RespClient.connect(link.port())) {
      client.call("PING");
      link.stallReplies();
      assertThatThrownBy(() -> client.call("INCR", "key"))
          .isInstanceOf(SocketTimeoutException.class);
      assertThat(RespClient.text(redis.port(), "GET", "key")).isEqualTo("1");
      link.cut();
      link.restore();
      assertThatThrownBy(() -> client.call("PING")).isInstanceOf(IOException.class);
    }
    eventually("nothing is left open", () -> link.openConnections() == 0);
  }

  @Test
  void delaysBothWays() throws IOException {
    link.delay(Duration.ofMillis(150));
    long before = System.nanoTime();
    assertThat(RespClient.text(link.port(), "PING")).isEqualTo("PONG");
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(299));
  }

  @Test
  void showsADeadServerAsAConnectionThatIsClosedAtOnce() throws IOException {
    redis.kill();
    assertThatThrownBy(() -> RespClient.text(link.port(), "PING")).isInstanceOf(IOException.class);
    redis.start();
    assertThat(RespClient.text(link.port(), "PING")).isEqualTo("PONG");
  }

  @Test
  void isNotThereAnyMoreWhenClosed() {
    int port = link.port();
    link.close();
    assertThatThrownBy(() -> RespClient.connect(port)).isInstanceOf(ConnectException.class);
  }

  private static void eventually(String what, Deadline.Condition condition) {
    Deadline.in(PATIENCE).await(what, condition, () -> "");
  }
}
