package io.streamfleet.commands.publish;

import io.streamfleet.wire.PayloadWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Generates messages that look like those of a chat: a few users on some platforms talk in a number
 * of channels. Fields and their types are those of the original's inbound and outbound models. Not
 * thread-safe.
 */
public final class SampleMessages {

  private static final List<String> PEOPLE =
      List.of("vega", "altair", "deneb", "rigel", "mira", "spica", "lyra", "orion");

  private static final List<String> SENTENCES =
      List.of(
          "is the comet visible tonight?",
          "what does a parsec measure?",
          "clear skies here, Grüße aus München",
          "remind me when Jupiter rises",
          "the new eyepiece arrived 🔭",
          "can you explain redshift in one sentence?",
          "who wants to share a dark site on Friday?",
          "流星雨は何時に始まりますか");

  /** The share of messages in rooms that are addressed to the bot. */
  private static final double ADDRESSED = 0.8;

  /** One of so many channels is a direct message. */
  private static final int DIRECT = 5;

  private final RandomGenerator random;
  private final TraceIds traces;
  private final PayloadWriter writer = new PayloadWriter();
  private final Shape shape;
  private long made;

  /**
   * Parameters of the messages.
   *
   * @param platforms the platforms that inbound messages come from, or outbound messages go to
   * @param outbound whether the messages are outbound
   * @param channels the number of channels, which are equally likely
   * @param size the minimum size of a payload in bytes, reached with a longer content; 0 does not
   *     fill it
   */
  public record Shape(List<String> platforms, boolean outbound, int channels, int size) {

    public Shape {
      platforms = List.copyOf(platforms);
    }
  }

  /**
   * @param random chooses channels, users and texts; with the same seed they are the same
   * @param unique for the trace ids, which must be different in each run
   */
  public SampleMessages(Shape shape, RandomGenerator random, RandomGenerator unique) {
    this.shape = shape;
    this.random = random;
    this.traces = new TraceIds(unique);
  }

  /** Generates the next message. */
  NewMessage next(Instant now) {
    String trace = traces.next(now);
    int channel = random.nextInt(shape.channels());
    String platform = shape.platforms().get(channel % shape.platforms().size());
    Map<String, Object> payload =
        shape.outbound()
            ? outbound(platform, channel, trace, now)
            : inbound(platform, channel, trace, now);
    made++;
    return new NewMessage(filled(payload), trace);
  }

  private Map<String, Object> inbound(String platform, int channel, String trace, Instant now) {
    String id = channelId(platform, channel);
    boolean direct = channel % DIRECT == DIRECT - 1;
    int person = random.nextInt(PEOPLE.size());
    double seconds = seconds(now);
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("channel_key", platform + ":" + id);
    payload.put("platform", platform);
    payload.put("channel_id", id);
    payload.put("user_id", userId(platform, person));
    payload.put("username", PEOPLE.get(person));
    payload.put("display_name", PEOPLE.get(person));
    payload.put("content", SENTENCES.get(random.nextInt(SENTENCES.size())));
    payload.put("message_id", messageId(now));
    payload.put("timestamp", seconds);
    payload.put("attachments", List.of());
    payload.put("reply_to", null);
    payload.put("room_name", direct ? null : "room-" + channel);
    payload.put("is_dm", direct);
    payload.put("guild_id", direct ? null : "guild-1");
    payload.put("member_roles", direct ? List.of() : List.of("observer"));
    payload.put("trace_id", trace);
    payload.put("enqueued_at", seconds);
    payload.put("is_addressed", direct || random.nextDouble() < ADDRESSED);
    payload.put("strangler_route", "");
    payload.put("user_aliases", List.of());
    payload.put("unified_user_id", null);
    payload.put("reactions", "");
    return payload;
  }

  private Map<String, Object> outbound(String platform, int channel, String trace, Instant now) {
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("channel_id", channelId(platform, channel));
    payload.put("platform", platform);
    payload.put("type", "message");
    payload.put("content", SENTENCES.get(random.nextInt(SENTENCES.size())));
    payload.put("reply_to", null);
    payload.put("attachments", new ArrayList<>());
    payload.put("message_key", "sample:" + trace);
    payload.put("trace_id", trace);
    payload.put("enqueued_at", seconds(now));
    return payload;
  }

  /** Depends only on the platform and the number, so that every run uses the same channels. */
  private static String channelId(String platform, int channel) {
    return switch (platform) {
      case "discord" -> Long.toString(1_100_000_000_000_000_000L + channel);
      case "matrix" -> "!channel" + channel + ":example.org";
      default -> "channel-" + channel;
    };
  }

  private static String userId(String platform, int person) {
    return switch (platform) {
      case "discord" -> Long.toString(990_000_000_000_000_000L + person);
      case "matrix" -> "@" + PEOPLE.get(person) + ":example.org";
      default -> "user-" + person;
    };
  }

  private String messageId(Instant now) {
    return now.toEpochMilli() + "-" + made;
  }

  private static double seconds(Instant now) {
    return now.getEpochSecond() + now.getNano() / 1e9;
  }

  private Map<String, Object> filled(Map<String, Object> payload) {
    if (shape.size() == 0) {
      return payload;
    }
    int missing = shape.size() - writer.write(payload).length;
    if (missing > 0) {
      String filler = " and so on".repeat(missing / 10 + 1).substring(0, missing);
      payload.put("content", payload.get("content") + filler);
    }
    return payload;
  }
}
