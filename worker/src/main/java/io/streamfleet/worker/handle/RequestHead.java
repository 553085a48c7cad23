package io.streamfleet.worker.handle;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/** Writes the head of a request. */
final class RequestHead {

  private static final int COLON_SPACE = ':' << 8 | ' ';

  private static final int CR_LF = '\r' << 8 | '\n';

  private final ByteBuf out;

  /**
   * @param start the request line and the fixed headers
   */
  RequestHead(ByteBuf out, byte[] start) {
    this.out = out;
    out.writeBytes(start);
  }

  /**
   * Adds a header.
   *
   * @param value printable ASCII; {@link CloudEvent} encodes everything else
   */
  void set(String name, String value) {
    ByteBufUtil.writeAscii(out, name);
    out.writeShort(COLON_SPACE);
    ByteBufUtil.writeAscii(out, value);
    out.writeShort(CR_LF);
  }

  /** Writes the empty line that ends the head. */
  void end() {
    out.writeShort(CR_LF);
  }

  /** Encodes lines that are written once and reused: names are ASCII, values Latin-1. */
  static byte[] lines(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
