package io.streamfleet.commands.status;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.commands.line.Text;
import io.streamfleet.commands.stream.PendingEntry;
import io.streamfleet.commands.stream.ReadStream;
import io.streamfleet.redis.group.ObservedGroup;
import io.streamfleet.redis.group.OldestPending;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The status of one group.
 *
 * @param oldest the pending entry with the lowest id
 * @param workers the number of consumers that count as alive, see {@link Holdups#isAlive}
 * @param limit the limits of the stream, if it has any
 * @param partitions who has its partitions, if it has some
 * @param heldBackBy the reasons why entries are not handled; empty if there are none
 */
public record GroupStatus(
    ReadStream stream,
    ObservedGroup seen,
    Trend trend,
    Optional<PendingEntry> oldest,
    long workers,
    Optional<LimitUse> limit,
    Optional<PartitionsStatus> partitions,
    List<String> heldBackBy) {

  static final List<String> HEAD =
      List.of(
          "STREAM",
          "GROUP",
          "LAG",
          "LATE",
          "TREND",
          "PENDING",
          "OLDEST",
          "WORKERS",
          "HELD BACK BY");

  List<String> row() {
    return List.of(
        Text.printable(stream.stream()),
        Text.printable(stream.group().group()),
        number(seen.lag()),
        age(seen.oldestUnread()),
        trend.told(seen.lag().orElse(0)),
        number(seen.pending()),
        age(seen.oldestOrNone().map(OldestPending::published)),
        workers + " of " + seen.consumers().size(),
        heldBackBy.isEmpty() ? "nothing" : Text.printable(String.join("; ", heldBackBy)));
  }

  private static String number(OptionalLong number) {
    return number.isPresent() ? Text.number(number.getAsLong()) : Text.NOTHING;
  }

  private static String age(Optional<Duration> age) {
    return age.map(Text::age).orElse(Text.NOTHING);
  }

  /** The status as JSON; values that Redis does not report are null. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("stream", stream.stream());
    json.put("group", stream.group().group());
    json.put("direction", stream.direction().label());
    json.put("platform", stream.platform().orElse(null));
    json.put("presence", Text.word(seen.presence()));
    json.put("lag", boxed(seen.lag()));
    json.put("late_seconds", seconds(seen.oldestUnread()));
    json.put("trend", Text.word(trend.direction()));
    json.put("trend_per_second", trend.perSecond());
    json.put("length", boxed(seen.length()));
    json.put("pending", boxed(seen.pending()));
    json.put("oldest_pending_seconds", seconds(seen.oldest().map(OldestPending::published)));
    json.put("oldest_pending_id", oldest.map(it -> it.id().toString()).orElse(null));
    json.put("oldest_pending_consumer", oldest.map(PendingEntry::consumer).orElse(null));
    json.put("consumers", seen.consumers().size());
    json.put("workers", workers);
    json.put("paused", stream.paused());
    json.set("limits", limit.map(LimitUse::json).orElse(null));
    json.set("partitions", partitions.map(PartitionsStatus::json).orElse(null));
    var reasons = json.putArray("held_back_by");
    heldBackBy.forEach(reasons::add);
    return json;
  }

  private static @Nullable Long boxed(OptionalLong number) {
    return number.isPresent() ? number.getAsLong() : null;
  }

  private static @Nullable Double seconds(Optional<Duration> age) {
    return age.map(it -> it.toMillis() / 1e3).orElse(null);
  }
}
