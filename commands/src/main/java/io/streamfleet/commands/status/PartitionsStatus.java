package io.streamfleet.commands.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.commands.line.Text;
import io.streamfleet.redis.group.ObservedGroup;
import io.streamfleet.redis.group.ObservedPartitions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who has the partitions of a stream.
 *
 * @param parts the groups of the partitions, by number
 */
public record PartitionsStatus(ObservedPartitions observed, List<ObservedGroup> parts) {

  static final List<String> HEAD = List.of("WORKER", "PARTITIONS", "WHICH", "LAG", "PENDING");

  /** Enough to look at one; the table has all. */
  private static final int NAMED = 8;

  public PartitionsStatus {
    parts = List.copyOf(parts);
  }

  /** Why entries of partitions are not handled. */
  List<String> heldBackBy() {
    List<String> reasons = new ArrayList<>();
    int count = observed.partitions().size();
    observed.refused().ifPresent(error -> reasons.add("owners are unknown: " + error));
    if (observed.refused().isPresent() || observed.present().isEmpty()) {
      return reasons;
    }
    if (observed.agreed().orElse(count) != count) {
      reasons.add(
          "workers read %d partitions, and the manifest has %d"
              .formatted(observed.agreed().getAsInt(), count));
    }
    List<Integer> without = observed.withoutOwner();
    if (!without.isEmpty()) {
      reasons.add(
          (without.size() == 1 ? "partition %s has no worker" : "partitions %s have no worker")
              .formatted(numbers(without, NAMED)));
    }
    return reasons;
  }

  /** A row for each worker, and one for the partitions that nobody has. */
  List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    observed.byOwner().forEach((owner, numbers) -> rows.add(row(Text.printable(owner), numbers)));
    List<Integer> without = observed.withoutOwner();
    if (!without.isEmpty()) {
      rows.add(row("(none)", without));
    }
    return rows;
  }

  private List<String> row(String worker, List<Integer> numbers) {
    return List.of(
        worker,
        Integer.toString(numbers.size()),
        numbers(numbers, numbers.size()),
        lag(numbers).map(Text::number).orElse(Text.NOTHING),
        Text.number(
            numbers.stream()
                .filter(it -> it < parts.size())
                .mapToLong(it -> parts.get(it).pending().orElse(0))
                .sum()));
  }

  /** Unknown if that of one is. */
  private Optional<Long> lag(List<Integer> numbers) {
    return numbers.stream().allMatch(it -> it < parts.size() && parts.get(it).lag().isPresent())
        ? Optional.of(numbers.stream().mapToLong(it -> parts.get(it).lag().orElse(0)).sum())
        : Optional.empty();
  }

  private static String numbers(List<Integer> numbers, int most) {
    String named =
        numbers.stream().limit(most).map(String::valueOf).collect(Collectors.joining(" "));
    int more = numbers.size() - most;
    return more > 0
        ? named + " and %d more".formatted(more)
        : named.isEmpty() ? Text.NOTHING : named;
  }

  private static @Nullable Long boxed(OptionalLong number) {
    return number.isPresent() ? (Long) number.getAsLong() : null;
  }

  /** For a program. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("count", observed.partitions().size());
    ArrayNode without = json.putArray("without_owner");
    observed.withoutOwner().forEach(without::add);
    json.put("last_moved", observed.lastMove().map(Object::toString).orElse(null));
    json.put("unknown", observed.refused().orElse(null));
    ArrayNode owners = json.putArray("owners");
    observed
        .byOwner()
        .forEach(
            (owner, numbers) -> {
              ObjectNode one = owners.addObject().put("worker", owner);
              ArrayNode its = one.putArray("partitions");
              numbers.forEach(its::add);
              one.put("lag", lag(numbers).orElse(null));
            });
    ArrayNode each = json.putArray("partitions");
    observed
        .partitions()
        .forEach(
            it -> {
              ObjectNode one = each.addObject().put("number", it.number());
              one.put("owner", it.owner().orElse(null));
              boolean known = it.number() < parts.size();
              one.put("lag", known ? boxed(parts.get(it.number()).lag()) : null);
              one.put("pending", known ? boxed(parts.get(it.number()).pending()) : null);
            });
    return json;
  }
}
