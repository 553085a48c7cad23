package io.streamfleet.worker.handle;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/** The head of a request, written as it goes out. */
final class RequestHead {

  private static final int COLON_SPACE = ':' << 8 | ' ';

  private static final int CR_LF = '\r' << 8 | '\n';

  private final ByteBuf out;

  /**
   * @param start request line and headers that are the same for all
   */
  RequestHead(ByteBuf out, byte[] start) {
    this.out = out;
    out.writeBytes(start);
  }

  /**
   * Adds a header.
   *
   * @param value printable ASCII: nothing else can come from a message
   */
  void set(String name, String value) {
    ByteBufUtil.writeAscii(out, name);
    out.writeShort(COLON_SPACE);
    ByteBufUtil.writeAscii(out, value);
    out.writeShort(CR_LF);
  }

  /** Adds the empty line. */
  void end() {
    out.writeShort(CR_LF);
  }

  /** Lines of a head that are written once and used again: names may be ASCII, values Latin-1. */
  static byte[] lines(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
