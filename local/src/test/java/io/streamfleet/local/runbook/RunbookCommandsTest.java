package io.streamfleet.local.runbook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.streamfleet.local.fleet.FleetPlan;
import io.streamfleet.local.fleet.FleetPod;
import io.streamfleet.local.fleet.LocalFleet;
import io.streamfleet.local.fleet.WorkerJar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of {@code docs/runbook.md} and {@code docs/on-call.md}, each typed as it stands
 * there, beside a fleet with an entry whose handler hangs and with dead letters. Whoever was woken
 * must not have to mend them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RunbookCommandsTest {

  private static final Path ROOT =
      Path.of(System.getProperty("repository.root", "..")).toAbsolutePath().normalize();

  /** Whatever else the machine does: a worker starts in a second or two on a quiet one. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** A command waits for a server half of the time. */
  private static final int SHELLS = 4;

  /** What shows trouble, or partitions, that this fleet has not. */
  private static final Pattern MAY_BE_EMPTY =
      Pattern.compile(
          "redis (ACL LOG|SLOWLOG|ZRANGE .*:members:|HGETALL .*:lease:)|.*lastState|.*reason=ApplyFailed|.*\\| grep |[A-Z_]+=\\$\\(");

  /** Words that are looked for in a log. */
  private static final Pattern GREP = Pattern.compile("\\| grep (?:'([^']+)'|\"([^\"]+)\")");

  private static final Pattern LITERAL = Pattern.compile("\"([^\"\n]+)\"");

  private final CountDownLatch over = new CountDownLatch(1);
  private RunbookPage page = new RunbookPage("");
  private RunbookPage onCall = new RunbookPage("");
  private RunbookShell shell;
  private Path folder = Path.of("");
  private LocalFleet fleet;
  private HttpServer handler;
  private RedisClient client;
  private String values = "";

  @BeforeAll
  void start(@TempDir Path temporary) throws IOException {
    folder = temporary;
    page = RunbookPage.of(ROOT, "docs/runbook.md");
    onCall = RunbookPage.of(ROOT, "docs/on-call.md");
    assumeThat(new WorkerJar(ROOT).jar()).as("made by the phase package: mvn verify").exists();
    assumeThat(RunbookShell.kubectl()).as("kubectl on the PATH").isPresent();
    handler = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    handler.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    handler.createContext("/", this::handle);
    handler.start();
    fleet = LocalFleet.start(FleetPlan.of(ROOT, folder.resolve("fleet")));
    client = RedisClient.create(fleet.redisUrl());
    RedisCommands<String, String> redis = client.connect().sync();
    fleet.apply(manifest());
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                fleet.workers("bot").size() == 1
                    && fleet.workers("bot").stream().allMatch(FleetPod::ready));
    redis.xadd("messages", Map.of("data", "{\"channel_id\":\"bad\"}", "ts", "1"));
    redis.xadd("messages", Map.of("data", "\u0001", "ts", "1"));
    await().atMost(PATIENCE).until(() -> redis.xlen("sg:stream:dlq") == 2);
    String entry =
        redis.xadd("messages", Map.of("data", "{\"channel_id\":\"general\"}", "ts", "1"));
    await().atMost(PATIENCE).until(() -> redis.exists("sg:lock:channel:general") == 1);
    shell = new RunbookShell(ROOT, page, fleet, folder);
    // The port of its pod, which is any on this machine.
    String port = fleet.workers("bot").getFirst().url().orElseThrow().replaceFirst(".*:", "");
    shell.manifest("bot", manifest().replace("{replicas: 1,", "{port: " + port + ", replicas: 1,"));
    values =
        """
        NS=default; FLEET=bot; STREAM=messages; GROUP=g; OPERATOR_NS=%s
        POD=%2$s; NAME=%2$s; ENTRY_ID=%3$s; CHANNEL=general; KEY=sg:lock:channel:general
        LETTER_ID=%4$s; ID=999999
        """
            .formatted(
                LocalFleet.OPERATOR_NAMESPACE,
                fleet.workers("bot").getFirst().name(),
                entry,
                redis
                    .xrange("sg:stream:dlq", io.lettuce.core.Range.unbounded())
                    .getFirst()
                    .getId());
  }

  @AfterAll
  void stop() {
    over.countDown();
    if (fleet != null) {
      client.shutdown();
      fleet.close();
      handler.stop(0);
    }
  }

  private String manifest() {
    return """
    apiVersion: streamfleet.io/v1alpha1
    kind: StreamConsumerGroup
    metadata: {name: bot, namespace: default}
    spec:
      redis: {url: "%s"}
      inbound:
        streams: [messages]
        group: g
        handler: {http: {url: "http://127.0.0.1:%d/", timeout: 1h}}
      retry: {maxAttempts: 1}
      workers: {replicas: 1, drainTimeout: 1s}
    """
        .formatted(fleet.redisUrl(), handler.getAddress().getPort());
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (new String(exchange.getRequestBody().readAllBytes(), UTF_8).contains("bad")) {
        exchange.sendResponseHeaders(500, -1);
        return;
      }
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RunbookShell.Run run(String command) throws IOException, InterruptedException {
    return shell.run(values + assigned, command);
  }

  private RunbookShell.Run run(String definitions, String command)
      throws IOException, InterruptedException {
    return shell.runAfter(definitions, command);
  }

  private String assigned = "";

  // --- the tests

  @Test
  void aShellReadsThemAll() throws Exception {
    Path script = folder.resolve("script.sh");
    for (String block : Stream.concat(page.blocks().stream(), onCall.blocks().stream()).toList()) {
      Files.writeString(script, block);
      Process reader = new ProcessBuilder("sh", "-n", script.toString()).inheritIO().start();
      assertThat(reader.waitFor()).as(block).isZero();
    }
  }

  /** They change nothing, so several run at once. */
  @Test
  void eachCommandOfABlockShowsSomething() throws Exception {
    Map<String, Future<RunbookShell.Run>> runs = new LinkedHashMap<>();
    try (ExecutorService shells = Executors.newFixedThreadPool(SHELLS)) {
      for (String command : page.commands()) {
        if (RunbookShell.runs(command)) {
          String definitions = values + assigned;
          runs.put(command, shells.submit(() -> shell.run(definitions, command)));
        }
        if (command.matches("[A-Z_]+=\\$\\(.*")) {
          assigned += command + "\n";
        }
      }
    }
    List<String> wrong = new ArrayList<>();
    for (Map.Entry<String, Future<RunbookShell.Run>> one : runs.entrySet()) {
      RunbookShell.Run run = one.getValue().get();
      boolean mayBeEmpty = MAY_BE_EMPTY.matcher(one.getKey()).lookingAt();
      String errors = mayBeEmpty ? run.errors().replace("No resources found\n", "") : run.errors();
      if (!errors.isEmpty() || (run.output().isBlank() && !mayBeEmpty)) {
        wrong.add(one.getKey() + " -> " + run);
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** Nothing found is an answer, too: 1, and the words for it. */
  @Test
  @Order(Integer.MAX_VALUE - 2)
  void eachCommandForWhoeverIsOnCallAnswers() throws Exception {
    String definitions = onCall.blocks().getFirst() + values + "TRACE=none; STREAM=messages\n";
    List<String> commands =
        onCall.blocks().stream().skip(1).flatMap(String::lines).distinct().toList();
    assertThat(commands).hasSizeGreaterThan(25);
    List<String> wrong = new ArrayList<>();
    for (String command : commands) {
      RunbookShell.Run run = run(definitions, command);
      boolean found = run.status() == 0 && !run.output().isBlank();
      boolean mayFindNothing = command.matches("sf find .*|.*\\| grep .*");
      boolean mayFindErrors = command.startsWith("sf check");
      boolean silent = command.matches(".*> report.zip") && run.status() == 0;
      if (!found
          && !silent
          && !(mayFindNothing && run.status() == 1)
          && !(mayFindErrors && run.output().contains("error"))) {
        wrong.add(command + " -> " + run);
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(folder.resolve("report.zip")).isNotEmptyFile();
  }

  /** Before those above stop what is in flight. */
  @Test
  @Order(Integer.MAX_VALUE - 3)
  void whoeverIsOnCallIsToldOfTheHandlerThatHangs() throws Exception {
    String definitions = onCall.blocks().getFirst() + values + "STREAM=messages\n";
    String pod = fleet.workers("bot").getFirst().name();

    assertThat(run(definitions, "sf why $CHANNEL").output())
        .contains("pending", pod, "its handler, or earlier entries of its channel");
    assertThat(run(definitions, "sf inflight").output()).contains(pod, "handled");
    assertThat(run(definitions, "sf top --by oldest").output()).contains("general", pod);
    assertThat(run(definitions, "sf dlq summary").output())
        .contains("max_attempts", "undecodable", "2 dead letters in 2 groups");
    assertThat(run(definitions, "sf check").output())
        .contains("accepts connections", "the user may do all that a worker does");
  }

  @Test
  void theCommandsShowWhatTheTextSaysTheyDo() throws Exception {
    String pod = fleet.workers("bot").getFirst().name();
    assertThat(run("redis XPENDING $STREAM $GROUP - + 5").output()).contains(pod, "-0");
    assertThat(run("redis XRANGE $STREAM $ENTRY_ID $ENTRY_ID").output()).contains("channel_id");
    assertThat(run("redis GET sg:lock:channel:$CHANNEL").output()).startsWith(pod + "/");
    assertThat(run("redis XINFO GROUPS $STREAM").output()).contains("lag", "last-delivered-id");
    assertThat(run("redis CLIENT LIST | grep name=streamfleet:$NAME").output()).contains("id=");
    assertThat(run("dlq list --newer-than 1h").output()).contains("undecodable", "max_attempts");
    assertThat(run("dlq show $LETTER_ID").output()).contains("original_msg_id", "reason");
    assertThat(
            run("kubectl logs -n $NS -l streamfleet.io/group=$FLEET -c worker | grep 'msg=\"the"
                    + " handler failed\"'")
                .output())
        .contains("channel=bad");
    assertThat(
            run("kubectl get lease/streamfleet-operator -n $OPERATOR_NS"
                    + " -o jsonpath='{.spec.holderIdentity}'")
                .output())
        .isEqualTo(fleet.operator().name());
  }

  /** Last: some end the workers, and one what is in flight. */
  @Test
  @Order(Integer.MAX_VALUE)
  void eachCommandWithinTheTextIsOne() throws Exception {
    List<String> commands = page.inlineCommands();
    assertThat(commands).hasSizeGreaterThan(8);
    List<String> wrong = new ArrayList<>();
    for (String command : commands) {
      RunbookShell.Run run = run(command);
      if (run.status() != 0) {
        wrong.add(command + " -> " + run);
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** A log that says something else by now would have nothing to find. */
  @Test
  void whatIsLookedForInLogsIsLogged() throws IOException {
    List<String> literals = new ArrayList<>();
    for (String module : List.of("worker", "operator", "redis", "process")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main"))) {
        files
            .filter(it -> it.toString().endsWith(".java"))
            .flatMap(it -> LITERAL.matcher(read(it)).results())
            .forEach(it -> literals.add(it.group(1)));
      }
    }
    List<String> words =
        page.commands().stream()
            .filter(it -> it.startsWith("kubectl logs"))
            .flatMap(it -> GREP.matcher(it).results())
            .map(it -> it.group(1) != null ? it.group(1) : it.group(2))
            .map(it -> it.replaceAll("^msg=\"|\"$", ""))
            .toList();
    assertThat(words)
        .hasSizeGreaterThan(3)
        .allSatisfy(it -> assertThat(literals).anyMatch(literal -> literal.contains(it)));
  }
}
