package io.streamfleet.commands.line;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.commands.stream.Payloads;
import io.streamfleet.wire.Undecodable;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Base64;

/** Prints payloads as JSON, or in base64 if they can't be decoded. */
public final class PayloadText {

  private static final ObjectMapper JSON = new ObjectMapper();

  private PayloadText() {}

  /** Prints a payload as text. */
  public static void print(PrintWriter out, byte[] data) {
    String size = Text.number(data.length) + " bytes";
    try {
      String text =
          JSON.writerWithDefaultPrettyPrinter().writeValueAsString(Payloads.decoded(data));
      Text.field(out, "payload", size);
      out.println(text);
    } catch (Undecodable e) {
      Text.field(out, "payload", size + " in base64; " + e.getMessage());
      out.println(Base64.getEncoder().encodeToString(data));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
  }

  /**
   * Adds a payload to a JSON object, as the field {@code payload}; one that can't be decoded as the
   * fields {@code payload_base64} and {@code undecodable}.
   */
  public static void put(ObjectNode object, byte[] data) {
    try {
      object.set("payload", Payloads.decoded(data));
    } catch (Undecodable e) {
      object.put("payload_base64", data);
      object.put("undecodable", e.getMessage());
    }
  }
}
