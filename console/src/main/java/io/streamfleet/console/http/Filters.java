package io.streamfleet.console.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamfleet.commands.deadletter.DeadLetterFilter;
import io.streamfleet.commands.why.Explanation;
import io.streamfleet.redis.EntryId;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads which dead letters are meant, from an address or from a body. */
final class Filters {

  private Filters() {}

  static DeadLetterFilter of(Request request) {
    return filter(name -> request.parameter(name).map(Set::of).orElse(Set.of()));
  }

  /**
   * Of a change: what is meant must be said, and {@code all} means all.
   *
   * @throws HttpProblem if nothing is said
   */
  static DeadLetterFilter of(JsonNode body) {
    DeadLetterFilter filter = filter(name -> texts(body.path("filter").path(name)));
    if (filter.isEmpty() && !body.path("all").asBoolean(false)) {
      throw HttpProblem.bad("say which dead letters are meant, or all");
    }
    return filter;
  }

  private static Set<String> texts(JsonNode node) {
    Set<String> texts = new LinkedHashSet<>();
    if (node.isArray()) {
      node.forEach(it -> texts.add(it.asText()));
    } else if (node.isTextual() && !node.asText().isBlank()) {
      texts.add(node.asText());
    }
    return texts;
  }

  private static DeadLetterFilter filter(Function<String, Set<String>> values) {
    Set<EntryId> ids = new LinkedHashSet<>();
    for (String id : values.apply("id")) {
      if (!Explanation.isEntryId(id)) {
        throw HttpProblem.bad("an id is written as 1732372000000-0");
      }
      ids.add(EntryId.parse(id));
    }
    return new DeadLetterFilter(
        ids,
        values.apply("original-id"),
        values.apply("stream"),
        values.apply("reason"),
        values.apply("error"),
        values.apply("channel"),
        Optional.empty(),
        Api.duration(values.apply("newer-than").stream().findFirst()));
  }
}
