package io.streamfleet.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.ByteBuffer;

/**
 * Limits the size of values in replies: a null takes the place of a larger one. Lettuce collects
 * each value in one piece of memory before anybody sees it, and whoever may write to a stream
 * decides how large it is.
 *
 * <p>It only parses the lengths in the reply; everything within the limit passes unchanged.
 *
 * <p>One for each connection; owned by the connection's event loop.
 *
 * @see <a href="https://redis.io/docs/latest/develop/reference/protocol-spec/">the protocol</a>
 */
final class BoundedValues extends ChannelInboundHandlerAdapter {

  private static final byte[] NULL = "$-1\r\n".getBytes(US_ASCII);

  /** CR LF, after a header and after a value. */
  private static final int CRLF = 2;

  private final long largest;

  /** Remaining bytes of a value, with its CR LF, to pass on or to drop. */
  private long toPass;

  private long toDrop;

  /** State of the header line that is being parsed. */
  private boolean inHeader;

  private boolean hasValue;
  private byte type;
  private long length;
  private boolean isNull;

  /** Whether the beginning of the header came with an earlier buffer and was held back. */
  private boolean heldBack;

  /**
   * @param largest limit of a value in bytes
   */
  BoundedValues(long largest) {
    this.largest = largest;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof ByteBuf piece)) {
      context.fireChannelRead(message);
      return;
    }
    // Read through a JDK buffer, which does not check the reference count at each byte; a header of
    // three bytes comes before each value.
    ByteBuffer bytes = piece.nioBuffer();
    int end = bytes.limit();
    int from = 0;
    int lineStart = 0;
    int at = 0;
    while (at < end) {
      if (toPass > 0) {
        int passed = (int) Math.min(toPass, end - at);
        toPass -= passed;
        at += passed;
      } else if (toDrop > 0) {
        int dropped = (int) Math.min(toDrop, end - at);
        toDrop -= dropped;
        at += dropped;
        from = at;
      } else {
        if (!inHeader) {
          lineStart = at;
          begin(bytes.get(at++));
        }
        at = read(bytes, at);
        if (inHeader || !hasValue) {
          continue;
        }
        if (isNull || length <= largest) {
          if (heldBack) {
            // The held-back part is gone, but its content is parsed, so the header is written
            // again.
            from = at;
            pass(context, header());
          }
          toPass = isNull ? 0 : length + CRLF;
        } else {
          if (!heldBack) {
            pass(context, piece, from, lineStart);
          }
          pass(context, Unpooled.wrappedBuffer(NULL));
          toDrop = length + CRLF;
          from = at;
        }
        heldBack = false;
      }
    }
    if (inHeader && hasValue) {
      if (!heldBack) {
        pass(context, piece, from, lineStart);
      }
      heldBack = true;
      piece.release();
    } else if (from == 0) {
      context.fireChannelRead(piece);
    } else {
      pass(context, piece, from, end);
      piece.release();
    }
  }

  private void begin(byte first) {
    inHeader = true;
    type = first;
    // Bulk string, verbatim string, bulk error.
    hasValue = first == '$' || first == '=' || first == '!';
    length = 0;
    isNull = false;
  }

  /** Parses the header up to its end or the end of the buffer; returns the position after it. */
  private int read(ByteBuffer bytes, int from) {
    int end = bytes.limit();
    long number = length;
    boolean none = isNull;
    int at = from;
    while (at < end) {
      byte next = bytes.get(at++);
      if (next >= '0' && next <= '9') {
        number = number * 10 + (next - '0');
      } else if (next == '\n') {
        inHeader = false;
        break;
      } else if (next != '\r') {
        none = true;
      }
    }
    length = number;
    isNull = none;
    return at;
  }

  private ByteBuf header() {
    String text = isNull ? "-1" : Long.toString(length);
    return Unpooled.wrappedBuffer(((char) type + text + "\r\n").getBytes(US_ASCII));
  }

  private static void pass(ChannelHandlerContext context, ByteBuf piece, int from, int to) {
    if (to > from) {
      pass(context, piece.retainedSlice(piece.readerIndex() + from, to - from));
    }
  }

  private static void pass(ChannelHandlerContext context, ByteBuf bytes) {
    context.fireChannelRead(bytes);
  }
}
