package io.streamfleet.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.embedded.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/ports.md} lists everything that listens, and what it says of it is so. */
class PortsTest {

  private static final Path ROOT = Path.of(System.getProperty("repository.root"));

  /** All ways by which Java, its libraries here and the configuration of a Redis open a port. */
  private static final Pattern LISTENS =
      Pattern.compile(
          "new (Ssl)?ServerSocket\\(|HttpServer\\.create\\(|HttpsServer\\.create\\("
              + "|createHttpServer\\(|createNetServer\\(|ServerSocketChannel|DatagramSocket"
              + "|DatagramChannel|ServerBootstrap|ServerSocketFactory|\"bind ");

  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `([a-z/-]+/src/main/java/\\S+)` \\|");

  private static final String PAGE = read(ROOT.resolve("docs/ports.md"));

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void thePageNamesEveryClassThatListensAndNoOther() throws IOException {
    Set<String> listed =
        ROW.matcher(PAGE)
            .results()
            .map(it -> it.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> listening;
    try (Stream<Path> files = Files.walk(ROOT)) {
      listening =
          files
              .filter(it -> it.toString().endsWith(".java"))
              .map(it -> ROOT.relativize(it).toString())
              .filter(it -> it.contains("/src/main/java/"))
              .filter(it -> LISTENS.matcher(read(ROOT.resolve(it))).find())
              .collect(Collectors.toCollection(TreeSet::new));
    }

    assertThat(listed).isEqualTo(listening);
  }

  @Test
  void thePageNamesEveryPathThatIsServed() {
    Matcher paths =
        Pattern.compile("\"(/[a-z]+)\"")
            .matcher(
                read(
                    ROOT.resolve(
                        "process/src/main/java/io/streamfleet/process/health/HttpEndpoints.java")));

    assertThat(paths.results().map(it -> it.group(1)).distinct())
        .containsExactlyInAnyOrder("/healthz", "/livez", "/readyz", "/metrics")
        .allSatisfy(it -> assertThat(PAGE).contains("`" + it + "`"));
  }

  /** A browser's request, whose body would be commands. */
  @Test
  void theEmbeddedRedisEndsAConnectionThatBeginsLikeHttp() throws IOException {
    try (RedisServer redis = RedisServer.plain();
        Socket page = new Socket(InetAddress.ofLiteral("127.0.0.1"), redis.port())) {
      page.getOutputStream()
          .write("POST / HTTP/1.1\r\nHost: evil.example\r\n\r\nPING\r\n".getBytes(UTF_8));

      assertThat(new String(page.getInputStream().readAllBytes(), UTF_8)).doesNotContain("PONG");
    }
  }
}
