package io.streamfleet.worker.limit;

import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Takes permissions to start entries from the rates that all workers share, many in one call. */
public final class Permissions {

  private static final Script TAKE = Script.beside(Permissions.class, "take.lua");

  private final Link link;

  public Permissions(Link link) {
    this.link = link;
  }

  /**
   * Permissions that were taken.
   *
   * @param next the time until the platform has another permission
   * @param ofChannels in the order of the request
   */
  public record Taken(Duration next, List<OfChannel> ofChannels) {}

  /**
   * Permissions that were taken for a channel.
   *
   * @param count how many, possibly none
   * @param next the time until the channel has another permission
   */
  public record OfChannel(int count, Duration next) {}

  /**
   * Takes as many permissions as are available, for the channels in the order of the map.
   *
   * @param wanted how many to take at most for each channel; if channels have no rate, one number
   *     for all of them
   */
  public CompletableFuture<Taken> take(Rates rates, Map<String, Integer> wanted) {
    List<String> keys = new ArrayList<>();
    keys.add(rates.key());
    if (rates.ofChannel() != null) {
      wanted.keySet().forEach(channel -> keys.add(key(rates.key(), channel)));
    }
    return link.eval(
            TAKE,
            keys,
            args -> {
              for (Rates.Bound bound : new Rates.Bound[] {rates.ofPlatform(), rates.ofChannel()}) {
                args.add(bound == null ? 0 : bound.micros()).add(bound == null ? 0 : bound.burst());
              }
              wanted.values().forEach(args::add);
            })
        .thenApply(Permissions::taken);
  }

  /** The key of a channel's rate: in a Cluster all keys of a script must be in one slot. */
  private String key(String base, String channel) {
    return link.beside(base, ":" + channel).orElse(base + ":" + channel);
  }

  private static Taken taken(List<Object> reply) {
    List<?> pairs = (List<?>) reply.get(1);
    List<OfChannel> channels = new ArrayList<>();
    for (int i = 0; i + 1 < pairs.size(); i += 2) {
      channels.add(new OfChannel(Math.toIntExact((Long) pairs.get(i)), micros(pairs.get(i + 1))));
    }
    return new Taken(micros(reply.get(0)), List.copyOf(channels));
  }

  private static Duration micros(Object value) {
    return Duration.ofNanos((Long) value * 1_000);
  }
}
