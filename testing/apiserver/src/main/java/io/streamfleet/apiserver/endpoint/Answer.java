package io.streamfleet.apiserver.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.apiserver.store.Watch;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** What a call is answered with. */
public sealed interface Answer {

  /**
   * One document.
   *
   * @param warnings for the author of the request
   */
  record Document(int code, JsonNode body, List<String> warnings) implements Answer {}

  /** A word. */
  record Text(int code, String text) implements Answer {}

  /**
   * A document in a form of its own.
   *
   * @param type the content type
   */
  record Encoded(String type, Buffer body) implements Answer {}

  /**
   * Events as they come.
   *
   * @param presented each object as the client is to see it
   * @param bookmark an empty object of the kind, if the client wants to be told of versions
   * @param end how long the client wants to watch
   */
  record Events(
      Watch watch, UnaryOperator<ObjectNode> presented, BookmarkForm bookmark, Duration end)
      implements Answer {}

  /** How bookmarks look. */
  record BookmarkForm(boolean wanted, String apiVersion, String kind) {}

  /** A document, without warnings. */
  static Answer ok(JsonNode body) {
    return new Document(200, body, List.of());
  }
}
