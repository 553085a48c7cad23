package io.streamfleet.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.ByteBuffer;

/**
 * Lets no value in that is larger than a bound: a null comes in its place. The client gathers each
 * value of a reply in one piece before anybody sees it, and whoever may write to a stream decides
 * how large that is.
 *
 * <p>It follows the lengths in the reply and looks at nothing else, so what is within the bound
 * passes as it came.
 *
 * <p>One for each connection; belongs to the connection's event loop.
 *
 * @see <a href="https://redis.io/docs/latest/develop/reference/protocol-spec/">the protocol</a>
 */
final class BoundedValues extends ChannelInboundHandlerAdapter {

  private static final byte[] NULL = "$-1\r\n".getBytes(US_ASCII);

  /** The end of a line, which follows each value, too. */
  private static final int END_OF_LINE = 2;

  private final long largest;

  /** Bytes of a value, and the end of its line, that are to pass, or to be dropped. */
  private long passing;

  private long dropping;

  /** The line that is being read: whether it has begun, and what it says so far. */
  private boolean inLine;

  private boolean announcesValue;
  private byte type;
  private long length;
  private boolean noLength;

  /** Whether the beginning of the line came with an earlier piece and was kept back. */
  private boolean keptBack;

  /**
   * @param largest bytes that a value may have
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
    // A piece is looked at as one of the JDK's buffers: these are read without a check of who owns
    // them, and a header of three bytes comes before each value.
    ByteBuffer bytes = piece.nioBuffer();
    int end = bytes.limit();
    int from = 0;
    int lineStart = 0;
    int at = 0;
    while (at < end) {
      if (passing > 0) {
        int passed = (int) Math.min(passing, end - at);
        passing -= passed;
        at += passed;
      } else if (dropping > 0) {
        int dropped = (int) Math.min(dropping, end - at);
        dropping -= dropped;
        at += dropped;
        from = at;
      } else {
        if (!inLine) {
          lineStart = at;
          begin(bytes.get(at++));
        }
        at = read(bytes, at);
        if (inLine || !announcesValue) {
          continue;
        }
        if (noLength || length <= largest) {
          if (keptBack) {
            // Its other part is gone; all that it said is known.
            from = at;
            pass(context, header());
          }
          passing = noLength ? 0 : length + END_OF_LINE;
        } else {
          if (!keptBack) {
            pass(context, piece, from, lineStart);
          }
          pass(context, Unpooled.wrappedBuffer(NULL));
          dropping = length + END_OF_LINE;
          from = at;
        }
        keptBack = false;
      }
    }
    if (inLine && announcesValue) {
      if (!keptBack) {
        pass(context, piece, from, lineStart);
      }
      keptBack = true;
      piece.release();
    } else if (from == 0) {
      context.fireChannelRead(piece);
    } else {
      pass(context, piece, from, end);
      piece.release();
    }
  }

  private void begin(byte first) {
    inLine = true;
    type = first;
    // A string, a verbatim string, a long error.
    announcesValue = first == '$' || first == '=' || first == '!';
    length = 0;
    noLength = false;
  }

  /** Reads on in a line, to its end or that of the piece; tells where that is. */
  private int read(ByteBuffer bytes, int from) {
    int end = bytes.limit();
    long number = length;
    boolean none = noLength;
    int at = from;
    while (at < end) {
      byte next = bytes.get(at++);
      if (next >= '0' && next <= '9') {
        number = number * 10 + (next - '0');
      } else if (next == '\n') {
        inLine = false;
        break;
      } else if (next != '\r') {
        none = true;
      }
    }
    length = number;
    noLength = none;
    return at;
  }

  private ByteBuf header() {
    String text = noLength ? "-1" : Long.toString(length);
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
