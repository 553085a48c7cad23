package io.streamfleet.local.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.regex.MatchResult;
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

  private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

  /** Those of what is not to be done are not among them. */
  private static final Pattern INLINE = Pattern.compile("`((?:redis|dlq|worker|kubectl)\\s[^`]+)`");

  private static final Pattern DO_NOT =
      Pattern.compile("\\*\\*Do not\\.\\*\\*.*?(?=\n## |\\z)", Pattern.DOTALL);

  /** What the API server here has not, or this fleet: they are only read by a shell. */
  private static final Pattern NOT_HERE =
      Pattern.compile("kubectl (top|port-forward|describe scaledobject)|.* --previous.*");

  /** What shows trouble that this fleet has not. */
  private static final Pattern MAY_BE_EMPTY =
      Pattern.compile(
          "redis (ACL LOG|SLOWLOG)|.*lastState|.*reason=ApplyFailed|.*\\| grep |[A-Z_]+=\\$\\(");

  /** Words that are looked for in a log. */
  private static final Pattern GREP = Pattern.compile("\\| grep (?:'([^']+)'|\"([^\"]+)\")");

  private static final Pattern LITERAL = Pattern.compile("\"([^\"\n]+)\"");

  private record Run(int status, String output, String errors) {}

  private final CountDownLatch over = new CountDownLatch(1);
  private final String page = read(ROOT.resolve("docs/runbook.md"));
  private final String onCall = read(ROOT.resolve("docs/on-call.md"));
  private Path folder = Path.of("");
  private LocalFleet fleet;
  private HttpServer handler;
  private RedisClient client;
  private String values = "";

  @BeforeAll
  void start(@TempDir Path temporary) throws IOException {
    folder = temporary;
    assumeThat(new WorkerJar(ROOT).jar()).as("made by the phase package: mvn verify").exists();
    Optional<Path> kubectl = onPath("kubectl");
    assumeThat(kubectl).as("kubectl on the PATH").isPresent();
    handler = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    handler.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    handler.createContext("/", this::handle);
    handler.start();
    fleet = LocalFleet.start(FleetPlan.of(ROOT, folder.resolve("fleet")));
    client = RedisClient.create(fleet.redisUrl());
    RedisCommands<String, String> redis = client.connect().sync();
    fleet.apply(manifest());
    await()
        .atMost(Scenario.PATIENCE)
        .until(
            () ->
                fleet.workers("bot").size() == 1
                    && fleet.workers("bot").stream().allMatch(FleetPod::ready));
    redis.xadd("messages", Map.of("data", "{\"channel_id\":\"bad\"}", "ts", "1"));
    redis.xadd("messages", Map.of("data", "\u0001", "ts", "1"));
    await().atMost(Scenario.PATIENCE).until(() -> redis.xlen("sg:stream:dlq") == 2);
    String entry =
        redis.xadd("messages", Map.of("data", "{\"channel_id\":\"general\"}", "ts", "1"));
    await().atMost(Scenario.PATIENCE).until(() -> redis.exists("sg:lock:channel:general") == 1);
    standIns(kubectl.orElseThrow());
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

  /** Programs that come first on the path of what is run here. */
  private void standIns(Path kubectl) throws IOException {
    Path manifest = folder.resolve("manifest.yaml");
    // The port of its pod, which is any on this machine.
    String port = fleet.workers("bot").getFirst().url().orElseThrow().replaceFirst(".*:", "");
    Files.writeString(
        manifest, manifest().replace("{replicas: 1,", "{port: " + port + ", replicas: 1,"));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    // A pod here is a process of this machine: what is to be run beside it is run here.
    program(
        "kubectl",
        """
        if [ "$1" = streamfleet ]; then
          shift
          exec sh '%s/commands/kubectl/kubectl-streamfleet' "$@"
        fi
        case " $* " in *' exec '*' -- '*)
          while [ "$1" != -- ]; do shift; done
          shift 2
          for word; do
            shift
            case $word in
              /app/streamfleet-worker.jar) word='%s' ;;
              -XX:AOTCache=*) word='-XX:AOTCache=%s' ;;
              /etc/streamfleet/config/manifest.yaml) word='%s' ;;
            esac
            set -- "$@" "$word"
          done
          exec '%s' "$@"
          ;;
        esac
        exec '%s' --kubeconfig '%s' "$@"
        """
            .formatted(
                ROOT,
                new WorkerJar(ROOT).jar(),
                new WorkerJar(ROOT).cache(),
                manifest,
                java,
                kubectl,
                fleet.kubeconfig()));
    if (onPath("redis-cli").isEmpty()) {
      program(
          "redis-cli",
          "exec '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '%s' %s \"$@\"\n"
              .formatted(java, System.getProperty("java.class.path"), RedisCli.class.getName()));
    }
  }

  private void program(String name, String body) throws IOException {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path file = bin.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + body);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static Optional<Path> onPath(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(path -> Path.of(path, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // --- what the page has

  private List<String> blocks() {
    return blocks(page);
  }

  private static List<String> blocks(String page) {
    return BLOCK.matcher(page).results().map(it -> it.group(1)).toList();
  }

  /** The functions that all commands use, with the address of the Redis here. */
  private String definitions() {
    URI redis = URI.create(fleet.redisUrl());
    return blocks()
        .getFirst()
        .replace("HOST:6379", redis.getHost() + ":" + redis.getPort())
        .replaceAll("(?m)^kubectl .*$", "");
  }

  /** A line each, for what a backslash joins is one. */
  private List<String> commands() {
    List<String> commands = new ArrayList<>();
    blocks().getFirst().lines().filter(it -> it.startsWith("kubectl ")).forEach(commands::add);
    blocks().stream()
        .skip(1)
        .flatMap(block -> block.replaceAll("\\\\\n\\s*", "").lines())
        .filter(line -> !line.matches("[A-Z_]+=[^$].*"))
        .forEach(commands::add);
    return commands;
  }

  /** Those within the text, whose placeholders are filled in; what ends the workers comes last. */
  private List<String> inlineCommands() {
    String text = DO_NOT.matcher(BLOCK.matcher(page).replaceAll("")).replaceAll("");
    return INLINE
        .matcher(text)
        .results()
        .map((MatchResult it) -> it.group(1).replaceAll("\\s+", " "))
        .map(
            it ->
                it.replace("--replicas=N", "--replicas=1")
                    .replace("MINID ID", "MINID 0-1")
                    .replace("REASON", "max_attempts"))
        .distinct()
        .sorted(Comparator.comparing((String it) -> it.matches("kubectl (scale|rollout).*")))
        .toList();
  }

  private Run run(String command) throws IOException, InterruptedException {
    return run(definitions() + values + assigned, command);
  }

  private Run run(String definitions, String command) throws IOException, InterruptedException {
    Path output = folder.resolve("output.txt");
    Path errors = folder.resolve("errors.txt");
    ProcessBuilder shell =
        new ProcessBuilder("sh", "-c", definitions + command)
            .directory(folder.toFile())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile());
    shell
        .environment()
        .merge("PATH", "", (path, none) -> folder.resolve("bin") + File.pathSeparator + path);
    int status = shell.start().waitFor();
    return new Run(status, read(output), read(errors));
  }

  private String assigned = "";

  // --- the tests

  @Test
  void aShellReadsThemAll() throws Exception {
    Path script = folder.resolve("script.sh");
    for (String block : Stream.concat(blocks().stream(), blocks(onCall).stream()).toList()) {
      Files.writeString(script, block);
      Process shell = new ProcessBuilder("sh", "-n", script.toString()).inheritIO().start();
      assertThat(shell.waitFor()).as(block).isZero();
    }
  }

  @Test
  void eachCommandOfABlockShowsSomething() throws Exception {
    List<String> wrong = new ArrayList<>();
    for (String command : commands()) {
      if (NOT_HERE.matcher(command).lookingAt()) {
        continue;
      }
      Run run = run(command);
      if (command.matches("[A-Z_]+=\\$\\(.*")) {
        assigned += command + "\n";
      }
      boolean mayBeEmpty = MAY_BE_EMPTY.matcher(command).lookingAt();
      String errors = mayBeEmpty ? run.errors().replace("No resources found\n", "") : run.errors();
      if (!errors.isEmpty() || (run.output().isBlank() && !mayBeEmpty)) {
        wrong.add(command + " -> " + run);
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** Nothing found is an answer, too: 1, and the words for it. */
  @Test
  @Order(Integer.MAX_VALUE - 2)
  void eachCommandForWhoeverIsOnCallAnswers() throws Exception {
    String definitions = blocks(onCall).getFirst() + values + "TRACE=none; STREAM=messages\n";
    List<String> commands = blocks(onCall).stream().skip(1).flatMap(String::lines).toList();
    assertThat(commands).hasSizeGreaterThan(25);
    List<String> wrong = new ArrayList<>();
    for (String command : commands) {
      Run run = run(definitions, command);
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
    String definitions = blocks(onCall).getFirst() + values + "STREAM=messages\n";
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
    List<String> commands = inlineCommands();
    assertThat(commands).hasSizeGreaterThan(8);
    List<String> wrong = new ArrayList<>();
    for (String command : commands) {
      Run run = run(command);
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
        commands().stream()
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
