package io.streamfleet.console.look;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.commands.stream.Payloads;
import io.streamfleet.wire.Undecodable;
import java.util.Locale;
import java.util.Set;

/**
 * What is shown of payloads: nothing, or everything but the values of some fields.
 *
 * @param shown whether any are
 * @param masked names of fields, in lower case
 */
public record Payload(boolean shown, Set<String> masked) {

  /** More is no use to a reader, and would be held in memory several times. */
  private static final int LARGEST = 256 << 10;

  private static final String MASK = "***";

  public Payload {
    masked = Set.copyOf(masked);
  }

  /** Puts a payload into an object, as far as it may be shown. */
  void put(ObjectNode json, byte[] data) {
    json.put("payload_bytes", data.length);
    if (!shown) {
      json.put("payload_hidden", "payloads are not shown by this console");
    } else if (data.length == 0) {
      json.put("payload_hidden", "the payload is lost");
    } else if (data.length > LARGEST) {
      json.put("payload_hidden", "too large to be shown here; `show` prints it");
    } else {
      try {
        JsonNode decoded = Payloads.decoded(data);
        mask(decoded);
        json.set("payload", decoded);
      } catch (Undecodable e) {
        // Raw bytes could not be masked.
        json.put("payload_hidden", "it cannot be decoded: " + e.getMessage());
      }
    }
  }

  /** The value of a field beside the payload, which may be of the publisher's making as well. */
  String field(String name, String value) {
    int dot = name.lastIndexOf('.');
    return isMasked(name.substring(dot + 1)) ? MASK : value;
  }

  private boolean isMasked(String name) {
    return masked.contains(name.toLowerCase(Locale.ROOT));
  }

  private void mask(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object
          .properties()
          .forEach(
              field -> {
                if (isMasked(field.getKey())) {
                  object.put(field.getKey(), MASK);
                } else {
                  mask(field.getValue());
                }
              });
    } else if (node instanceof ArrayNode list) {
      list.forEach(this::mask);
    }
  }
}
