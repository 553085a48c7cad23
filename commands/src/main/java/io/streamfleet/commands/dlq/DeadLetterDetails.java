package io.streamfleet.commands.dlq;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.commands.deadletter.DeadLetter;
import io.streamfleet.commands.deadletter.DeclaredStreams;
import io.streamfleet.commands.line.PayloadText;
import io.streamfleet.commands.line.Text;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;

/** Prints dead letters completely, with their payloads. */
final class DeadLetterDetails {

  private final PrintWriter out;
  private final DeclaredStreams streams;

  DeadLetterDetails(PrintWriter out, DeclaredStreams streams) {
    this.out = out;
    this.streams = streams;
  }

  /** Prints a letter as text. */
  void print(DeadLetter letter, Instant now) {
    Text.field(out, "id", letter.id() + "  (" + Text.age(age(letter, now)) + " ago)");
    letter.fields().keySet().stream()
        .filter(field -> !field.equals(DeadLetter.DATA))
        .forEach(field -> Text.field(out, field, letter.text(field).orElse("")));
    Text.field(out, "channel", streams.channelOf(letter).orElse("unknown"));
    if (letter.payload().length == 0) {
      Text.field(out, "payload", "lost");
    } else {
      PayloadText.print(out, letter.payload());
    }
  }

  /** Prints a letter as one JSON object. */
  void printJson(DeadLetter letter) {
    ObjectNode object = DeadLetterJsonLines.object(letter, streams);
    if (letter.payload().length == 0) {
      object.putNull("payload");
    } else {
      PayloadText.put(object, letter.payload());
    }
    out.println(object);
  }

  private static Duration age(DeadLetter letter, Instant now) {
    return Duration.between(letter.id().time(), now);
  }
}
