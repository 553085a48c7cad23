package io.streamfleet.console.look;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.commands.line.Progress;
import io.streamfleet.commands.stream.ReadStream;
import io.streamfleet.commands.top.ChannelLoad;
import io.streamfleet.commands.top.TopLook;
import io.streamfleet.console.cluster.FleetKey;
import io.streamfleet.console.shared.Shared;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Which channels wait: the command {@code top}, shared by all pages. */
public final class Channels {

  /** Some hundred small commands each; who watches a channel does not need it more often. */
  private static final Duration FRESH = Duration.ofSeconds(5);

  /** Entries that are read of each stream, as {@code top} does by default. */
  private static final int SAMPLE = 2_000;

  /** Rows that fit on a page. */
  private static final int MOST = 100;

  /** Fleets whose channels somebody looks at. */
  private static final int FLEETS = 20;

  private final Shared<FleetKey, TopLook> looks = new Shared<>(FRESH, FLEETS);

  /**
   * The channels whose names contain a text.
   *
   * @param by what comes first
   */
  public ObjectNode json(FleetLink fleet, TopLook.By by, String search) {
    TopLook look =
        looks.get(
            fleet.key(),
            () -> TopLook.at(fleet.link(), ReadStream.of(fleet.spec()), SAMPLE, Progress.silent()));
    String wanted = search.toLowerCase(Locale.ROOT);
    List<ChannelLoad> first =
        look.first(by, Integer.MAX_VALUE).stream()
            .filter(it -> it.channel().toLowerCase(Locale.ROOT).contains(wanted))
            .limit(MOST)
            .toList();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("looked", look.looked());
    json.put("channels_met", look.channels().size());
    json.put("sample", SAMPLE);
    ArrayNode channels = json.putArray("channels");
    first.forEach(channel -> channels.add(channel.json()));
    ArrayNode consumers = json.putArray("consumers");
    look.holdings().stream()
        .limit(MOST)
        .forEach(it -> consumers.add(it.json(fleet.spec(), look.at())));
    return json;
  }
}
