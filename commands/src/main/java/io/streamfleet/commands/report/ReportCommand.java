package io.streamfleet.commands.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.RedisException;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.api.yaml.YamlSyntaxError;
import io.streamfleet.api.yaml.YamlText;
import io.streamfleet.commands.line.Console;
import io.streamfleet.commands.line.ManifestOptions;
import io.streamfleet.commands.line.RedisSession;
import io.streamfleet.commands.stream.RedisReply;
import io.streamfleet.redis.Link;
import io.streamfleet.worker.run.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code report}. */
@Command(
    name = "report",
    description = {
      "Write a zip for a bug report: versions, the manifest, the output of status, check and dlq"
          + " summary, the INFO of Redis, and the metrics of the worker on this machine or pod.",
      "",
      "It does not contain payloads, credentials or names of channels. Values of headers, handler"
          + " options and environment variables in the manifest are masked. It does contain names"
          + " of streams, groups and pods, addresses, and error messages: look through it before you"
          + " send it."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  report -f manifest.yaml --to report.zip",
      "  kubectl streamfleet report --to - > report.zip"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:written; if Redis or the worker did not answer, the zip says so",
      "1:the zip could not be written",
      "2:bad usage or bad manifest"
    })
public final class ReportCommand implements Callable<Integer> {

  /** The worker is on this machine, and answers from memory. */
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** The sections of INFO without names of keys or clients. */
  private static final Set<String> SECTIONS =
      Set.of(
          "# Server",
          "# Clients",
          "# Memory",
          "# Persistence",
          "# Stats",
          "# Replication",
          "# CPU",
          "# Commandstats",
          "# Errorstats",
          "# Cluster",
          "# Keyspace");

  @Mixin private final ManifestOptions manifest = new ManifestOptions();

  @Spec private @Nullable CommandSpec command;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FILE",
      description =
          "The file to write, or - for standard output. An existing file is not overwritten.")
  private String to = "";

  @Override
  public Integer call() throws IOException {
    StreamConsumerGroupSpec spec = manifest.spec();
    Console console = Console.of(command);
    if (to.equals("-")) {
      if (Console.isTerminal()) {
        throw manifest.bad("standard output is a terminal: redirect it, or pass --to FILE");
      }
      write(spec, System.out);
      System.out.flush();
      return 0;
    }
    Path file = Path.of(to);
    if (Files.exists(file)) {
      throw manifest.bad(file + " exists already");
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      write(spec, out);
    }
    console.out().println("written to " + file + "; look through it before you send it");
    return 0;
  }

  private void write(StreamConsumerGroupSpec spec, OutputStream out) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out, UTF_8);
    add(zip, "versions.txt", versions());
    add(zip, "manifest.json", maskedManifest());
    add(zip, "redis-info.txt", redisInfo(spec));
    add(zip, "status.json", output("status", "--output", "json"));
    add(zip, "check.json", output("check", "--output", "json"));
    add(
        zip,
        "dead-letters.json",
        output("dlq", "summary", "--by", "reason,stream", "--output", "json"));
    int port = spec.workers().port();
    add(zip, "worker-metrics.txt", fetched(port, "/metrics"));
    add(zip, "worker-inflight.json", fetched(port, "/inflight"));
    add(zip, "worker-ready.txt", fetched(port, "/readyz"));
    zip.finish();
  }

  private static void add(ZipOutputStream zip, String name, String text) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(text.getBytes(UTF_8));
    zip.closeEntry();
  }

  private static String versions() {
    return "streamfleet "
        + Version.current()
        + "\njava "
        + Runtime.version()
        + "\nsystem "
        + System.getProperty("os.name")
        + " "
        + System.getProperty("os.version")
        + " "
        + System.getProperty("os.arch")
        + "\nprocessors "
        + Runtime.getRuntime().availableProcessors()
        + "\nwritten "
        + Instant.now()
        + "\n";
  }

  private String maskedManifest() {
    try {
      JsonNode tree = YamlText.documents(manifest.source().read().manifest().toYaml()).getFirst();
      Masking.mask(tree);
      return tree.toPrettyString() + "\n";
    } catch (YamlSyntaxError e) {
      throw new IllegalStateException("the manifest's own YAML cannot be parsed", e);
    }
  }

  private String redisInfo(StreamConsumerGroupSpec spec) {
    try (RedisSession redis = RedisSession.open(manifest, spec)) {
      Link link = redis.link();
      String text =
          RedisReply.of(() -> link.status(CommandType.INFO, Link.args().add("everything")));
      return sections(text);
    } catch (RedisException e) {
      return "INFO failed: " + e.getMessage() + "\n";
    }
  }

  private static String sections(String info) {
    List<String> kept = new ArrayList<>();
    boolean keep = false;
    for (String line : info.lines().toList()) {
      if (line.startsWith("#")) {
        keep = SECTIONS.contains(line.strip());
      }
      if (keep) {
        kept.add(line);
      }
    }
    return kept.stream().collect(Collectors.joining("\n", "", "\n"));
  }

  /** Runs another command, and returns its output with its errors. */
  private String output(String... words) {
    StringWriter text = new StringWriter();
    CommandLine commands = root().setOut(new PrintWriter(text)).setErr(new PrintWriter(text));
    List<String> line = new ArrayList<>(List.of(words));
    line.addAll(manifest.words());
    commands.execute(line.toArray(String[]::new));
    return text.toString();
  }

  private CommandLine root() {
    CommandSpec spec = command;
    if (spec == null) {
      throw new IllegalStateException("used outside a command");
    }
    CommandLine own = spec.commandLine();
    while (own.getParent() != null) {
      own = own.getParent();
    }
    // A new instance, as the writers of the current one must not change.
    return new CommandLine(own.getCommandSpec().userObject().getClass())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(own.getParameterExceptionHandler())
        .setExecutionExceptionHandler(own.getExecutionExceptionHandler());
  }

  private static String fetched(int port, String path) {
    URI page = URI.create("http://127.0.0.1:" + port + path);
    try {
      URLConnection connection = page.toURL().openConnection();
      connection.setConnectTimeout(Math.toIntExact(TIMEOUT.toMillis()));
      connection.setReadTimeout(Math.toIntExact(TIMEOUT.toMillis()));
      try (InputStream body = connection.getInputStream()) {
        return new String(body.readAllBytes(), UTF_8);
      }
    } catch (IOException e) {
      return page + " does not answer: " + e.getMessage() + "\n";
    }
  }
}
