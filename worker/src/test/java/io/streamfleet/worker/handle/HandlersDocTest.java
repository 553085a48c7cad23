package io.streamfleet.worker.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Direction;
import io.streamfleet.handler.Handled;
import io.streamfleet.handler.HandlerContext;
import io.streamfleet.handler.MessageHandler;
import io.streamfleet.handler.OutboundMessage;
import io.streamfleet.redis.EntryId;
import io.streamfleet.wire.HeaderScan;
import io.streamfleet.wire.PayloadWriter;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.RawEntry;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.fleet.DocPage;
import io.streamfleet.worker.fleet.Programs;
import io.streamfleet.worker.fleet.Traffic;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The code in docs/handlers.md does what the page says. */
@Timeout(60)
class HandlersDocTest {

  private static final Path DOC =
      Path.of(System.getProperty("repository.root", ".."), "docs", "handlers.md");

  private static final DocPage PAGE = new DocPage(DOC);

  private static final ReceivedMessage HI =
      ReceivedMessage.inbound()
          .with(
              Map.of("platform", "discord"),
              "{\"platform\":\"discord\",\"channel_id\":\"c\",\"content\":\"Hi\"}");

  /** The same id, so what comes back for it is what was remembered. */
  private static final ReceivedMessage HI_CHANGED =
      HI.with(
          Map.of(),
          "{\"platform\":\"discord\",\"channel_id\":\"c\",\"content\":\"Something else\"}");

  @TempDir Path folder;

  @Test
  void thePythonHandlerGivesAMessageThatComesAgainTheSameAnswerAlsoAfterItsOwnEnd()
      throws Exception {
    try (PageHandler python = start("python3", "python")) {
      assertThat(python.handler.handle(HI).outbound()).containsExactly(said("Hi"));
      assertThat(python.handler.handle(HI_CHANGED).outbound()).containsExactly(said("Hi"));
    }
    try (PageHandler python = start("python3", "python")) {
      assertThat(python.handler.handle(HI_CHANGED).outbound()).containsExactly(said("Hi"));
    }
  }

  @Test
  void thePythonHandlerTellsMessagesOfTwoStreamsApartThoughTheyHaveOneId() throws Exception {
    try (PageHandler python = start("python3", "python")) {
      assertThat(python.handler.handle(HI).outbound()).containsExactly(said("Hi"));
      assertThat(python.handler.handle(HI_CHANGED.on("sg:stream:second", "c")).outbound())
          .containsExactly(said("Something else"));
    }
  }

  @Test
  void theNodeHandlerAnswers() throws Exception {
    try (PageHandler node = start("node", "js")) {
      assertThat(node.handler.handle(HI).outbound()).containsExactly(said("Hi"));
    }
  }

  @Test
  void thePythonHandlerForBatchesAnswersEachEventAndFailsOnlyTheOneThatFails() throws Exception {
    try (PageHandler python = run("python3", block("python", "for event in events"))) {
      answersEachEvent(python);
    }
  }

  @Test
  void theNodeHandlerForBatchesAnswersEachEventAndFailsOnlyTheOneThatFails() throws Exception {
    try (PageHandler node = run("node", block("js", ".map(result)"))) {
      answersEachEvent(node);
    }
  }

  private static void answersEachEvent(PageHandler page) throws Exception {
    List<Entry> entries =
        List.of(
            entry("1-0", Map.of("channel_id", "c", "platform", "discord", "content", "Hi")),
            entry("2-0", Map.of("channel_id", "d")),
            entry("3-0", Map.of("channel_id", "c", "platform", "discord", "content", "Ho")));
    CompletableFuture<List<BatchAnswer.Result>> answer = new CompletableFuture<>();
    page.handler.start(
        page.handler.call(
            entries,
            new BatchCall.Completion() {
              @Override
              public void answered(List<BatchAnswer.Result> results, LongRead memory) {
                answer.complete(results);
              }

              @Override
              public void failed(Throwable failure) {
                answer.completeExceptionally(failure);
              }
            }));
    List<BatchAnswer.Result> results = answer.get(20, TimeUnit.SECONDS);
    assertThat(results).hasSize(3);
    assertThat(results.getFirst())
        .isEqualTo(new BatchAnswer.Result.Done(Handled.emitting(said("Hi"))));
    // Without content, or with messages without a platform.
    assertThat(results.get(1)).isInstanceOf(BatchAnswer.Result.Failed.class);
    assertThat(results.getLast())
        .isEqualTo(new BatchAnswer.Result.Done(Handled.emitting(said("Ho"))));
  }

