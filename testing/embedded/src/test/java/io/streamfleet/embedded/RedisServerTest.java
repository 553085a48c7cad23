package io.streamfleet.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamfleet.embedded.RedisServer.Fsync;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisServerTest {

  @Test
  void servesAtItsUrlOnTheLoopbackInterfaceOnly() throws IOException {
    try (RedisServer redis = RedisServer.plain()) {
      assertThat(redis.url()).isEqualTo("redis://127.0.0.1:" + redis.port() + "/0");
      assertThat(ask(redis, "PING")).isEqualTo("PONG");
      assertThat(RespClient.once(redis.port(), "CONFIG", "GET", "bind").toString())
          .contains("127.0.0.1")
          .doesNotContain("*");
      RedisVersion version = redis.version();
      assertThat(version.isAtLeast(7, 0)).isTrue();
      assertThat(ask(redis, "INFO", "server"))
          .contains(version.toString().replace(" ", "_version:") + "\r\n");
      assertThat(redis.log()).contains("Ready to accept connections");
    }
  }

  @Test
  void isGoneWithItsFilesWhenClosed() throws IOException {
    RedisServer redis = RedisServer.plain();
    Path data = Path.of(configured(redis, "dir"));
    assertThat(data).isDirectory();

    redis.close();
    redis.close();

    assertThat(data.getParent()).doesNotExist();
    assertThat(redis.isRunning()).isFalse();
    assertThatThrownBy(() -> ask(redis, "PING")).isInstanceOf(ConnectException.class);
  }

  @Test
  void keepsWhatIsInTheAppendOnlyFileOverAKill() throws IOException {
    try (RedisServer redis = RedisServer.builder().appendOnly(Fsync.ALWAYS).start()) {
      int port = redis.port();
      ask(redis, "SET", "kept", "yes");

      redis.kill();
      assertThat(redis.isRunning()).isFalse();
      redis.start();

      assertThat(redis.port()).isEqualTo(port);
      assertThat(ask(redis, "GET", "kept")).isEqualTo("yes");
      assertThat(configured(redis, "appendfsync")).isEqualTo("always");
    }
  }

  @Test
  void forgetsEverythingOverAKillWithoutAnAppendOnlyFile() throws IOException {
    try (RedisServer redis = RedisServer.plain()) {
      ask(redis, "SET", "kept", "no");
      redis.kill();
      redis.start();
      assertThat(ask(redis, "DBSIZE")).isEqualTo("0");
    }
  }

  @Test
  void goesDownInOrderWhenStopped() {
    try (RedisServer redis = RedisServer.plain()) {
      redis.pause();
      redis.stop();
      assertThat(redis.isRunning()).isFalse();
      assertThat(redis.log()).contains("Received SIGTERM");
    }
  }

  @Test
  void answersNothingWhilePaused() throws IOException {
    try (RedisServer redis = RedisServer.plain()) {
      redis.pause();
      assertThatThrownBy(() -> ask(redis, "PING")).isInstanceOf(SocketTimeoutException.class);
      redis.resume();
      assertThat(ask(redis, "PING")).isEqualTo("PONG");
    }
  }

  /** As the child of a save or a replication that is done just when its parent is stopped. */
  @Test
  void standsStillThoughAChildThatHasEndedIsNotReaped(@TempDir Path folder) throws IOException {
    RedisBinary server = RedisBinary.find();
    Path script = folder.resolve("with-a-child");
    Files.writeString(script, "#!/bin/sh\ntrue &\nexec " + server.path() + " \"$@\"\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();

    try (RedisServer redis =
        RedisServer.builder().binary(new RedisBinary(script, server.version())).start()) {
      assertThat(redis.handle().orElseThrow().children()).isNotEmpty();
      redis.pause();
      assertThatThrownBy(() -> ask(redis, "PING")).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void asksForThePasswordOrTheUserItWasGiven() throws IOException {
    try (RedisServer redis =
            RedisServer.builder()
                .password("it's a \"secret\" \\o/")
                .user("worker on >hush ~sg:* &sg:* +@all")
                .start();
        RespClient client = RespClient.connect(redis.port())) {
      assertThat(client.call("PING")).isInstanceOf(RespClient.Refusal.class);
      assertThat(client.call("AUTH", "it's a \"secret\" \\o/"))
          .isEqualTo(new RespClient.Text("OK"));
      assertThat(client.call("AUTH", "worker", "hush")).isEqualTo(new RespClient.Text("OK"));
      assertThat(client.call("SET", "other", "1").toString()).contains("NOPERM");
    }
  }

  @Test
  void leavesADatabaseDirectoryThatIsNotItsOwn(@TempDir Path directory) throws IOException {
    Path folder = Files.createDirectory(directory.resolve("with a space"));
    for (String expected : new String[] {"1", "2"}) {
      try (RedisServer redis =
          RedisServer.builder().databaseDirectory(folder).appendOnly(Fsync.EVERYSEC).start()) {
        assertThat(ask(redis, "INCR", "starts")).isEqualTo(expected);
        redis.stop();
      }
    }
    assertThat(folder).isNotEmptyDirectory();
  }

  @Test
  void tellsTheEndOfItsLogButNoSecretWhenItDoesNotStart() {
    assertThatThrownBy(
            () -> RedisServer.builder().config("requirepass hush hush").config("port 0").start())
        .isInstanceOf(ServerFailure.class)
        .hasMessageContaining("exited instead of serving")
        .hasMessageContaining("FATAL CONFIG FILE ERROR")
        .hasMessageNotContaining("hush");
  }

  @Test
  void takesThePortItIsTold() throws IOException {
    int port = FreePorts.one(RandomGenerator.getDefault());
    try (RedisServer redis = RedisServer.builder().port(port).start()) {
      assertThat(redis.port()).isEqualTo(port);
      assertThatThrownBy(() -> RedisServer.builder().port(port).start())
          .isInstanceOf(ServerFailure.class)
          .hasMessageContaining("somebody else listens on that port");
      assertThat(ask(redis, "PING")).isEqualTo("PONG");
    }
  }

  @Test
  void refusesWhatMakesNoSense() {
    try (RedisServer redis = RedisServer.plain()) {
      assertThatThrownBy(redis::start).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(redis::tlsUrl).hasMessageContaining("has no TLS port");
      redis.kill();
      assertThatThrownBy(redis::pause).hasMessageContaining("is not running");
    }
  }

  /** A program that ends without closing its server. */
  static final class Careless {
    private Careless() {}

    public static void main(String[] arguments) {
      System.out.println(RedisServer.plain().port());
    }
  }

  @Test
  void doesNotOutliveAProgramThatForgetsToCloseIt() throws Exception {
    Process careless =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Careless.class.getName())
            .start();
    int port;
    try (var out = careless.inputReader()) {
      port = Integer.parseInt(out.readLine());
    }
    assertThat(careless.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(() -> RespClient.connect(port)).isInstanceOf(ConnectException.class);
  }

  private static String ask(RedisServer redis, String... words) throws IOException {
    return RespClient.text(redis.port(), words);
  }

  private static String configured(RedisServer redis, String directive) throws IOException {
    var pair = (RespClient.Many) RespClient.once(redis.port(), "CONFIG", "GET", directive);
    return ((RespClient.Text) pair.items().get(1)).value();
  }
}
