package io.streamfleet.commands.control;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.line.Console;
import io.streamfleet.commands.line.EntryIdOption;
import io.streamfleet.commands.line.ManifestOptions;
import io.streamfleet.commands.line.RedisSession;
import io.streamfleet.commands.line.Text;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.worker.control.CancelOrder;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cancel}. */
@Command(
    name = "cancel",
    description = {
      "Cancel an entry, or all entries of a channel that workers have in flight: they are"
          + " acknowledged and not handled again.",
      "",
      "The order is published on the manifest's control.cancelChannel, in the database that its"
          + " Redis url names."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:the order was published",
      "1:no worker is subscribed, or Redis failed",
      "2:bad usage"
    })
public final class CancelCommand implements Callable<Integer> {

  @Mixin private final ManifestOptions manifest = new ManifestOptions();

  @Spec private @Nullable CommandSpec command;

  @Option(
      names = "--stream",
      paramLabel = "STREAM",
      description = "The entry's stream; with --channel, cancel only entries of this stream.")
  private @Nullable String stream;

  @Option(
      names = "--entry",
      paramLabel = "ID",
      converter = EntryIdOption.class,
      description = "The entry's id. Needs --stream, as two streams may have the same id.")
  private @Nullable EntryId entry;

  @Option(names = "--channel", paramLabel = "CHANNEL", description = "The channel.")
  private @Nullable String channel;

  @Override
  public Integer call() {
    CancelOrder order = order();
    StreamConsumerGroupSpec spec = manifest.spec();
    Console console = Console.of(command);
    try (RedisSession redis = RedisSession.open(manifest, spec)) {
      Link link = redis.link();
      String to = link.channel(spec.control().cancelChannel());
      long receivers =
          link.number(CommandType.PUBLISH, Link.args().add(to).add(order.text(new ObjectMapper())))
              .join();
      if (receivers == 0 && !link.isCluster()) {
        console.err().println("no worker is subscribed to " + to);
        return 1;
      }
      // In a cluster the reply counts only the subscribers of the node that was called.
      console
          .out()
          .println(
              link.isCluster()
                  ? "sent to all subscribers"
                  : "sent to "
                      + Text.number(receivers)
                      + (receivers == 1 ? " subscriber" : " subscribers"));
      return 0;
    }
  }

  private CancelOrder order() {
    EntryId id = entry;
    String of = channel;
    String in = stream;
    if (id != null && of == null) {
      if (in == null) {
        throw manifest.bad("--entry needs --stream: two streams may have the same id");
      }
      return new CancelOrder.OfEntry(in, id);
    }
    if (of != null && id == null) {
      return new CancelOrder.OfChannel(of, Optional.ofNullable(in));
    }
    throw manifest.bad("pass either --stream and --entry, or --channel");
  }
}