  private static Entry entry(String id, Map<String, Object> payload) throws Exception {
    byte[] data = new PayloadWriter().write(payload);
    return new Entry(
        new StreamConsumer(Direction.INBOUND, "sg:stream:inbound", "g", "worker-0"),
        new RawEntry(EntryId.parse(id), 1, RawEntry.Content.WHOLE, data, null, null),
        data,
        new HeaderScan("channel_id").scan(data),
        0,
        0);
  }

  @Test
  void theRequestOfThePageIsOneThatTheWorkerSendsAndIsAnsweredTheSameTwice() throws Exception {
    String curl = block("sh", "curl");
    ByteBuf request = Unpooled.buffer();
    RequestHead head = new RequestHead();
    new CloudEvent(new byte[0], "worker-0").describe(HI, head);
    head.writeTo(request);
    assertThat(curl).contains("-H 'content-type: application/json'");
    assertThat(headers(curl))
        .containsExactlyInAnyOrderElementsOf(
            request
                .toString(StandardCharsets.US_ASCII)
                .lines()
                .filter(it -> it.startsWith("ce-"))
                .map(it -> it.substring(0, it.indexOf(':')))
                .toList());
    try (PageHandler python = start("python3", "python")) {
      assumeThat(ended("curl", "--version")).as("curl is on the PATH").isZero();
      String here = curl.replace("http://localhost:9000/", python.url());
      assertThat(ended("sh", "-ec", here)).isZero();
      String first = output();
      assertThat(first).contains("200").contains("You said: Hi").contains("\"platform\"");
      assertThat(ended("sh", "-ec", here)).isZero();
      assertThat(output().lines().toList().getLast()).isEqualTo(first.lines().toList().getLast());
    }
  }

  private static Set<String> headers(String curl) {
    return Pattern.compile("-H '(ce-[a-z]+):")
        .matcher(curl)
        .results()
        .map(it -> it.group(1))
        .collect(Collectors.toSet());
  }

  /** By its own commands; the jar of the worker is not made yet, so one that leads to its parts. */
  @Test
  void theCommandsOfThePageCompilePackAndRunTheJavaHandler() throws Exception {
    Path jar = folder.resolve("worker/target/streamfleet-worker.jar");
    Files.createDirectories(jar.getParent());
    leading(jar, System.getProperty("java.class.path"));
    Files.writeString(folder.resolve("Greeter.java"), block("java"));
    assertThat(ended("sh", "-ec", block("sh", "javac"))).as(() -> output()).isZero();

    try (RedisServer redis = RedisServer.plain();
        Traffic traffic = new Traffic(redis.url())) {
      Files.writeString(
          folder.resolve("manifest.yaml"),
          block("yaml", "redis: {url: \"redis://127.0.0.1:6379\"}")
              .replace("redis://127.0.0.1:6379", redis.url()));
      traffic.publish("sg:stream:inbound", Map.of("platform", "discord", "channel_id", "c"));
      Process worker = process("sh", "-ec", block("sh", "java -cp").strip() + " --port 0").start();
      try {
        await()
            .atMost(Duration.ofSeconds(40))
            .failFast(() -> assertThat(worker.isAlive()).as(output()).isTrue())
            .until(() -> traffic.redis().xlen("sg:stream:outbound:discord") == 1);
      } finally {
        worker.descendants().forEach(ProcessHandle::destroyForcibly);
        worker.destroyForcibly().waitFor();
      }
    }
  }

