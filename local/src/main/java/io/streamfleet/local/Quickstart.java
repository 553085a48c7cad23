package io.streamfleet.local;

import io.lettuce.core.RedisException;
import io.streamfleet.api.DurationText;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.embedded.ServerFailure;
import io.streamfleet.redis.UnreadableUrl;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code quickstart}: one real worker between real streams, to be watched. */
@Command(
    name = "quickstart",
    description = "Watch a worker consume real streams by a StreamConsumerGroup manifest.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:the worker drained", "1:something failed", "2:bad usage"})
public final class Quickstart implements Callable<Integer> {

  /** Slow enough to be read as it passes. */
  private static final int MESSAGES_PER_SECOND = 5;

  /** A status line between some fifteen messages. */
  private static final Duration STATUS = Duration.ofSeconds(3);

  /** Of draining (a minute at most) and of closing Redis; whoever is slower is left behind. */
  private static final Duration END = Duration.ofSeconds(75);

  @Spec private @Nullable CommandSpec command;

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "End after this time, such as 20s or 2m (default: run until Ctrl-C).")
  private @Nullable Duration time;

  @Option(
      names = "--redis-url",
      paramLabel = "URL",
      description = "Use this Redis; its streams sg:stream:* get messages and a consumer group.")
  private @Nullable String redisUrl;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Where the worker serves /metrics, /healthz and /readyz (default: any).")
  private int port;

  @Option(names = "--root", hidden = true, defaultValue = "${sys:streamfleet.root:-.}")
  private Path root = Path.of(".");

  private final CountDownLatch stopAsked = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile int status = 1;

  /** Reads {@code 20s} and its like. */
  static final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      return DurationText.parse(text);
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    Thread hook = Thread.ofPlatform().name("stop").unstarted(this::stopAndEnd);
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      status = redisUrl == null ? withEmbeddedRedis() : watch(redisUrl);
    } catch (UnreadableUrl e) {
      say("failed: --redis-url: " + e.getMessage());
      status = 2;
    } catch (IOException | ServerFailure e) {
      say("failed: " + e.getMessage());
    } catch (RedisException e) {
      say("failed: Redis does not let us in (" + cause(e) + "); is the URL right?");
    } finally {
      ended.countDown();
    }
    return status;
  }

  /** SIGTERM: what runs ends in order, and then the process with the status of that. */
  private void stopAndEnd() {
    if (ended.getCount() == 0) {
      return;
    }
    stopAsked.countDown();
    try {
      Runtime.getRuntime().halt(ended.await(END.toMillis(), TimeUnit.MILLISECONDS) ? status : 1);
    } catch (InterruptedException e) {
      Runtime.getRuntime().halt(1);
    }
  }

  private static String cause(Throwable failure) {
    Throwable inner = failure;
    while (inner.getCause() != null) {
      inner = inner.getCause();
    }
    return String.valueOf(inner.getMessage());
  }

  private int withEmbeddedRedis() throws IOException, InterruptedException {
    // A worker that drains still needs it: so it ends after the worker, whoever asked for the end.
    try (RedisServer redis = RedisServer.builder().closedByCaller().start()) {
      say(
          "embedded: "
              + redis.version()
              + " on 127.0.0.1:"
              + redis.port()
              + ", in memory, on loopback, gone when this ends.");
      return watch(redis.url());
    }
  }

  private int watch(String url) throws IOException, InterruptedException {
    Path manifest = root.resolve("crds/samples/quickstart.yaml");
    say("real: the worker, in a process of its own, by the manifest " + root.relativize(manifest));
    say("sample traffic: " + MESSAGES_PER_SECOND + " inbound messages a second; Echo answers.");
    say("In production you run it on Kubernetes, with your own Redis. Ctrl-C ends this.");
    List<String> arguments =
        List.of(
            "run",
            "-f",
            manifest.toString(),
            "--redis-url",
            url,
            "--consumer",
            "quickstart-0",
            "--port",
            Integer.toString(port));
    try (SampleTraffic traffic = SampleTraffic.to(url, "sg:stream:inbound");
        WorkerProcess worker =
            WorkerProcess.start(new WorkerJar(root).command(arguments), this::print)) {
      say("metrics: http://127.0.0.1:" + worker.awaitPort() + "/metrics");
      traffic.start(MESSAGES_PER_SECOND);
      boolean stayed = report(worker);
      traffic.close();
      if (stayed) {
        say(worker.counts().toString());
      }
      say("sending SIGTERM: the worker settles what it has in hand and ends.");
      int exit = worker.drain(WorkerProcess.DRAIN);
      say("the worker ended with status " + exit + (exit == 0 ? ": all settled." : "."));
      return stayed && exit == 0 ? 0 : 1;
    }
  }

  /** Says how it goes until the end; false when the worker ended by itself. */
  private boolean report(WorkerProcess worker) throws IOException, InterruptedException {
    long start = System.nanoTime();
    Duration left = STATUS;
    while (worker.isAlive()) {
      Duration limit = time;
      if (limit != null) {
        Duration rest = limit.minusNanos(System.nanoTime() - start);
        left = rest.compareTo(STATUS) < 0 ? rest : STATUS;
      }
      boolean stopped = left.isNegative() || stopAsked.await(left.toNanos(), TimeUnit.NANOSECONDS);
      if (stopped) {
        return true;
      }
      if (worker.isAlive()) {
        say(worker.counts().toString());
      }
    }
    say("the worker ended by itself; its last lines above say why.");
    return false;
  }

  private void say(String line) {
    print("quickstart: " + line);
  }

  private void print(String line) {
    CommandSpec spec = command;
    if (spec != null) {
      PrintWriter out = spec.commandLine().getOut();
      out.println(line);
      out.flush();
    }
  }
}
