package io.streamfleet.commands.dlq;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.commands.deadletter.DeadLetter;
import io.streamfleet.commands.deadletter.DeadLetterFilter;
import io.streamfleet.commands.deadletter.DeclaredStreams;
import io.streamfleet.commands.line.Text;
import io.streamfleet.redis.EntryId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Groups dead letters by common properties, and counts them. */
public final class DeadLetterGroups {

  /** A property by which letters are grouped. */
  public enum By {
    REASON,
    ERROR,
    CHANNEL,
    HOUR,
    STREAM,
    CONSUMER
  }

  /**
   * The most groups; the letters of further groups are counted together. Without a limit, errors
   * with a random text would create a group for each letter, and fill the heap.
   */
  private static final int MOST = 10_000;

  private static final String OTHERS = "(others)";

  private final List<By> by;
  private final DeclaredStreams streams;
  private final Map<List<String>, Group> groups = new HashMap<>();
  private long letters;

  public DeadLetterGroups(List<By> by, DeclaredStreams streams) {
    this.by = List.copyOf(by);
    this.streams = streams;
  }

  /** The letters with the same values. */
  public static final class Group {
    private final List<String> values;
    private long count;
    private EntryId oldest = EntryId.ZERO;
    private EntryId newest = EntryId.ZERO;

    private Group(List<String> values) {
      this.values = values;
    }

    private void add(DeadLetter letter) {
      if (count++ == 0) {
        oldest = letter.id();
      }
      newest = letter.id();
    }

    List<String> row(Instant now) {
      List<String> row = new ArrayList<>();
      row.add(Text.number(count));
      values.forEach(value -> row.add(Text.printable(value)));
      row.add(Text.age(Duration.between(oldest.time(), now)));
      row.add(Text.age(Duration.between(newest.time(), now)));
      row.add(newest.toString());
      return row;
    }

    /** For a program. */
    public ObjectNode json(List<By> by) {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("count", count);
      for (int i = 0; i < by.size(); i++) {
        json.put(Text.word(by.get(i)), values.get(i));
      }
      json.put("oldest", oldest.time().toString());
      json.put("newest", newest.time().toString());
      json.put("newest_id", newest.toString());
      return json;
    }
  }

  /** Counts one more. */
  public void add(DeadLetter letter) {
    letters++;
    List<String> values = by.stream().map(it -> value(it, letter)).toList();
    if (groups.size() >= MOST && !groups.containsKey(values)) {
      values = by.stream().map(it -> OTHERS).toList();
    }
    groups.computeIfAbsent(values, Group::new).add(letter);
  }

  private String value(By what, DeadLetter letter) {
    return switch (what) {
      case REASON -> letter.text(DeadLetter.REASON).orElse(DeadLetterFilter.NO_REASON);
      case ERROR -> letter.cause();
      case CHANNEL -> streams.channelOf(letter).orElse(Text.NOTHING);
      case HOUR -> letter.id().time().truncatedTo(ChronoUnit.HOURS).toString();
      case STREAM -> letter.text(DeadLetter.ORIGINAL_STREAM).orElse(Text.NOTHING);
      case CONSUMER -> letter.text("consumer").orElse(Text.NOTHING);
    };
  }

  List<By> by() {
    return by;
  }

  List<String> head() {
    List<String> head = new ArrayList<>(List.of("COUNT"));
    by.forEach(it -> head.add(it.name()));
    head.addAll(List.of("OLDEST", "NEWEST", "NEWEST ID"));
    return head;
  }

  /** How many letters were counted. */
  public long letters() {
    return letters;
  }

  /** How many groups they make. */
  public int count() {
    return groups.size();
  }

  /** At most this many groups, the largest first. */
  public List<Group> largest(int most) {
    return groups.values().stream()
        .sorted(Comparator.comparingLong((Group it) -> it.count).reversed())
        .limit(most)
        .toList();
  }
}
