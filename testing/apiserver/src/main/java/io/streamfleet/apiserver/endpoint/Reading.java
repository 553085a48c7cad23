package io.streamfleet.apiserver.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.apiserver.failure.ApiFailure;
import io.streamfleet.apiserver.kind.ResourceType;
import io.streamfleet.apiserver.request.ApiRequest;
import io.streamfleet.apiserver.request.HttpCall;
import io.streamfleet.apiserver.store.FieldSelector;
import io.streamfleet.apiserver.store.LabelSelector;
import io.streamfleet.apiserver.store.Listing;
import io.streamfleet.apiserver.store.Selection;
import io.streamfleet.apiserver.store.Store;
import io.streamfleet.apiserver.write.Target;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** Answers get, list and watch. */
final class Reading {

  /** A cluster also ends watches after half an hour or more, which spreads clients over servers. */
  private static final Duration LONGEST_WATCH = Duration.ofMinutes(30);

  private final Store store;
  private final Tables tables;

  Reading(Store store, Clock clock) {
    this.store = store;
    this.tables = new Tables(clock);
  }

  Answer get(Target target, HttpCall call) {
    return Answer.ok(
        shown(
            target.type(),
            store
                .get(target.key())
                .orElseThrow(
                    () -> ApiFailure.notFound(target.type().qualifiedResource(), target.name())),
            call));
  }

  /** An object, or a table if the client asks for it. */
  private ObjectNode shown(ResourceType type, ObjectNode object, HttpCall call) {
    return Tables.areWanted(call)
        ? tables.of(type, presented(type, object), call)
        : presented(type, object);
  }

  Answer list(ResourceType type, ApiRequest request, HttpCall call) {
    Listing listing = store.list(selection(type, request, call));
    Page page = Page.of(listing, call.parameter("limit"), call.parameter("continue"));
    ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    metadata.put("resourceVersion", Long.toString(page.version()));
    if (!page.next().isEmpty()) {
      metadata.put("continue", page.next()).put("remainingItemCount", page.remaining());
    }
    List<ObjectNode> items = page.items().stream().map(item -> presented(type, item)).toList();
    if (Tables.areWanted(call)) {
      return Answer.ok(tables.of(type, items, metadata, call));
    }
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("kind", type.kind() + "List").put("apiVersion", type.apiVersion());
    list.set("metadata", metadata);
    list.putArray("items").addAll(items);
    return Answer.ok(list);
  }

  Answer watch(ResourceType type, ApiRequest request, HttpCall call) {
    String since = call.parameter("resourceVersion");
    OptionalLong version =
        since.isEmpty() || since.equals("0") ? OptionalLong.empty() : version(since);
    String timeout = call.parameter("timeoutSeconds");
    return new Answer.Events(
        store.watch(selection(type, request, call), version),
        object -> shown(type, object, call),
        new Answer.BookmarkForm(call.isSet("allowWatchBookmarks"), type.apiVersion(), type.kind()),
        timeout.isEmpty() ? LONGEST_WATCH : Duration.ofSeconds(version(timeout).getAsLong()));
  }

  private static OptionalLong version(String text) {
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      throw ApiFailure.badRequest("\"%s\" is no number".formatted(text));
    }
  }

  static Selection selection(ResourceType type, ApiRequest request, HttpCall call) {
    Predicate<JsonNode> condition =
        LabelSelector.parse(call.parameter("labelSelector"))
            .and(FieldSelector.parse(call.parameter("fieldSelector")));
    if (!request.name().isEmpty()) {
      condition =
          condition.and(
              object -> object.path("metadata").path("name").asText().equals(request.name()));
    }
    return new Selection(type.group(), type.resource(), request.namespace(), condition);
  }

  /** An object in the requested version. */
  static ObjectNode presented(ResourceType type, ObjectNode object) {
    if (object.path("apiVersion").asText().equals(type.apiVersion())) {
      return object;
    }
    ObjectNode other = object.deepCopy();
    return other.put("apiVersion", type.apiVersion());
  }
}
