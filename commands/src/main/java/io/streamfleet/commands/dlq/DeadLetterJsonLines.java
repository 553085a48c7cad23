package io.streamfleet.commands.dlq;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.commands.deadletter.DeadLetter;
import io.streamfleet.commands.deadletter.DeclaredStreams;
import java.io.PrintWriter;
import java.util.List;

/** Prints dead letters as one JSON object per line, without payloads. */
public final class DeadLetterJsonLines implements DeadLetterFormat {

  private final PrintWriter out;
  private final DeclaredStreams streams;

  DeadLetterJsonLines(PrintWriter out, DeclaredStreams streams) {
    this.out = out;
    this.streams = streams;
  }

  @Override
  public void write(List<DeadLetter> letters) {
    letters.forEach(letter -> out.println(object(letter, streams)));
  }

  /** All fields but the payload, with the time of death, the channel and the payload's size. */
  public static ObjectNode object(DeadLetter letter, DeclaredStreams streams) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("id", letter.id().toString());
    object.put("dead_since", letter.id().time().toString());
    for (String field : letter.fields().keySet()) {
      if (!field.equals(DeadLetter.DATA)) {
        object.put(field, letter.text(field).orElse(""));
      }
    }
    object.put("channel", streams.channelOf(letter).orElse(null));
    object.put("payload_bytes", letter.payload().length);
    return object;
  }
}
