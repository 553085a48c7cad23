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
 * Receives the notices that consumers and users send over Redis Pub/Sub. No notice is essential:
 * each only causes something to happen at once that happens later anyway. The exception is a user's
 * cancel, which reaches only workers that are subscribed at that moment.
 *
 * <p>Called on a thread of the Redis client. Listeners must pass the call on to their own loop.
 */
public final class Notices extends RedisPubSubAdapter<String, String> {

  private static final Logger LOG = LoggerFactory.getLogger(Notices.class);

  /** A faulty publisher sends many invalid notices; a log line for each would hide all others. */
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final Sparingly garbage = new Sparingly(INTERVAL, System::nanoTime);
  private final String cancelChannel;
  private final ObjectMapper json = new ObjectMapper();
  private final Map<String, Consumer<String>> receivers = new HashMap<>();
  private final List<Subscriber> subscribers = new ArrayList<>();

  private record Subscriber(StreamConsumer stream, Listener listener) {}

  public Notices(String cancelChannel) {
    this.cancelChannel = cancelChannel;
  }

  /** Gets the notices for one stream and group. */
  public interface Listener {

    /** Another worker handed these entries over: they are pending for this consumer. */
    void handedOver(List<EntryId> ids);

    /** Pending entries became claimable: sweep now. */
    void sweep();

    /** A user cancels an entry of the stream. */
    void cancelEntry(EntryId id);

    /** A user cancels all entries of a channel of the stream. */
    void cancelChannel(String channel);
  }

  /** Adds a listener for one stream. To be called before {@link #channels()}. */
  public void add(NoticeChannels channels, StreamConsumer stream, Listener listener) {
    subscribers.add(new Subscriber(stream, listener));
    receivers.put(
        channels.ofGroup(stream.consumerGroup()),
        message -> {
          if (message.equals(NoticeChannels.SWEEP)) {
            listener.sweep();
          }
        });
    receivers.put(
        channels.ofConsumer(stream.consumerGroup(), stream.consumer()),
        message -> {
          if (message.startsWith(NoticeChannels.HANDED_OVER)) {
            listener.handedOver(ids(message.substring(NoticeChannels.HANDED_OVER.length())));
          }
        });
  }

  /** The Pub/Sub channels to subscribe to. */
  public List<String> channels() {
    List<String> channels = new ArrayList<>(receivers.keySet());
    channels.add(cancelChannel);
    return channels;
  }

  @Override
  public void message(String channel, @Nullable String message) {
    try {
      if (message == null) {
        throw new IllegalArgumentException("too large");
      }
      if (channel.equals(cancelChannel)) {
        cancel(message);
      } else {
        receivers.getOrDefault(channel, ignored -> {}).accept(message);
      }
    } catch (IllegalArgumentException | JsonProcessingException e) {
      garbage.say(
          unsaid ->
              LOG.atWarn()
                  .addKeyValue("channel", channel)
                  .addKeyValue("unsaid", unsaid)
                  .log(
                      "ignored an invalid notice; a cancel is"
                          + " {\"stream\":\"<name>\",\"entry\":\"<id>\"} or {\"channel\":\"<id>\"}"));
    }
  }

  private void cancel(String message) throws JsonProcessingException {
    CancelOrder order = CancelOrder.read(json, message);
    for (Subscriber subscriber : subscribers) {
      if (order.concerns(subscriber.stream().stream())) {
        switch (order) {
          case CancelOrder.OfEntry it -> subscriber.listener().cancelEntry(it.entry());
          case CancelOrder.OfChannel it -> subscriber.listener().cancelChannel(it.channel());
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
