package io.streamfleet.redis;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose server accepts requests but does not answer. A server that hangs, such
 * as a stopped process on a running machine, keeps its connections open: without this the client
 * would stay connected for ever, though Sentinel has elected another master. When the connection is
 * closed, the client connects to the present master.
 *
 * <p>One for each connection; owned by the connection's event loop.
 */
final class SilenceWatch extends ChannelDuplexHandler {

  /** Cheap enough, and fine enough for a limit of seconds. */
  private static final Duration INTERVAL = Duration.ofMillis(500);

  private final long limitNanos;
  private final LongSupplier nanoTime;
  private boolean waiting;
  private long since;
  private @Nullable Future<?> checks;

  /**
   * @param limit the longest time between a request and its reply; longer than any blocking read
   */
  SilenceWatch(Duration limit, LongSupplier nanoTime) {
    this.limitNanos = limit.toNanos();
    this.nanoTime = nanoTime;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    checks =
        context
            .executor()
            .scheduleWithFixedDelay(
                () -> check(context),
                INTERVAL.toMillis(),
                INTERVAL.toMillis(),
                TimeUnit.MILLISECONDS);
    context.fireChannelActive();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    Future<?> ending = checks;
    if (ending != null) {
      ending.cancel(false);
    }
    context.fireChannelInactive();
  }

  @Override
  public void write(ChannelHandlerContext context, Object request, ChannelPromise promise) {
    if (!waiting) {
      waiting = true;
      since = nanoTime.getAsLong();
    }
    context.write(request, promise);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object reply) {
    waiting = false;
    context.fireChannelRead(reply);
  }

  private void check(ChannelHandlerContext context) {
    if (waiting && nanoTime.getAsLong() - since > limitNanos) {
      context.close();
    }
  }
}
