package io.streamfleet.commands.find;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.line.Console;
import io.streamfleet.commands.line.EntryIdOption;
import io.streamfleet.commands.line.ManifestOptions;
import io.streamfleet.commands.line.OutputOptions;
import io.streamfleet.commands.line.PayloadText;
import io.streamfleet.commands.line.RedisSession;
import io.streamfleet.commands.line.StreamOption;
import io.streamfleet.commands.line.Text;
import io.streamfleet.commands.stream.EntryPages;
import io.streamfleet.commands.stream.ReadStream;
import io.streamfleet.commands.stream.ServerTime;
import io.streamfleet.commands.stream.StreamEntry;
import io.streamfleet.redis.EntryId;
import io.streamfleet.wire.EntryFields;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code show}. */
@Command(
    name = "show",
    description = {
      "Print entries with all their fields, and their payloads as JSON. For dead letters use `dlq"
          + " show`.",
      "",
      "Payloads can contain private messages of your users. Changes nothing."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  show -f manifest.yaml 1732372000000-0",
      "  show -f manifest.yaml --no-payload 1732372000000-0"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:all entries were found",
      "1:an entry was not found, or Redis failed",
      "2:bad usage"
    })
public final class ShowCommand implements Callable<Integer> {

  @Mixin private final ManifestOptions manifest = new ManifestOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final StreamOption stream = new StreamOption();

  @Spec private @Nullable CommandSpec command;

  @Parameters(
      arity = "1..*",
      paramLabel = "ID",
      converter = EntryIdOption.class,
      description = "Ids of entries.")
  private List<EntryId> ids = new ArrayList<>();

  @Option(names = "--no-payload", description = "Print the size of the payload only.")
  private boolean noPayload;

  @Override
  public Integer call() {
    StreamConsumerGroupSpec spec = manifest.spec();
    List<ReadStream> streams = stream.of(manifest, spec);
    Console console = Console.of(command);
    boolean allFound = true;
    try (RedisSession redis = RedisSession.open(manifest, spec)) {
      Instant now = ServerTime.of(redis.link());
      for (EntryId id : ids) {
        boolean found = false;
        for (ReadStream read : streams) {
          StreamEntry entry = new EntryPages(redis.link(), read.stream()).entry(id).orElse(null);
          if (entry != null) {
            found = true;
            print(console.out(), read, entry, now);
          }
        }
        if (!found) {
          allFound = false;
          console
              .err()
              .println(
                  "no stream of the manifest has entry " + id + "; `why " + id + "` may know more");
        }
      }
    }
    return allFound ? 0 : 1;
  }

  private void print(PrintWriter out, ReadStream read, StreamEntry entry, Instant now) {
    if (output.isJson()) {
      out.println(json(read, entry));
      return;
    }
    Text.field(
        out,
        "id",
        entry.id() + "  (" + Text.age(Duration.between(entry.id().time(), now)) + " ago)");
    Text.field(out, "stream", read.stream());
    entry.fields().keySet().stream()
        .filter(field -> !field.equals(EntryFields.DATA))
        .forEach(field -> Text.field(out, field, entry.text(field).orElse("")));
    Text.field(out, "channel", read.channel(entry).orElse("unknown"));
    byte[] data = entry.bytes(EntryFields.DATA);
    if (noPayload) {
      Text.field(out, "payload", Text.number(data.length) + " bytes");
      return;
    }
    PayloadText.print(out, data);
  }

  private ObjectNode json(ReadStream read, StreamEntry entry) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", entry.id().toString());
    json.put("published", entry.id().time().toString());
    json.put("stream", read.stream());
    ObjectNode fields = json.putObject("fields");
    entry.fields().keySet().stream()
        .filter(field -> !field.equals(EntryFields.DATA))
        .forEach(field -> fields.put(field, entry.text(field).orElse("")));
    json.put("channel", read.channel(entry).orElse(null));
    byte[] data = entry.bytes(EntryFields.DATA);
    json.put("payload_bytes", data.length);
    if (!noPayload) {
      PayloadText.put(json, data);
    }
    return json;
  }
}
