package io.streamfleet.worker.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.streamfleet.process.log.Sparingly;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.group.NoticeChannels;
import io.streamfleet.worker.entry.StreamConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what consumers and users tell each other over Redis' publish and subscribe. Nothing depends
 * on a notice being heard: each is a hint to do now what is done later anyway, but for a user's
 * cancel, which reaches who listens.
 *
 * <p>Called on a thread of the client; whoever is told hands it to its own loop.
 */
public final class Notices extends RedisPubSubAdapter<String, String> {

  private static final Logger LOG = LoggerFactory.getLogger(Notices.class);

  /** Whoever publishes garbage publishes much of it: a line for each would bury all others. */
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final Sparingly garbage = new Sparingly(INTERVAL, System::nanoTime);
  private final String cancelChannel;
  private final ObjectMapper json = new ObjectMapper();
  private final Map<String, Consumer<String>> hearers = new HashMap<>();
  private final List<Audience> audiences = new ArrayList<>();

  private record Audience(StreamConsumer stream, Listener listener) {}

  public Notices(String cancelChannel) {
    this.cancelChannel = cancelChannel;
  }

  /** Who is told of notices for one stream and group. */
  public interface Listener {

    /** Entries are pending for this consumer now. */
    void handedOver(List<EntryId> ids);

    /** Something was made claimable. */
    void sweep();

    /** A user stops an entry of the stream. */
    void cancelEntry(EntryId id);

    /** A user stops all entries of a channel, those of the stream. */
    void cancelChannel(String channel);
  }

  /** Adds who is to hear of one stream. Before {@link #channels()}. */
  public void add(NoticeChannels channels, StreamConsumer stream, Listener listener) {
    audiences.add(new Audience(stream, listener));
    hearers.put(
        channels.ofGroup(stream.consumerGroup()),
        message -> {
          if (message.equals(NoticeChannels.SWEEP)) {
            listener.sweep();
          }
        });
    hearers.put(
        channels.ofConsumer(stream.consumerGroup(), stream.consumer()),
        message -> {
          if (message.startsWith(NoticeChannels.HANDED_OVER)) {
            listener.handedOver(ids(message.substring(NoticeChannels.HANDED_OVER.length())));
          }
        });
  }

  /** What to subscribe to. */
  public List<String> channels() {
    List<String> channels = new ArrayList<>(hearers.keySet());
    channels.add(cancelChannel);
    return channels;
  }

  @Override
  public void message(String channel, @Nullable String message) {
    try {
      if (message == null) {
        throw new IllegalArgumentException("too large to be let in");
      }
      if (channel.equals(cancelChannel)) {
        cancel(message);
      } else {
        hearers.getOrDefault(channel, ignored -> {}).accept(message);
      }
    } catch (IllegalArgumentException | JsonProcessingException e) {
      garbage.say(
          unsaid ->
              LOG.atWarn()
                  .addKeyValue("channel", channel)
                  .addKeyValue("unsaid", unsaid)
                  .log(
                      "a notice could not be understood and is ignored; a cancel is"
                          + " {\"stream\":\"<name>\",\"entry\":\"<id>\"} or {\"channel\":\"<id>\"}"));
    }
  }

  private void cancel(String message) throws JsonProcessingException {
    CancelOrder order = CancelOrder.read(json, message);
    for (Audience audience : audiences) {
      if (order.concerns(audience.stream().stream())) {
        switch (order) {
          case CancelOrder.OfEntry it -> audience.listener().cancelEntry(it.entry());
          case CancelOrder.OfChannel it -> audience.listener().cancelChannel(it.channel());
        }
      }
    }
  }

  private static List<EntryId> ids(String text) {
    List<EntryId> ids = new ArrayList<>();
    for (String id : text.split(" ", -1)) {
      if (!id.isEmpty()) {
        ids.add(EntryId.parse(id));
      }
    }
    return ids;
  }
}
