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
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** Answers get, list and watch. */
final class Reading {

  /** As a cluster ends watches after half an hour or more, so that clients spread out anew. */
  private static final Duration LONGEST_WATCH = Duration.ofMinutes(30);

  private final Store store;

  Reading(Store store) {
    this.store = store;
  }

  Answer get(Target target) {
    return Answer.ok(
        presented(
            target.type(),
            store
                .get(target.key())
                .orElseThrow(
                    () -> ApiFailure.notFound(target.type().qualifiedResource(), target.name()))));
  }

  Answer list(ResourceType type, ApiRequest request, HttpCall call) {
    Listing listing = store.list(selection(type, request, call));
    Page page = Page.of(listing, call.parameter("limit"), call.parameter("continue"));
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("kind", type.kind() + "List").put("apiVersion", type.apiVersion());
    ObjectNode metadata = list.putObject("metadata");
    metadata.put("resourceVersion", Long.toString(page.version()));
    if (!page.next().isEmpty()) {
      metadata.put("continue", page.next()).put("remainingItemCount", page.remaining());
    }
    var items = list.putArray("items");
    page.items().forEach(item -> items.add(presented(type, item)));
    return Answer.ok(list);
  }

  Answer watch(ResourceType type, ApiRequest request, HttpCall call) {
    String since = call.parameter("resourceVersion");
    OptionalLong version =
        since.isEmpty() || since.equals("0") ? OptionalLong.empty() : version(since);
    String timeout = call.parameter("timeoutSeconds");
    return new Answer.Events(
        store.watch(selection(type, request, call), version),
        object -> presented(type, object),
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

  /** An object in the version in which it was asked for. */
  static ObjectNode presented(ResourceType type, ObjectNode object) {
    if (object.path("apiVersion").asText().equals(type.apiVersion())) {
      return object;
    }
    ObjectNode other = object.deepCopy();
    return other.put("apiVersion", type.apiVersion());
  }
}
