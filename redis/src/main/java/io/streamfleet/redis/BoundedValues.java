package io.streamfleet.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

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
    int end = piece.writerIndex();
    int from = piece.readerIndex();
    int lineStart = from;
    int at = from;
    while (at < end) {
      if (dropping > 0) {
        int bytes = (int) Math.min(dropping, end - at);
        dropping -= bytes;
        at += bytes;
        from = at;
      } else if (passing > 0) {
        int bytes = (int) Math.min(passing, end - at);
        passing -= bytes;
        at += bytes;
      } else if (!inLine) {
        lineStart = at;
        begin(piece.getByte(at++));
      } else {
        byte next = piece.getByte(at++);
        if (next != '\n') {
          read(next);
          continue;
        }
        inLine = false;
        if (!announcesValue) {
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
    } else if (from == piece.readerIndex()) {
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

  private void read(byte next) {
    if (next >= '0' && next <= '9') {
      length = length * 10 + (next - '0');
    } else if (next != '\r') {
      noLength = true;
    }
  }

  private ByteBuf header() {
    String text = noLength ? "-1" : Long.toString(length);
    return Unpooled.wrappedBuffer(((char) type + text + "\r\n").getBytes(US_ASCII));
  }

  private static void pass(ChannelHandlerContext context, ByteBuf piece, int from, int to) {
    if (to > from) {
      pass(context, piece.retainedSlice(from, to - from));
    }
  }

  private static void pass(ChannelHandlerContext context, ByteBuf bytes) {
    context.fireChannelRead(bytes);
  }
}
