package io.streamfleet.redis;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps why a server turns a client away. One that has too many clients, or is in protected mode,
 * says so as soon as a client comes, before it was asked anything, and hangs up. The client takes
 * what answers no question for nothing, and tells of a connection that was closed, or of its own
 * handler that was not registered.
 *
 * <p>One for each connection; belongs to the connection's event loop. Behind TLS no server gets so
 * far as to say it.
 */
final class RefusalOnConnect extends ChannelInboundHandlerAdapter {

  /** What Redis and Valkey say unasked, see {@code acceptCommonHandler} in their networking.c. */
  private static final Pattern UNASKED =
      Pattern.compile("^-((?:ERR max number of clients|DENIED )[^\\r\\n]*)");

  /** Protected mode explains itself in a thousand characters; the first sentences tell enough. */
  private static final int LONGEST = 300;

  private final Consumer<String> heard;
  private boolean first = true;

  /**
   * @param heard is given the words, on the connection's event loop
   */
  RefusalOnConnect(Consumer<String> heard) {
    this.heard = heard;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object reply) {
    if (first && reply instanceof ByteBuf bytes) {
      first = false;
      Matcher said =
          UNASKED.matcher(
              bytes.toString(
                  bytes.readerIndex(),
                  Math.min(bytes.readableBytes(), LONGEST),
                  StandardCharsets.US_ASCII));
      if (said.find()) {
        heard.accept(said.group(1));
      }
    }
    context.fireChannelRead(reply);
  }
}
