package io.streamfleet.console;

import static org.awaitility.Awaitility.await;

import io.lettuce.core.Consumer;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.streamfleet.apiserver.ApiServer;
import io.streamfleet.embedded.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * How much memory the console takes, and what it costs Redis: it runs as a process with the options
 * that it is given, on a stream of which a tenth is pending, while pages that are open go through
 * all screens. Prints figures.
 *
 * <p>{@code ConsoleMeasurement <entries> <seconds> <option of the console's JVM>...}, such as
 * {@code @jvm.options -XX:MaxRAM=128m}; with {@code -XX:NativeMemoryTracking=summary} it prints
 * what takes the memory.
 */
public final class ConsoleMeasurement {

  private static final Path CRD = Path.of("..", "crds", "streamconsumergroups.streamfleet.io.yaml");
  private static final Path JAR = Path.of("target", "streamfleet-console.jar");

  /** What a page shows, as its scripts ask for it. */
  private static final List<String> SCREENS =
      List.of(
          "",
          "/channels",
          "/channels?by=oldest",
          "/why?what=c77",
          "/dead-letter-groups",
          "/dead-letters",
          "/find?kind=trace&value=t40000",
          "/events",
          "/in-flight");

  /** As a page that is open. */
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int BATCH = 5_000;
  private static final int DEAD_LETTERS = 5_000;

  /** Commands that took longer are listed. */
  private static final int SLOW_MICROS = 1_000;

  private ConsoleMeasurement() {}

  /** Measures. */
  public static void main(String[] arguments) throws Exception {
    int entries = Integer.parseInt(arguments[0]);
    Duration lap = Duration.ofSeconds(Integer.parseInt(arguments[1]));
    List<String> options = List.of(arguments).subList(2, arguments.length);
    Path folder = Files.createTempDirectory("console-measurement");
    try (ApiServer server = ApiServer.start();
        RedisServer redis = RedisServer.plain()) {
      server.apply(Files.readString(CRD));
      server.apply(
          """
          apiVersion: streamfleet.io/v1alpha1
          kind: StreamConsumerGroup
          metadata: {name: big, namespace: default}
          spec:
            redis: {url: "%s"}
            inbound: {streams: [in], group: g, handler: {builtin: Log}}
            deadLetter: {stream: dead}
          """
              .formatted(redis.url()));
      RedisClient client = RedisClient.create(redis.url());
      try (StatefulRedisConnection<String, String> connection = client.connect()) {
        fill(connection, entries);
        Path kubeconfig = server.kubeconfig().write(folder.resolve("kubeconfig"));
        Path log = folder.resolve("console.log");
        Process console = start(options, kubeconfig, log);
        try {
          String url = "http://127.0.0.1:" + port(console, log) + "/api/fleets/default/big";
          for (int pages : new int[] {1, 50}) {
            measure(url, connection.sync(), console, pages, lap);
          }
          if (options.stream().anyMatch(it -> it.contains("NativeMemoryTracking"))) {
            new ProcessBuilder(
                    java("jcmd"), Long.toString(console.pid()), "VM.native_memory", "summary")
                .inheritIO()
                .start()
                .waitFor();
          }
        } finally {
          console.destroy();
          console.waitFor();
        }
        System.out.println("log: " + log);
      } finally {
        client.shutdown();
      }
    }
  }

  @SuppressWarnings("unchecked") // A generic array of variable arguments.
  private static void fill(StatefulRedisConnection<String, String> connection, int entries)
      throws Exception {
    var redis = connection.async();
    List<RedisFuture<?>> sent = new ArrayList<>();
    connection.setAutoFlushCommands(false);
    for (int i = 0; i < entries; i++) {
      sent.add(
          redis.xadd(
              "in",
              Map.of(
                  "data",
                  "{\"channel_id\":\"c%d\",\"content\":\"%s\"}"
                      .formatted(i % 5_000, "x".repeat(40)),
                  "trace_id",
                  "t" + i)));
      if (sent.size() == BATCH) {
        flush(connection, sent);
      }
    }
    for (int i = 0; i < DEAD_LETTERS; i++) {
      sent.add(
          redis.xadd(
              "dead",
              Map.of(
                  "original_stream",
                  "in",
                  "original_msg_id",
                  "1-" + i,
                  "error",
                  "no " + i,
                  "reason",
                  "max_attempts",
                  "data",
                  "{\"channel_id\":\"c%d\"}".formatted(i % 50))));
    }
    flush(connection, sent);
    connection.setAutoFlushCommands(true);
    RedisCommands<String, String> sync = connection.sync();
    sync.xgroupCreate(XReadArgs.StreamOffset.from("in", "0"), "g");
    for (int i = 0; i < entries / 10; i += 1_000) {
      sync.xreadgroup(
          Consumer.from("g", "w" + i / 1_000 % 3),
          XReadArgs.Builder.count(1_000),
          XReadArgs.StreamOffset.lastConsumed("in"));
    }
    System.out.printf(
        "%d entries, %d pending, %d dead letters%n",
        sync.xlen("in"), sync.xpending("in", "g").getCount(), sync.xlen("dead"));
  }

  private static void flush(
      StatefulRedisConnection<String, String> connection, List<RedisFuture<?>> sent) {
    connection.flushCommands();
    if (!LettuceFutures.awaitAll(PATIENCE, sent.toArray(RedisFuture[]::new))) {
      throw new IllegalStateException("Redis is too slow");
    }
    sent.clear();
  }

  private static Process start(List<String> options, Path kubeconfig, Path log) throws IOException {
    List<String> command =
        new ArrayList<>(List.of(System.getProperty("measured.java", java("java"))));
    command.addAll(options);
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-jar", JAR.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "KUBECONFIG", kubeconfig.toString(),
                "STREAMFLEET_CONSOLE_ACCESS", "open",
                "STREAMFLEET_CONSOLE_PORT", "0",
                "STREAMFLEET_CONSOLE_PAYLOADS", "true",
                "STREAMFLEET_PORT", "0",
                // As in the image.
                "MALLOC_ARENA_MAX", "2"));
    return builder.start();
  }

  private static String java(String program) {
    return Path.of(System.getProperty("java.home"), "bin", program).toString();
  }

  /** The port that the console says it serves. */
  private static String port(Process console, Path log) {
    return await()
        .atMost(PATIENCE)
        .failFast("the console does not start: " + log, () -> !console.isAlive())
        .until(() -> portIn(Files.readString(log)), port -> !port.isEmpty());
  }

  private static String portIn(String said) {
    int at = said.indexOf("msg=\"serving the console\" port=");
    return at >= 0 && said.indexOf('\n', at) > 0
        ? said.substring(said.indexOf("port=", at) + 5).split(" ", 2)[0]
        : "";
  }

  private static void measure(
      String url, RedisCommands<String, String> redis, Process console, int pages, Duration lap)
      throws Exception {
    redis.configSet("slowlog-log-slower-than", Integer.toString(SLOW_MICROS));
    redis.configSet("slowlog-max-len", "1000");
    redis.configResetstat();
    redis.slowlogReset();
    Map<Integer, Integer> statuses = new ConcurrentSkipListMap<>();
    List<Long> took = Collections.synchronizedList(new ArrayList<>());
    long end = System.nanoTime() + lap.toNanos();
    // The pages end before their client is closed.
    try (HttpClient http = HttpClient.newHttpClient();
        ExecutorService open = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int page = 0; page < pages; page++) {
        int first = page;
        open.submit(
            () -> {
              for (int i = first; System.nanoTime() < end; i++) {
                long begin = System.nanoTime();
                statuses.merge(ask(http, url + SCREENS.get(i % SCREENS.size())), 1, Integer::sum);
                took.add(System.nanoTime() - begin);
                TimeUnit.NANOSECONDS.sleep(BETWEEN_LOOKS.toNanos());
              }
              return null;
            });
      }
    }
    Collections.sort(took);
    System.out.printf(
        "%d pages: answers %s, median %d ms, slowest %d ms%n",
        pages, statuses, took.get(took.size() / 2) / 1_000_000, took.getLast() / 1_000_000);
    redis
        .info("commandstats")
        .lines()
        .filter(line -> line.startsWith("cmdstat_") && !line.startsWith("cmdstat_config"))
        .forEach(line -> System.out.println("  " + line));
    List<Object> slow = redis.slowlogGet(1_000);
    System.out.printf("  commands above %d us: %d%n", SLOW_MICROS, slow.size());
    slow.stream()
        .map(it -> (List<?>) it)
        .sorted((a, b) -> Long.compare((Long) b.get(2), (Long) a.get(2)))
        .limit(5)
        .forEach(it -> System.out.printf("    %d us %s%n", (Long) it.get(2), it.get(3)));
    for (String line :
        Files.readAllLines(Path.of("/proc", Long.toString(console.pid()), "status"))) {
      if (line.matches("(VmHWM|VmRSS|RssAnon|RssFile|Threads):.*")) {
        System.out.println("  " + line);
      }
    }
  }

  /** The status of an answer; 0 if there is none. */
  private static int ask(HttpClient http, String url) throws InterruptedException {
    try {
      return http.send(
              HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException e) {
      return 0;
    }
  }
}
