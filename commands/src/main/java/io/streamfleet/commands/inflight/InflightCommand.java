package io.streamfleet.commands.inflight;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.commands.line.Console;
import io.streamfleet.commands.line.ManifestOptions;
import io.streamfleet.commands.line.OutputOptions;
import io.streamfleet.commands.line.Table;
import io.streamfleet.commands.line.Text;
import io.streamfleet.commands.port.WorkerPorts;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code inflight}. */
@Command(
    name = "inflight",
    description = {
      "List the entries that a worker has in flight, those that its handler has been processing"
          + " for longest first.",
      "",
      "Asks the worker of this machine or pod at the port in the manifest, not Redis. kubectl"
          + " streamfleet inflight asks every pod. Changes nothing."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  inflight -f manifest.yaml",
      "  inflight -f manifest.yaml --worker http://10.1.2.3:8080 --limit 3"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:all workers answered", "1:a worker did not answer", "2:bad usage"})
public final class InflightCommand implements Callable<Integer> {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Mixin private final ManifestOptions manifest = new ManifestOptions();
  @Mixin private final WorkerPorts workers = new WorkerPorts();
  @Mixin private final OutputOptions output = new OutputOptions();

  @Spec private @Nullable CommandSpec command;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "How many entries are listed (default: ${DEFAULT-VALUE}).")
  private int limit = 20;

  /** An entry with its stream and the consumer that has it. */
  private record Row(String consumer, String stream, JsonNode entry) {

    long handled() {
      return entry.path("handled_ms").asLong(-1);
    }

    long inFlight() {
      return entry.path("in_flight_ms").asLong();
    }

    List<String> cells() {
      return List.of(
          entry.path("id").asText(),
          Text.printable(stream),
          Text.printable(consumer),
          entry.path("state").asText(),
          handled() < 0 ? Text.NOTHING : Text.age(Duration.ofMillis(handled())),
          Text.age(Duration.ofMillis(inFlight())),
          entry.path("attempt").asText());
    }

    ObjectNode json() {
      ObjectNode json = ((ObjectNode) entry).deepCopy();
      json.put("stream", stream);
      json.put("consumer", consumer);
      return json;
    }
  }

  @Override
  public Integer call() {
    List<URI> asked = workers.asked(manifest.spec());
    Console console = Console.of(command);
    List<Row> rows = new ArrayList<>();
    long all = 0;
    boolean silent = false;
    for (URI worker : asked) {
      Optional<JsonNode> answer = ask(console, worker);
      silent |= answer.isEmpty();
      for (JsonNode stream : answer.map(it -> it.path("streams")).orElse(JSON.createArrayNode())) {
        all += stream.path("in_flight").asLong();
        stream
            .path("entries")
            .forEach(
                entry ->
                    rows.add(
                        new Row(
                            stream.path("consumer").asText(),
                            stream.path("stream").asText(),
                            entry)));
      }
    }
    rows.sort(Comparator.comparingLong(Row::handled).thenComparingLong(Row::inFlight).reversed());
    print(console, rows.stream().limit(limit).toList(), all);
    return silent ? 1 : 0;
  }

  private void print(Console console, List<Row> rows, long all) {
    if (output.isJson()) {
      rows.forEach(row -> console.out().println(row.json()));
      return;
    }
    new Table(
            console.out(),
            List.of("ID", "STREAM", "CONSUMER", "STATE", "HANDLED FOR", "IN FLIGHT", "ATTEMPT"))
        .write(rows.stream().map(Row::cells).toList());
    console.out().println(Text.number(rows.size()) + " of " + Text.number(all) + " in flight");
  }

  private static Optional<JsonNode> ask(Console console, URI worker) {
    try {
      return Optional.of(JSON.readTree(WorkerPorts.page(worker, "/inflight")));
    } catch (IOException e) {
      console.err().println("the worker at " + worker + " does not answer: " + e.getMessage());
      return Optional.empty();
    }
  }
}
