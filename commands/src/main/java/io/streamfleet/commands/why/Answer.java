package io.streamfleet.commands.why;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.commands.line.Text;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The state of an entry in a group, with all details that are known.
 *
 * @param facts names and values of the details, in the order in which they are printed
 */
public record Answer(State state, Map<String, String> facts) {

  /** The state of an entry. */
  public enum State {
    /** Not read by the group yet. */
    UNREAD,
    /** With a worker that is alive. */
    PENDING,
    /** Failed, and its next attempt is not due yet. */
    WAITING_FOR_RETRY,
    /** Pending for a consumer that is gone. */
    WAITING_FOR_CLAIM,
    /** Pending for a consumer while another consumer holds the lock of its channel. */
    WAITING_FOR_CHANNEL,
    /** Acknowledged. */
    SETTLED,
    DEAD_LETTERED,
    /** Neither in the stream nor pending. */
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

  /** For a program. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("state", Text.word(state));
    facts.forEach((name, value) -> json.put(name.replace(' ', '_'), value));
    return json;
  }
}
