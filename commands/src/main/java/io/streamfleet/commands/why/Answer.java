package io.streamfleet.commands.why;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.commands.line.Text;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is known of one entry in one group, in the order in which a person asks.
 *
 * @param state one word for programs
 * @param facts names and values for both
 */
record Answer(State state, Map<String, String> facts) {

  /** Where an entry is in its life. */
  enum State {
    /** No worker has read it. */
    UNREAD,
    /** A worker has it. */
    PENDING,
    /** It failed, and its next attempt is not due. */
    WAITING_FOR_RETRY,
    /** Its consumer is gone. */
    WAITING_FOR_CLAIM,
    /** Another consumer holds its channel. */
    WAITING_FOR_CHANNEL,
    /** Acknowledged. */
    SETTLED,
    DEAD_LETTERED,
    /** It is neither in the stream nor pending. */
    GONE
  }

  static final class Builder {
    private final Map<String, String> facts = new LinkedHashMap<>();

    Builder with(String name, String value) {
      facts.put(name, value);
      return this;
    }

    Answer is(State state) {
      return new Answer(state, facts);
    }
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("state", Text.word(state));
    facts.forEach((name, value) -> json.put(name.replace(' ', '_'), value));
    return json;
  }
}
