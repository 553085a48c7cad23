package io.streamfleet.worker.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.Range;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Handled;
import io.streamfleet.handler.Message;
import io.streamfleet.wire.EntryFields;
import io.streamfleet.wire.HeaderScan;
import io.streamfleet.wire.Undecodable;
import io.streamfleet.wire.WireNames;
import io.streamfleet.worker.fleet.DocPage;
import io.streamfleet.worker.fleet.Programs;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The examples in docs/publishing.md publish what a worker handles. One is run where its runtime
 * and its client are installed, or lie in {@code target/clients}, where {@code .ci/run} puts them;
 * else its test is skipped and says what is not there.
 */
class PublishingDocTest {

  private static final Path ROOT = Path.of(System.getProperty("repository.root", ".."));

  private static final Path DOC = ROOT.resolve("docs/publishing.md");

  private static final DocPage PAGE = new DocPage(DOC);

  private static final Path CLIENTS = ROOT.resolve("target/clients").toAbsolutePath().normalize();

  /** Debian's packages, unpacked. */
  private static final Path PYTHON_CLIENTS = CLIENTS.resolve("usr/lib/python3/dist-packages");

  private static final String MANIFEST =
      """
      redis: {url: "redis://127.0.0.1:6379"}
      inbound: {handler: {builtin: Discard}}
      """;

  @TempDir private Path folder;

  @Test
  void messagesOfThePythonExampleAreHandled() throws Exception {
    assumeThat(runs(Map.of("PYTHONPATH", pythonPath()), "python3", "-c", "import msgpack, redis"))
        .as("python3 with redis and msgpack, to run the example")
        .isTrue();
    Path script = Files.writeString(folder.resolve("publish.py"), block("python"));

    assertThatAWorkerHandlesWhatIsPublishedBy(
        Map.of("PYTHONPATH", pythonPath()), "python3", script.toString());
  }

  @Test
  void messagesOfTheNodeExampleAreHandled() throws Exception {
    Optional<Path> modules = nodeModules();
    assumeThat(modules).as("node with the package redis, to run the example").isPresent();
    // A module's imports are looked up in folders above it, whatever NODE_PATH says.
    Files.createSymbolicLink(folder.resolve("node_modules"), modules.orElseThrow());
    Path script = Files.writeString(folder.resolve("publish.mjs"), block("js"));

    assertThatAWorkerHandlesWhatIsPublishedBy(Map.of(), "node", script.toString());
  }

  @Test
  void messagesOfTheJavaExampleAreHandled() throws Exception {
    Path source = Files.writeString(folder.resolve("Publish.java"), block("java"));

    assertThatAWorkerHandlesWhatIsPublishedBy(
        Map.of(),
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        source.toString());
  }

  /** Takes a module proxy, or a module cache that has go-redis already. */
  @Test
  void messagesOfTheGoExampleAreHandled() throws Exception {
    Files.writeString(folder.resolve("main.go"), block("go"));
    boolean built =
        runs(Map.of(), "go", "mod", "init", "example.com/publish")
            && runs(Map.of("GOFLAGS", "-mod=mod"), "go", "build", "-o", "publish", ".");
    assumeThat(built).as("go that can build with go-redis, to run the example").isTrue();

    assertThatAWorkerHandlesWhatIsPublishedBy(Map.of(), folder.resolve("publish").toString());
  }

  @Test
  void theGoExampleIsWrittenAsGofmtWouldWriteIt() throws Exception {
    Path source = Files.writeString(folder.resolve("main.go"), block("go"));
    assumeThat(runs(Map.of(), "gofmt", "-l", source.toString())).as("gofmt").isTrue();

    assertThat(programs().output()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"python", "java", "js", "go"})
  void eachExampleWritesTheFieldsOfAnEntryAndNoOthers(String language) throws Exception {
    String entry = block(language).lines().filter(PublishingDocTest::isOfTheEntry).toList() + "";

    assertThat(entry)
        .containsPattern(named(EntryFields.DATA))
        .containsPattern(named(EntryFields.TS))
        .containsPattern(named(EntryFields.TRACE_ID));
    assertThat(block(language))
        .contains("sg:stream:inbound", "channel_id", "message_id")
        .contains("REDIS_URL");
  }

  /** The lines that have a field's name and its value, in any of the four. */
  private static boolean isOfTheEntry(String line) {
    return Pattern.compile("\\b(data|ts|trace_id)\\b\"?\\s*[:,]").matcher(line).find();
  }

