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
 * Closes a connection whose server takes requests and answers none. A server that hangs, such as a
 * stopped process on a living machine, keeps its connections: without this the client would stay
 * with it for ever, though Sentinel has long named another. Closed, it connects anew to whoever is
 * the master then.
 *
 * <p>One for each connection; belongs to the connection's event loop.
 */
final class SilenceWatch extends ChannelDuplexHandler {

  /** A look costs next to nothing, and a limit of seconds needs no finer one. */
  private static final Duration INTERVAL = Duration.ofMillis(500);

  private final long limitNanos;
  private final LongSupplier nanoTime;
  private boolean waiting;
  private long since;
  private @Nullable Future<?> looks;

  /**
   * @param limit the longest silence after a request; longer than any blocking read
   */
  SilenceWatch(Duration limit, LongSupplier nanoTime) {
    this.limitNanos = limit.toNanos();
    this.nanoTime = nanoTime;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    looks =
        context
            .executor()
            .scheduleWithFixedDelay(
                () -> look(context),
                INTERVAL.toMillis(),
                INTERVAL.toMillis(),
                TimeUnit.MILLISECONDS);
    context.fireChannelActive();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    Future<?> ending = looks;
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

  private void look(ChannelHandlerContext context) {
    if (waiting && nanoTime.getAsLong() - since > limitNanos) {
      context.close();
    }
  }
}
