package io.streamfleet.bench;

import io.streamfleet.bench.Throughput.Limits;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Entries a second that a worker delivers over HTTP to a server that answers 204, beside what a
 * load generator in C and Java's own client reach with as many connections on the same server.
 */
final class HttpDelivery {

  private static final String STREAM = "bench:http";

  private static final Pattern WRK = Pattern.compile("Requests/sec:\\s+([0-9.]+)");

  private final Lab lab;
  private final Limits limits;
  private final List<Integer> connections;

  /**
   * @param connections how many requests are under way at once; each has a connection
   */
  HttpDelivery(Lab lab, Limits limits, List<Integer> connections) {
    this.lab = lab;
    this.limits = limits;
    this.connections = connections;
  }

  Table run() throws IOException, InterruptedException {
    Table table =
        new Table(
            "HTTP",
            """
            A request has a payload of some 300 bytes, the answer is 204 from %s. `of ceiling` is \
            beside wrk with as many connections, measured right before and after. \
            CPU is that of who sends; start-up and the first fifth count for nobody.\
            """
                .formatted(HttpServing.version().orElse("a server that is missing")),
            List.of(
                "who sends", "connections", "entries", "requests/s", "of ceiling", "CPU µs/entry"));
    try (HttpServing server = HttpServing.start(lab)) {
      for (int count : connections) {
        measure(table, server.url(), count);
      }
    } finally {
      lab.redis().delete(STREAM);
    }
    return table;
  }

  private void measure(Table table, URI url, int count) throws IOException, InterruptedException {
    double before = ceiling(url, count);
    Course ordered = Course.ordered(1_000);
    Lap unordered = lap(Course.unordered(), url, count);
    Lap inOrder = lap(ordered, url, count);
    double jdk = jdk(url, count);
    double after = ceiling(url, count);
    double ceiling = Math.max(before, after);
    String some = Long.toString(count);
    table.row("wrk (ceiling)", some, "", ceiling, 1.0, "");
    row(table, "worker, unordered", count, unordered, ceiling);
    row(table, "worker, " + ordered.name(), count, inOrder, ceiling);
    table.row("java.net.http, no worker", some, "", jdk, jdk / ceiling, "");
  }

  private static void row(Table table, String who, int count, Lap lap, double ceiling) {
    table.row(
        who,
        Integer.toString(count),
        lap.entries(),
        lap.perSecond(),
        lap.perSecond() / ceiling,
        lap.cpuMicros());
  }

  private Lap lap(Course course, URI url, int count) throws IOException, InterruptedException {
    Work work = Work.of(STREAM, course.ordered(), new Work.Post(url, count, 1));
    Lap lap =
        Lap.run(
                lab,
                new WorkerContender(),
                work,
                course.messages(),
                limits.entries(),
                1,
                limits.lap())
            .timed();
    lab.say(
        "HTTP, %s, %d connections: %,.0f entries/s, %.1f µs"
            .formatted(course.name(), count, lap.perSecond(), lap.cpuMicros()));
    return lap;
  }

  /** What wrk reaches, by two threads as it is usually run. */
  private double ceiling(URI url, int count) throws IOException, InterruptedException {
    Path script = lab.folder().resolve("post.lua");
    Files.writeString(
        script,
        """
        wrk.method = "POST"
        wrk.body = '{"content": "%s"}'
        wrk.headers["content-type"] = "application/json"
        """
            .formatted("x".repeat(280)));
    String said =
        Program.output(
            List.of(
                "wrk",
                "-t2",
                "-c" + count,
                "-d" + seconds() + "s",
                "-s",
                script.toString(),
                url.toString()));
    Matcher rate = WRK.matcher(said);
    if (!rate.find()) {
      throw new IOException("wrk does not tell a rate:\n" + said);
    }
    return Double.parseDouble(rate.group(1));
  }

  private long seconds() {
    return Math.max(1, limits.lap().toSeconds());
  }

  private double jdk(URI url, int count) throws IOException, InterruptedException {
    List<String> options = new ArrayList<>(lab.jvmOptions());
    options.addAll(lab.fromClassPath(JdkHttpClient.class.getName()));
    options.addAll(List.of(url.toString(), Integer.toString(count), Long.toString(2 * seconds())));
    String said = Program.output(Program.java(options.toArray(String[]::new)));
    return Double.parseDouble(said.lines().reduce((first, last) -> last).orElse("0"));
  }
}
