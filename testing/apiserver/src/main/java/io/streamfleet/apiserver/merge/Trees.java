package io.streamfleet.apiserver.merge;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamfleet.apiserver.kind.Shape;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Merges values by their shape, and removes fields from them. */
final class Trees {

  private Trees() {}

  /** The live value with the applied one on top. */
  static JsonNode merge(Shape shape, JsonNode live, JsonNode applied) {
    Parts mine = Parts.of(shape, applied).orElse(null);
    Parts theirs = Parts.of(shape, live).orElse(null);
    if (mine == null || theirs == null || mine.list() != theirs.list()) {
      return applied;
    }
    Map<String, JsonNode> merged = new LinkedHashMap<>();
    for (String element : order(theirs.parts().keySet(), mine.parts().keySet())) {
      Parts.Part old = theirs.parts().get(element);
      Parts.Part part = mine.parts().get(element);
      if (part == null) {
        merged.put(element, java.util.Objects.requireNonNull(old).value());
      } else {
        merged.put(
            element, old == null ? part.value() : merge(part.shape(), old.value(), part.value()));
      }
    }
    return Parts.assemble(mine.list(), merged);
  }

  /** The order of the applied elements; elements that are only live stay near their position. */
  private static Set<String> order(Set<String> live, Set<String> applied) {
    Set<String> order = new LinkedHashSet<>();
    List<String> wanted = List.copyOf(applied);
    int taken = 0;
    for (String element : live) {
      int place = wanted.indexOf(element);
      if (place < 0) {
        order.add(element);
      } else if (place >= taken) {
        order.addAll(wanted.subList(taken, place + 1));
        taken = place + 1;
      }
    }
    order.addAll(wanted.subList(taken, wanted.size()));
    return order;
  }

  /**
   * A value without some of its fields, and without what became empty.
   *
   * @param kept fields that stay, whatever is removed around them
   */
  static JsonNode without(Shape shape, JsonNode value, FieldSet removed, FieldSet kept) {
    Parts parts = Parts.of(shape, value).orElse(null);
    if (parts == null) {
      return value;
    }
    Map<String, JsonNode> rest = new LinkedHashMap<>();
    parts
        .parts()
        .forEach(
            (element, part) -> {
              FieldSet gone = removed.child(element);
              FieldSet stays = kept.child(element);
              if (gone.isEmpty()) {
                rest.put(element, part.value());
              } else if (!gone.member() || !stays.isEmpty()) {
                JsonNode left = without(part.shape(), part.value(), gone, stays);
                if (!left.isContainerNode() || !left.isEmpty() || !stays.isEmpty()) {
                  rest.put(element, left);
                }
              }
            });
    return Parts.assemble(parts.list(), rest);
  }
}
