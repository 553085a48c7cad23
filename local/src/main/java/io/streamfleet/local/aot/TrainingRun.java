package io.streamfleet.local.aot;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.embedded.ServerFailure;
import io.streamfleet.local.fleet.WorkerJar;
import io.streamfleet.wire.EntryFields;
import io.streamfleet.wire.PayloadWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs the worker once under real conditions, with a real Redis, while the JVM records which
 * classes it loads and links; the result is an AOT cache that makes later starts fast. The JVM
 * accepts a cache only with the same jar, the same Java and, in part, the same garbage collector as
 * in the training.
 */
public final class TrainingRun {

  /**
   * Enough for the JVM to record profiles of the pipeline's methods, which takes some hundred calls
   * (JEP 515): then a worker does not have to warm up in its first seconds. Few enough to be quick.
   */
  private static final int MESSAGES = 6_000;

  /** Some busy and some quiet ones, so that locks are taken, kept and released. */
  private static final int CHANNELS = 500;

  /** A run takes about ten seconds; after this time the build is stuck and fails. */
  private static final Duration ACKNOWLEDGE_TIMEOUT = Duration.ofMinutes(3);

  /** At its exit the JVM assembles the cache: five seconds, or on a busy machine a minute. */
  private static final Duration ASSEMBLY_TIMEOUT = Duration.ofMinutes(3);

  /** Between two polls of the worker's metrics. */
  private static final Duration POLL_INTERVAL = Duration.ofMillis(100);

  private final List<String> program;
  private final Path cache;
  private final Path log;

  private TrainingRun(List<String> program, Path cache, Path log) {
    this.program = List.copyOf(program);
    this.cache = cache;
    this.log = log;
  }

  /**
   * Runs the training.
   *
   * @param args the root of the repository
   */
  public static void main(String[] args) throws Exception {
    // msgpack's default buffer uses sun.misc.Unsafe, about which Java warns on standard error.
    System.setProperty("msgpack.universal-buffer", "true");
    Path root = Path.of(args[0]);
    WorkerJar worker = new WorkerJar(root);
    if (!Files.exists(worker.jar())) {
      System.err.println(
          "No AOT cache is trained: " + worker.jar() + " is made by the phase `package`.");
      return;
    }
    if (worker.isCached()) {
      return;
    }
    TrainingRun run =
        of(
            worker.command(List.of("@" + root.resolve("worker/jvm.options")), List.of()),
            worker.cache(),
            worker.jar().resolveSibling("aot-training.log"));
    try {
      run.train();
    } catch (IOException | ServerFailure | IllegalStateException e) {
      System.err.println(
          "The worker's AOT cache could not be trained: %s%nWhat was printed: %s%nTo build without it (the worker then starts slower): mvn -DskipAot ..."
              .formatted(e.getMessage(), run.log));
      System.exit(1);
    }
  }

  /**
   * The training of a worker.
   *
   * @param program the command that starts the worker, from java up to its own arguments
   * @param cache output file
   * @param log receives the output of the worker
   */
  public static TrainingRun of(List<String> program, Path cache, Path log) {
    return new TrainingRun(program, cache, log);
  }

  /**
   * Runs the training.
   *
   * @throws IOException if no cache was written; the log has the reason
   */
  public void train() throws IOException, InterruptedException {
    Path manifest = Files.createTempFile("streamfleet-training", ".yaml");
    Path made = cache.resolveSibling(cache.getFileName() + ".part");
    HttpServer handler = handler();
    try (RedisServer redis = RedisServer.plain();
        var lines = Files.newBufferedWriter(log)) {
      Files.writeString(manifest, manifest(redis.url(), handler.getAddress().getPort()));
      publish(redis.url());
      List<String> command =
          new ArrayList<>(
              List.of(program.getFirst(), "-XX:AOTCacheOutput=" + made, "-Xlog:aot=error"));
      command.addAll(program.subList(1, program.size()));
      command.addAll(
          List.of(
              "run",
              "-f",
              manifest.toString(),
              "--consumer",
              "training-0",
              "--host",
              "127.0.0.1",
              "--port",
              "0"));
      try (WorkerProcess process = WorkerProcess.start(command, line -> write(lines, line))) {
        awaitAcknowledged(process);
        int status = process.drain(ASSEMBLY_TIMEOUT);
        if (status != 0) {
          throw new IOException("the worker ended with status " + status);
        }
      }
      if (!Files.exists(made)) {
        throw new IOException("the JVM wrote no cache");
      }
      Files.move(made, cache, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      handler.stop(0);
      Files.deleteIfExists(made);
      Files.deleteIfExists(manifest);
    }
  }

  private static void write(Writer lines, String line) {
    try {
      lines.write(line + System.lineSeparator());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the log of the training", e);
    }
  }

  /** Answers each message with one for a platform. */
  private static HttpServer handler() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    byte[] answer =
        "{\"outbound\":[{\"platform\":\"discord\",\"payload\":{\"channel_id\":\"c1\",\"content\":\"hello\"}}]}"
            .getBytes(UTF_8);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
          }
        });
    server.start();
    return server;
  }

  private static String manifest(String redisUrl, int handlerPort) {
    return """
    apiVersion: streamfleet.io/v1alpha1
    kind: StreamConsumerGroup
    metadata: {name: training}
    spec:
      redis: {url: "%s"}
      inbound: {handler: {http: {url: "http://127.0.0.1:%d/"}}}
      outbound: {platforms: [discord, matrix], handler: {builtin: Log}}
    """
        .formatted(redisUrl, handlerPort);
  }

  private static void publish(String url) {
    PayloadWriter writer = new PayloadWriter();
    RedisClient client = RedisClient.create(url);
    try (var connection =
        client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE))) {
      RedisCommands<String, byte[]> redis = connection.sync();
      for (int i = 0; i < MESSAGES; i++) {
        Map<String, Object> payload =
            Map.of(
                "channel_id",
                "c" + i % CHANNELS,
                "platform",
                "matrix",
                "is_addressed",
                i % 6 != 0,
                "n",
                i);
        byte[] json =
            "{\"channel_id\":\"c%d\",\"content\":\"hello\",\"n\":%d}"
                .formatted(i % CHANNELS, i)
                .getBytes(UTF_8);
        byte[] data = i % 2 == 0 ? writer.write(payload) : json;
        redis.xadd("sg:stream:inbound", EntryFields.fields(data, Instant.EPOCH, "trace-" + i));
        redis.xadd(
            "sg:stream:outbound:matrix", EntryFields.fields(data, Instant.EPOCH, "out-" + i));
      }
    } finally {
      client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }
  }

  /** Inbound entries, what their handler emits, and outbound entries: three for each message. */
  private static void awaitAcknowledged(WorkerProcess process)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + ACKNOWLEDGE_TIMEOUT.toNanos();
    while (process.counts().acknowledged() < 3 * MESSAGES) {
      if (System.nanoTime() - end > 0) {
        throw new IOException(
            "not all was acknowledged after " + ACKNOWLEDGE_TIMEOUT + ": " + process.counts());
      }
      TimeUnit.MILLISECONDS.sleep(POLL_INTERVAL.toMillis());
    }
  }
}
