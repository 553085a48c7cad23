package io.streamfleet.commands.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.commands.CommandRun;
import io.streamfleet.commands.OnFleet;
import io.streamfleet.redis.Link;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.QuickManifest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {

  private static final Path ROOT = Path.of(System.getProperty("repository.root", ".."));

  @TempDir private Path folder;
  private final Fleet fleet = new Fleet();
  private OnFleet commands;

  @BeforeEach
  void begin() {
    commands = new OnFleet(fleet, folder);
  }

  @AfterEach
  void end() throws Exception {
    fleet.close();
  }

  private static QuickManifest handledBy(String url) {
    return QuickManifest.calm()
        .with("inbound", "{streams: [in], group: g, handler: {http: {url: '" + url + "'}}}");
  }

  private void config(String name, String value) {
    fleet.traffic().redis().configSet(name, value);
  }

  @Test
  void missingPersistenceIsAWarning() {
    config("appendonly", "no");
    fleet.group().created();

    CommandRun run = commands.run("check");

    assertThat(run.status()).as(run.out()).isZero();
    assertThat(run.out())
        .contains("ok       rights       the user may do all that a worker does")
        .contains("ok       groups       group g of in exists")
        .contains("warning  persistence  the append-only file is off")
        .contains("fix: CONFIG SET appendonly yes")
        .contains("see: docs/redis.md#setting-up-a-server")
        .contains(" 0 errors, ");
  }

  @Test
  void anEvictionPolicyThatDeletesStreamsIsAnError() {
    config("maxmemory-policy", "allkeys-lru");

    CommandRun run = commands.run("check", "--quiet");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).contains("error    eviction     allkeys-lru").doesNotContain("ok   ");
  }

  @Test
  void aServerThatRefusesWritesIsAnError() {
    config("maxmemory-policy", "noeviction");
    config("maxmemory", "1");

    CommandRun run = commands.run("check");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).contains("error    writes       Redis refuses writes: OOM");
  }

  @Test
  void missingRightsAreReportedWithTheirConsequence() {
    acl("default", "-xack", "-pubsub|numsub", "resetkeys", "~in*", "~dlq", "~sg:*");

    CommandRun run = commands.run("check", "--output", "json", "--quiet");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out().lines().filter(it -> it.contains("\"error\"")))
        .singleElement()
        .asString()
        .contains("may not +xack on in: entries are never acknowledged");
    assertThat(run.out().lines().filter(it -> it.contains("numsub")))
        .singleElement()
        .asString()
        .contains("\"warning\"", "ACL SETUSER ... +pubsub|numsub");
  }

  @Test
  void keysOutsideTheUsersPatternsAreReported() {
    acl("default", "resetkeys", "~dlq", "~sg:*");

    CommandRun run = commands.run("check", "--quiet");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).contains("may not +xreadgroup on in", "a pattern (~ or &) for in");
  }

  private void acl(String... words) {
    var args = Link.args().add("SETUSER");
    Stream.of(words).forEach(args::add);
    fleet.traffic().redis().dispatch(CommandType.ACL, new StatusOutput<>(Link.CODEC), args);
  }

  @Test
  void aHandlerThatDoesNotListenIsAnError() throws IOException {
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + listening.getLocalPort() + "/";

      assertThat(commands.run(handledBy(url), "check").out())
          .contains("ok       handler      127.0.0.1:" + listening.getLocalPort());

      listening.close();

      CommandRun run = commands.run(handledBy(url), "check");
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.out()).contains("does not accept connections from here");
    }
  }

  /** Findings link to the documentation; each link must exist. */
  @Test
  void eachLinkPointsToAnExistingSection() throws IOException {
    Pattern link = Pattern.compile("\"(docs/[a-z-]+\\.md)(?:#([a-z0-9-]+))?\"");
    List<Path> sources;
    try (Stream<Path> files = Files.list(Path.of("src/main/java/io/streamfleet/commands/check"))) {
      sources = files.filter(it -> it.toString().endsWith(".java")).toList();
    }
    int links = 0;
    for (Path source : sources) {
      for (var it : link.matcher(Files.readString(source)).results().toList()) {
        links++;
        List<String> anchors =
            Files.readAllLines(ROOT.resolve(it.group(1)), UTF_8).stream()
                .filter(line -> line.startsWith("#"))
                .map(CheckCommandTest::anchor)
                .toList();
        assertThat(anchors).as(it.group()).isNotEmpty();
        if (it.group(2) != null) {
          assertThat(anchors).as(it.group()).contains(it.group(2));
        }
      }
    }
    assertThat(links).isGreaterThan(5);
  }

  /** The anchor that GitHub generates for a heading. */
  private static String anchor(String heading) {
    return heading
        .replaceFirst("^#+ ", "")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9 -]", "")
        .replace(' ', '-');
  }
}
