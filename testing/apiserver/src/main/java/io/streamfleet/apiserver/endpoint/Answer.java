package io.streamfleet.apiserver.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.apiserver.store.Watch;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** The response to a call. */
public sealed interface Answer {

  /**
   * One document.
   *
   * @param warnings for the author of the request
   */
  record Document(int code, JsonNode body, List<String> warnings) implements Answer {}

  /** A text. */
  record Text(int code, String text) implements Answer {}

  /**
   * A document in another encoding.
   *
   * @param type the content type
   */
  record Encoded(String type, Buffer body) implements Answer {}

  /**
   * A stream of watch events.
   *
   * @param presented converts each object for the client
   * @param bookmark the form of bookmarks, if the client wants them
   * @param end how long the client wants to watch
   */
  record Events(
      Watch watch, UnaryOperator<ObjectNode> presented, BookmarkForm bookmark, Duration end)
      implements Answer {}

  /** The form of bookmarks. */
  record BookmarkForm(boolean wanted, String apiVersion, String kind) {}

  /** A document, without warnings. */
  static Answer ok(JsonNode body) {
    return new Document(200, body, List.of());
  }
}
