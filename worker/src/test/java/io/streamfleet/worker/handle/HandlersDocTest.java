package io.streamfleet.worker.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.streamfleet.handler.Direction;
import io.streamfleet.handler.HandlerContext;
import io.streamfleet.handler.MessageHandler;
import io.streamfleet.handler.OutboundMessage;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    try (PythonHandler python = startPython()) {
      assertThat(python.handler.handle(HI).outbound()).containsExactly(said("Hi"));
      assertThat(python.handler.handle(HI_CHANGED).outbound()).containsExactly(said("Hi"));
    }
    try (PythonHandler python = startPython()) {
      assertThat(python.handler.handle(HI_CHANGED).outbound()).containsExactly(said("Hi"));
    }
  }

  @Test
  void thePythonHandlerTellsMessagesOfTwoStreamsApartThoughTheyHaveOneId() throws Exception {
    try (PythonHandler python = startPython()) {
      assertThat(python.handler.handle(HI).outbound()).containsExactly(said("Hi"));
      assertThat(python.handler.handle(HI_CHANGED.on("sg:stream:second", "c")).outbound())
          .containsExactly(said("Something else"));
    }
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
        .contains("At most " + AnswerReader.LONGEST_BODY / (1024 * 1024) + " MiB")
        .contains(PlatformName.RULE.replace("'", "`"));
  }

  private static OutboundMessage said(String content) {
    return new OutboundMessage(
        "discord", Map.of("channel_id", "c", "content", "You said: " + content));
  }

  /** The handler of the page as a process, in the folder where it keeps its answers. */
  private record PythonHandler(Process process, HttpHandler handler) implements AutoCloseable {
    @Override
    public void close() throws InterruptedException {
      handler.close();
      process.destroyForcibly().waitFor();
    }
  }

  private PythonHandler startPython() throws IOException {
    Path script = Files.writeString(folder.resolve("handler.py"), block("python"));
    Process python;
    try {
      python =
          new ProcessBuilder("python3", script.toString(), "0")
              .directory(folder.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    } catch (IOException e) {
      assumeThat(false).as("python3 is on the PATH, to run the handler of the docs").isTrue();
      throw e;
    }
    String port =
        python
            .inputReader(StandardCharsets.UTF_8)
            .readLine()
            .replaceFirst("listening on port ", "");
    return new PythonHandler(
        python,
        new HttpHandler(
            Endpoint.of("http://127.0.0.1:" + port + "/", Map.of()),
            Duration.ofSeconds(20),
            "worker-0",
            ExchangeMemory.ofThisProcess(),
            Clock.systemUTC()));
  }

  private static void compile(Path source, Path classes) throws IOException {
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    StringWriter problems = new StringWriter();
    try (StandardJavaFileManager files = javac.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-d", classes.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none");
      boolean compiled =
          javac
              .getTask(problems, files, null, options, null, files.getJavaFileObjects(source))
              .call();
      assertThat(compiled).as(() -> problems.toString()).isTrue();
    }
  }

  private static String block(String language) throws IOException {
    Matcher block =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(DOC));
    assertThat(block.find()).as("a %s block in %s", language, DOC).isTrue();
    return block.group(1);
  }
}
