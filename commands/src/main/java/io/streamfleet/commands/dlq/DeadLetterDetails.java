package io.streamfleet.commands.dlq;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.commands.deadletter.DeadLetter;
import io.streamfleet.commands.deadletter.DeclaredStreams;
import io.streamfleet.commands.line.Text;
import io.streamfleet.commands.stream.Payloads;
import io.streamfleet.wire.Undecodable;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;

/** All of a dead letter, the payload with it: a person has asked for this one. */
final class DeadLetterDetails {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final PrintWriter out;
  private final DeclaredStreams streams;

  DeadLetterDetails(PrintWriter out, DeclaredStreams streams) {
    this.out = out;
    this.streams = streams;
  }

  /** For a person. */
  void print(DeadLetter letter, Instant now) {
    line("id", letter.id() + "  (" + Text.age(age(letter, now)) + " ago)");
    letter.fields().keySet().stream()
        .filter(field -> !field.equals(DeadLetter.DATA))
        .forEach(field -> line(field, letter.text(field).orElse("")));
    line("channel", streams.channelOf(letter).orElse("unknown"));
    int size = letter.payload().length;
    if (size == 0) {
      line("payload", "lost");
    } else {
      try {
        JsonNode payload = Payloads.decoded(letter.payload());
        line("payload", Text.number(size) + " bytes");
        out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(payload));
      } catch (Undecodable e) {
        line("payload", Text.number(size) + " bytes in base64; " + e.getMessage());
        out.println(Base64.getEncoder().encodeToString(letter.payload()));
      } catch (JsonProcessingException e) {
        throw new UncheckedIOException("writing to memory failed", e);
      }
    }
  }

  /** For a program: one JSON object. */
  void printJson(DeadLetter letter) {
    ObjectNode object = DeadLetterJsonLines.object(letter, streams);
    try {
      object.set(
          "payload", letter.payload().length == 0 ? null : Payloads.decoded(letter.payload()));
    } catch (Undecodable e) {
      object.put("payload_base64", letter.payload());
      object.put("undecodable", e.getMessage());
    }
    out.println(object);
  }

  private static Duration age(DeadLetter letter, Instant now) {
    return Duration.between(letter.id().time(), now);
  }

  private void line(String name, String value) {
    out.printf(Locale.ROOT, "%-20s %s%n", Text.printable(name), Text.printable(value));
  }
}