  private static void leading(Path jar, String classPath) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest
        .getMainAttributes()
        .put(
            Attributes.Name.CLASS_PATH,
            Arrays.stream(classPath.split(File.pathSeparator, -1))
                .map(it -> Path.of(it).toUri().toString())
                .collect(Collectors.joining(" ")));
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
  }

  @Test
  void theUnitTestOfThePageSucceedsWithTheHandlerOfThePage() throws Exception {
    Path classes = Files.createDirectory(folder.resolve("classes"));
    compile(Files.writeString(folder.resolve("Greeter.java"), block("java")), classes);
    Path test =
        Files.writeString(folder.resolve("GreeterTest.java"), block("java", "class GreeterTest"));
    compile(test, classes);

    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
      Class<?> type = loader.loadClass("com.example.GreeterTest");
      type.getMethod("greets").invoke(type.getConstructor().newInstance());
    }
  }

  @Test
  void theCoordinatesOfThePageAreThoseOfTheBuild() throws Exception {
    String pom = Files.readString(DOC.resolveSibling("../handler/pom.xml"));
    assertThat(pom.replaceAll("\\s", ""))
        .contains(
            block("xml")
                .lines()
                .filter(it -> it.contains("groupId") || it.contains("version"))
                .map(String::strip)
                .toArray(String[]::new));
    assertThat(pom).contains("<artifactId>streamfleet-handler</artifactId>");
    assertThat(block("xml")).contains("<artifactId>streamfleet-handler</artifactId>");
  }

  @Test
  void theJavaHandlerIsCompiledFoundAndHandlesAMessage() throws Exception {
    Path source = Files.writeString(folder.resolve("Greeter.java"), block("java"));
    Path classes = Files.createDirectory(folder.resolve("classes"));
    compile(source, classes);

    try (URLClassLoader jar =
            new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, MessageHandler.class.getClassLoader());
        MessageHandler handler =
            new HandlerLookup(jar)
                .start(
                    "com.example.Greeter",
                    new HandlerContext(Direction.INBOUND, "w", Map.of("greeting", "Servus")))) {
      assertThat(handler.handle(HI).outbound())
          .containsExactly(
              new OutboundMessage("discord", Map.of("channel_id", "general", "content", "Servus")));
    }
  }

  @Test
  void theAnswerOnThePageEmitsAMessage() throws Exception {
    assertThat(EmittedMessages.read(block("json").getBytes(StandardCharsets.UTF_8)))
        .containsExactly(
            new OutboundMessage("discord", Map.of("type", "message", "content", "Hello")));
  }

  @Test
  void thePageNamesTheRulesAsTheyAre() throws Exception {
    assertThat(Files.readString(DOC))
        .contains("At most " + HttpAnswer.LONGEST_BODY / (1024 * 1024) + " MiB")
        .contains(PlatformName.RULE.replace("'", "`"));
  }

  private static OutboundMessage said(String content) {
    return new OutboundMessage(
        "discord", Map.of("channel_id", "c", "content", "You said: " + content));
  }

  /** A handler of the page as a process, in the folder where it keeps its answers. */
  private record PageHandler(Process process, String url, HttpHandler handler)
      implements AutoCloseable {
    @Override
    public void close() throws InterruptedException {
      handler.close();
      process.destroyForcibly().waitFor();
    }
  }

  private PageHandler start(String program, String language) throws IOException {
    return run(program, block(language));
  }

  private PageHandler run(String program, String code) throws IOException {
    Path script = Files.writeString(folder.resolve("handler.mjs"), code);
    Process process;
    try {
      process =
          new ProcessBuilder(program, script.toString(), "0")
              .directory(folder.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    } catch (IOException e) {
      assumeThat(false).as("%s is on the PATH, to run the handler of the docs", program).isTrue();
      throw e;
    }
    String url =
        "http://127.0.0.1:"
            + process
                .inputReader(StandardCharsets.UTF_8)
                .readLine()
                .replaceFirst("listening on port ", "")
            + "/";
    return new PageHandler(
        process,
        url,
        new HttpHandler(
            Endpoint.of(url, Map.of()),
            Duration.ofSeconds(20),
            "worker-0",
            ExchangeMemory.ofThisProcess(),
            Clock.systemUTC(),
            new AnswerWarnings(doubt -> {})));
  }

  private static void compile(Path source, Path classes) throws IOException {
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    StringWriter problems = new StringWriter();
    try (StandardJavaFileManager files = javac.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-d",
              classes.toString(),
              "-cp",
              classes + File.pathSeparator + System.getProperty("java.class.path"),
              "-proc:none");
      boolean compiled =
          javac
              .getTask(problems, files, null, options, null, files.getJavaFileObjects(source))
              .call();
      assertThat(compiled).as(() -> problems.toString()).isTrue();
    }
  }

  private ProcessBuilder process(String... command) {
    String javac = Path.of(System.getProperty("java.home"), "bin").toString();
    return programs()
        .program(
            Map.of("PATH", javac + File.pathSeparator + System.getenv().getOrDefault("PATH", "")),
            command);
  }

  private int ended(String... command) throws InterruptedException {
    return Programs.ended(process(command));
  }

  private String output() {
    return programs().output();
  }

  private Programs programs() {
    return new Programs(folder);
  }

  private static String block(String language) throws IOException {
    return PAGE.block(language);
  }

  private static String block(String language, String text) throws IOException {
    return PAGE.block(language, text);
  }
}
