package io.streamfleet.redis;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps the reason why a server refuses a client. A server that has too many clients, or is in
 * protected mode, sends an error right after the connect, before any command, and closes the
 * connection. Lettuce ignores a reply without a command, and reports a closed connection or an
 * unregistered handler.
 *
 * <p>One for each connection; owned by the connection's event loop. With TLS no server gets far
 * enough to send it.
 */
final class RefusalOnConnect extends ChannelInboundHandlerAdapter {

  /**
   * The unsolicited errors of Redis and Valkey, see {@code acceptCommonHandler} in networking.c.
   */
  private static final Pattern UNSOLICITED =
      Pattern.compile("^-((?:ERR max number of clients|DENIED )[^\\r\\n]*)");

  /** The error of protected mode has a thousand characters; its first sentences are enough. */
  private static final int MAX_LENGTH = 300;

  private final Consumer<String> onRefusal;
  private boolean first = true;

  /**
   * @param onRefusal is given the error, on the connection's event loop
   */
  RefusalOnConnect(Consumer<String> onRefusal) {
    this.onRefusal = onRefusal;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object reply) {
    if (first && reply instanceof ByteBuf bytes) {
      first = false;
      Matcher said =
          UNSOLICITED.matcher(
              bytes.toString(
                  bytes.readerIndex(),
                  Math.min(bytes.readableBytes(), MAX_LENGTH),
                  StandardCharsets.US_ASCII));
      if (said.find()) {
        onRefusal.accept(said.group(1));
      }
    }
    context.fireChannelRead(reply);
  }
}
