package io.streamfleet.bench;

import io.streamfleet.bench.Throughput.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Entries a second that a worker delivers to a handler in Python, one in a request and many in a
 * request. The handler does next to nothing, so the figure is the price of a request there.
 */
final class HttpBatches {

  private static final String STREAM = "bench:http:batches";

  private static final String SERVER = "http_handler.py";

  /** As many as a worker has in flight by default. */
  private static final int AT_ONCE = 256;

  private static final int BATCH = 50;

  private static final Pattern PORT = Pattern.compile("listening on port (\\d+)");

  private final Lab lab;
  private final Limits limits;

  HttpBatches(Lab lab, Limits limits) {
    this.lab = lab;
    this.limits = limits;
  }

  Table run() throws IOException, InterruptedException {
    Table table =
        new Table(
            "HTTP in batches",
            """
            A handler on Python's http.server, with a thread for each connection, parses each \
            payload of some 300 bytes and answers each with a status. %d entries are in flight, \
            without order. CPU is that of the worker.\
            """
                .formatted(AT_ONCE),
            List.of("request", "entries", "entries/s", "of single", "CPU µs/entry"));
    Path log = lab.log("python");
    Path script = lab.folder().resolve(SERVER);
    try (InputStream source = HttpBatches.class.getResourceAsStream(SERVER)) {
      if (source == null) {
        throw new IOException("no resource " + SERVER);
      }
      Files.copy(source, script, StandardCopyOption.REPLACE_EXISTING);
    }
    try (Child server = Child.of(log, List.of("python3", "-u", script.toString()))) {
      URI url = URI.create("http://127.0.0.1:" + port(server, log) + "/");
      Lap single = lap(url, 1);
      Lap batches = lap(url, BATCH);
      row(table, "one entry", single, single);
      row(table, "up to " + BATCH + " entries", batches, single);
    } finally {
      lab.redis().delete(STREAM);
    }
    return table;
  }

  private static void row(Table table, String what, Lap lap, Lap single) {
    table.row(
        what,
        lap.entries(),
        lap.perSecond(),
        lap.perSecond() / single.perSecond(),
        lap.cpuMicros());
  }

  private Lap lap(URI url, int batch) throws IOException, InterruptedException {
    Course course = Course.unordered();
    Lap lap =
        Lap.run(
                lab,
                new WorkerContender(),
                Work.of(STREAM, course.ordered(), new Work.Post(url, AT_ONCE, batch)),
                course.messages(),
                limits.entries(),
                1,
                limits.lap())
            .timed();
    lab.say(
        "HTTP to Python, %d in a request: %,.0f entries/s, %.1f µs"
            .formatted(batch, lap.perSecond(), lap.cpuMicros()));
    return lap;
  }

  private static String port(Child server, Path log) throws IOException, InterruptedException {
    return server.awaitUp(
        "the server in Python",
        () ->
            PORT.matcher(Files.readString(log, StandardCharsets.UTF_8))
                .results()
                .findFirst()
                .map(port -> port.group(1)));
  }
}
