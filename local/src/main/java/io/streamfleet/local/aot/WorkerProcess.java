package io.streamfleet.local.aot;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A worker as a child process, its log lines passed on as they come. */
public final class WorkerProcess implements AutoCloseable {

  /** Without its cache and on a busy machine a worker takes seconds to start. */
  private static final Duration START = Duration.ofSeconds(60);

  /** The worker bounds its own draining (30 s of grace unless told, and 15 s for closing). */
  public static final Duration DRAIN = Duration.ofSeconds(60);

  /** On loopback an answer that takes longer is one that does not come. */
  private static final Duration SCRAPE = Duration.ofSeconds(5);

  private static final Pattern PORT =
      Pattern.compile("msg=\"serving metrics and health\" port=(\\d+)");

  private final Process process;
  private final Thread reader;
  private final CompletableFuture<Integer> port = new CompletableFuture<>();

  private WorkerProcess(Process process, Consumer<String> lines) {
    this.process = process;
    reader = Thread.ofVirtual().name("worker-log").start(() -> read(lines));
  }

  /**
   * Starts a worker.
   *
   * @param command as {@link WorkerJar} makes it
   * @param lines gets each line of its output, on a thread of its own
   */
  public static WorkerProcess start(List<String> command, Consumer<String> lines)
      throws IOException {
    return new WorkerProcess(new ProcessBuilder(command).redirectErrorStream(true).start(), lines);
  }

  private void read(Consumer<String> lines) {
    try (BufferedReader output = process.inputReader(UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        Matcher serving = PORT.matcher(line);
        if (serving.find()) {
          port.complete(Integer.valueOf(serving.group(1)));
        }
        lines.accept(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read what the worker prints", e);
    } finally {
      port.completeExceptionally(new IOException("the worker ended before it served"));
    }
  }

  /**
   * The port of its metrics, as soon as it serves them.
   *
   * @throws IOException when the worker ends before that, or takes longer than a minute
   */
  public int awaitPort() throws IOException, InterruptedException {
    try {
      return port.get(START.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException("the worker ended before it served; its last lines say why", e);
    } catch (TimeoutException e) {
      throw new IOException("the worker does not serve its metrics after " + START, e);
    }
  }

  /** What it counts at this moment. */
  public Counts counts() throws IOException, InterruptedException {
    URL metrics = URI.create("http://127.0.0.1:" + awaitPort() + "/metrics").toURL();
    var connection = metrics.openConnection();
    connection.setConnectTimeout(Math.toIntExact(SCRAPE.toMillis()));
    connection.setReadTimeout(Math.toIntExact(SCRAPE.toMillis()));
    try (var body = connection.getInputStream()) {
      return Counts.of(new String(body.readAllBytes(), UTF_8));
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Sends SIGTERM, waits until the worker has drained, and returns its exit status.
   *
   * @param patience how long it may take, commonly {@link #DRAIN}
   * @throws IOException when it is still there then; it is killed
   */
  public int drain(Duration patience) throws IOException, InterruptedException {
    // Process.destroy would also close the pipe, and the worker's last lines were lost.
    process.toHandle().destroy();
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      close();
      throw new IOException("the worker had not drained after " + patience + " and was killed");
    }
    reader.join();
    return process.exitValue();
  }

  /** Kills it if it still runs. */
  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
    reader.join();
  }
}
