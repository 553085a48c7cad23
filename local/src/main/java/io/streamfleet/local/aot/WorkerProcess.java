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

/** A worker as a child process; its log lines are passed on as they come. */
public final class WorkerProcess implements AutoCloseable {

  /** Without its AOT cache and on a busy machine a worker takes seconds to start. */
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  /** The worker limits its own drain (30 s by default, and 15 s for closing). */
  public static final Duration DRAIN = Duration.ofSeconds(60);

  /** On loopback a slower response will not come at all. */
  private static final Duration SCRAPE_TIMEOUT = Duration.ofSeconds(5);

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
   * @param command from {@link WorkerJar}
   * @param lines receives each line of its output, on a separate thread
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
   * Waits for the port of its metrics.
   *
   * @throws IOException when the worker exits before it serves them, or takes longer than a minute
   */
  public int awaitPort() throws IOException, InterruptedException {
    try {
      return port.get(START_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException("the worker ended before it served; its last lines say why", e);
    } catch (TimeoutException e) {
      throw new IOException("the worker does not serve its metrics after " + START_TIMEOUT, e);
    }
  }

  /** The present numbers from its metrics. */
  public Counts counts() throws IOException, InterruptedException {
    URL metrics = URI.create("http://127.0.0.1:" + awaitPort() + "/metrics").toURL();
    var connection = metrics.openConnection();
    connection.setConnectTimeout(Math.toIntExact(SCRAPE_TIMEOUT.toMillis()));
    connection.setReadTimeout(Math.toIntExact(SCRAPE_TIMEOUT.toMillis()));
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
   * @param timeout commonly {@link #DRAIN}
   * @throws IOException when it has not exited by then; it is killed
   */
  public int drain(Duration timeout) throws IOException, InterruptedException {
    // Process.destroy would also close the pipe and lose the worker's last lines.
    process.toHandle().destroy();
    if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      close();
      throw new IOException("the worker had not drained after " + timeout + " and was killed");
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
