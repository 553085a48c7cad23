package io.streamfleet.commands.line;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.commands.stream.Payloads;
import io.streamfleet.wire.Undecodable;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Base64;

/** Writes payloads out, for who has asked for one: as JSON, or in base64 where that fails. */
public final class PayloadText {

  private static final ObjectMapper JSON = new ObjectMapper();

  private PayloadText() {}

  /** For a person. */
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

  /** For a program: as a field of an object. */
  public static void put(ObjectNode object, byte[] data) {
    try {
      object.set("payload", Payloads.decoded(data));
    } catch (Undecodable e) {
      object.put("payload_base64", data);
      object.put("undecodable", e.getMessage());
    }
  }
}