  private static Pattern named(String field) {
    return Pattern.compile("\\b" + field + "\\b\"?[:,]");
  }

  @Test
  void thePageNamesTheLimitsAsTheyAre() throws Exception {
    assertThat(Files.readString(DOC))
        .contains("At most " + "%,d".formatted(WireNames.LONGEST).replace('.', ',') + " bytes")
        .contains("at most " + HeaderScan.MAX_DEPTH + " levels")
        .contains("Absent means `" + EntryFields.SUPPORTED_VERSION + "`");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[1]", "\"text\"", "7", "{\"a\":1} more", "\uFEFF{}", "{\"channel_id\":[1]}"})
  void whatThePageCallsNoPayloadIsNone(String data) {
    assertThatThrownBy(() -> new HeaderScan("channel_id").scan(data.getBytes(UTF_8)))
        .isInstanceOf(Undecodable.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "{\"channel_id\":null}", "{\"channel_id\":0}", "{\"channel_id\":[]}"})
  void whatThePageCallsNoChannelIsGlobal(String data) throws Exception {
    assertThat(new HeaderScan("channel_id").scan(data.getBytes(UTF_8)).channel())
        .isEqualTo("global");
  }

  @Test
  void aNumberAndItsTextAreOneChannel() throws Exception {
    assertThat(new HeaderScan("channel_id").scan("{\"channel_id\":42}".getBytes(UTF_8)).channel())
        .isEqualTo("42");
  }

  private void assertThatAWorkerHandlesWhatIsPublishedBy(
      Map<String, String> environment, String... command) throws Exception {
    BlockingQueue<Message> handled = new LinkedBlockingQueue<>();
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              handled.add(message);
              return Handled.nothing();
            });
    try (RedisServer redis = RedisServer.plain();
        Traffic traffic = new Traffic(redis.url());
        TestWorker worker = TestWorker.start(MANIFEST, "w1", handler, redis.url())) {
      ProcessBuilder publishing = programs().program(environment, command);
      publishing.environment().put("REDIS_URL", redis.url());
      assertThat(Programs.ended(publishing)).as(() -> programs().output()).isZero();

      Message message = handled.poll(20, TimeUnit.SECONDS);
      assertThat(message).isNotNull();
      assertThat(programs().output()).contains(message.id());
      assertThat(message.channel()).isEqualTo("general");
      assertThat(message.payload().toMap())
          .containsEntry("platform", "discord")
          .containsEntry("user_id", "7")
          .containsEntry("content", "Hello, Grüße")
          .containsOnlyKeys("platform", "channel_id", "user_id", "message_id", "content");
      Map<String, byte[]> entry =
          traffic.redis().xrange("sg:stream:inbound", Range.unbounded()).getFirst().getBody();
      assertThat(entry).containsOnlyKeys(EntryFields.DATA, EntryFields.TS, EntryFields.TRACE_ID);
      assertThat(new String(entry.get(EntryFields.TS), UTF_8)).matches("[0-9]{10}(\\.[0-9]+)?");
      assertThat(message.traceId()).contains(new String(entry.get(EntryFields.TRACE_ID), UTF_8));
      await().until(() -> traffic.pending("sg:stream:inbound", "sg:workers") == 0);
      assertThat(worker.drain()).isTrue();
    }
  }

  private static String pythonPath() {
    return PYTHON_CLIENTS
        + File.pathSeparator
        + Optional.ofNullable(System.getenv("PYTHONPATH")).orElse("");
  }

  /** The folder that has the package, of those where one is put by npm or by Debian. */
  private Optional<Path> nodeModules() throws Exception {
    List<Path> folders =
        List.of(
            CLIENTS.resolve("node_modules"),
            Path.of("/usr/share/nodejs"),
            Path.of("/usr/local/lib/node_modules"),
            Path.of("/usr/lib/node_modules"));
    return runs(Map.of(), "node", "--version")
        ? folders.stream().filter(it -> Files.isDirectory(it.resolve("redis"))).findFirst()
        : Optional.empty();
  }

  private boolean runs(Map<String, String> environment, String... command) throws Exception {
    return Programs.ended(programs().program(environment, command)) == 0;
  }

  private Programs programs() {
    return new Programs(folder);
  }

  private static String block(String language) throws IOException {
    return PAGE.block(language);
  }
}
