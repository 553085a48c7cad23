package io.streamfleet.worker.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/** A connection and the exchange that it carries, if any. Belongs to an event loop. */
final class Connection extends ChannelInboundHandlerAdapter implements Exchange.Carrier {

  /** Notified of the state of the connection, on its loop. */
  interface Owner {

    /** The connection was opened and carries no exchange yet. */
    void opened(Connection connection);

    /** The connection is ready for another exchange. */
    void keep(Connection connection);

    /**
     * The server closed a kept connection without announcing it.
     *
     * @param idleFor the time since the last answer, in nanoseconds
     */
    void closedByServer(long idleFor);

    /** The server received no complete request: it must be sent on another connection. */
    void sendAnew(Exchange exchange);

    /** The connection is closed. */
    void gone(Connection connection);
  }

  /** A body up to this size, in bytes, is copied into one buffer with the head. */
  private static final int SHORT = 16 * 1024;

  /**
   * A longer body is written without a copy, in pieces of so many bytes as the connection accepts
   * them.
   */
  private static final int PIECE = 64 * 1024;

  /** The usual size of a head in bytes; the buffer grows if necessary. */
  private static final int HEAD = 768;

  private static final int SWITCHING_PROTOCOLS = 101;

  private final Owner owner;
  private @Nullable ChannelHandlerContext context;

  private @Nullable Exchange exchange;

  /** Whether it carried an exchange before the current one. */
  private boolean kept;

  private boolean broken;
  private @Nullable ChannelFuture lastWrite;
  private byte[] body = {};
  private int written;
  private boolean answered;
  private boolean interim;
  private boolean closes;

  private final TimeLimit timeLimit = new TimeLimit();

  private long idleSince = System.nanoTime();

  /** How long the server keeps an idle connection, in nanoseconds, if it says so. */
  private long longestIdle = Long.MAX_VALUE;

  Connection(Owner owner) {
    this.owner = owner;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  private ChannelHandlerContext context() {
    ChannelHandlerContext added = context;
    if (added == null) {
      throw new IllegalStateException("the connection has no channel yet");
    }
    return added;
  }

  /** Whether a request may be sent: it is open, and the server has not stopped waiting for one. */
  boolean isUsable(long now) {
    return !broken && context().channel().isActive() && idleFor(now) < longestIdle;
  }

  long idleFor(long now) {
    return now - idleSince;
  }

  // --- the request

  void send(Exchange next) {
    exchange = next;
    next.on(this);
    interim = false;
    closes = false;
    lastWrite = null;
    body = next.body();
    ByteBuf first = context().alloc().ioBuffer(HEAD + Math.min(body.length, SHORT));
    try {
      next.writeHead(first);
      written = body.length <= SHORT ? body.length : 0;
      first.writeBytes(body, 0, written);
    } catch (RuntimeException | Error e) {
      first.release();
      next.fail(e, Progress.CONNECTING);
      return;
    }
    timeLimit.begin(next, context().executor());
    ChannelFuture write = context().writeAndFlush(first);
    if (written == body.length) {
      lastWrite = write;
    }
    if (write.isDone()) {
      wrote(write);
    } else {
      write.addListener(_ -> wrote(write));
    }
    writeMore();
  }

  private void writeMore() {
    while (exchange != null && written < body.length && context().channel().isWritable()) {
      int from = written;
      written = Math.min(body.length, from + PIECE);
      ChannelFuture write =
          context().writeAndFlush(Unpooled.wrappedBuffer(body, from, written - from));
      if (written == body.length) {
        lastWrite = write;
      }
      write.addListener(_ -> wrote(write));
    }
  }

  private void wrote(ChannelFuture write) {
    if (!write.isSuccess()) {
      broke(write.cause());
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext changed) {
    writeMore();
  }

  @Override
  public Progress progress() {
    if (answered) {
      return Progress.ANSWERED;
    }
    return isSent() ? Progress.SENT : Progress.SENDING;
  }

  private boolean isSent() {
    ChannelFuture last = lastWrite;
    return last != null && last.isSuccess();
  }

  // --- the answer

  @Override
  public void channelRead(ChannelHandlerContext from, Object message) {
    try {
      if (exchange == null) {
        // Unsolicited data, which would be taken for the answer to the next request.
        drop();
      } else if (message instanceof HttpObject part) {
        read(exchange, part);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void read(Exchange current, HttpObject part) {
    if (part.decoderResult().isFailure()) {
      current.fail(new Exchange.NotHttp(), null);
      return;
    }
    if (part instanceof HttpResponse head) {
      head(current, head);
    }
    if (part instanceof HttpContent content && !current.isOver()) {
      if (interim) {
        return;
      }
      content(current, content);
    }
  }

  private void head(Exchange current, HttpResponse head) {
    interim = head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    if (head.status().code() == SWITCHING_PROTOCOLS) {
      answered = true;
      current.fail(new ClosedChannelException(), null);
    } else if (!interim) {
      answered = true;
      closes = !HttpUtil.isKeepAlive(head);
      if (!kept) {
        longestIdle = KeepAlive.longestIdle(head.headers().get(KeepAlive.HEADER));
      }
      current.answered(head);
    }
  }

  private void content(Exchange current, HttpContent content) {
    if (content.content().isReadable()) {
      switch (current.content(content.content())) {
        case READ -> {}
        case HOLD_BACK -> context().channel().config().setAutoRead(false);
        case LEAVE -> {
          leave();
          drop();
          current.end();
          return;
        }
      }
    }
    if (content instanceof LastHttpContent) {
      whole(current);
    }
  }

  private void whole(Exchange current) {
    boolean isSent = isSent();
    leave();
    if (closes || !isSent) {
      // A server that answers before it has the whole request does not read the rest of it.
      drop();
    } else {
      kept = true;
      idleSince = System.nanoTime();
      readOn();
      owner.keep(this);
    }
    current.end();
  }

  @Override
  public void readOn() {
    context().channel().config().setAutoRead(true);
  }

  private void leave() {
    exchange = null;
    timeLimit.end();
    answered = false;
    body = new byte[0];
    lastWrite = null;
  }

  // --- its end

  /** Closes the connection, with or without an exchange. */
  @Override
  public void drop() {
    broken = true;
    leave();
    context().close();
  }

  private void broke(Throwable cause) {
    boolean byServer = !broken;
    broken = true;
    if (byServer && kept && !answered) {
      owner.closedByServer(idleFor(System.nanoTime()));
    }
    Exchange current = exchange;
    if (current == null) {
      context().close();
      return;
    }
    boolean wasTaken = !kept || answered || isSent();
    if (wasTaken || !current.mayRepeat()) {
      current.fail(cause, null);
    } else {
      drop();
      current.on(null);
      owner.sendAnew(current);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
    Throwable why =
        cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
    broke(why);
  }

  @Override
  public void channelInactive(ChannelHandlerContext from) {
    owner.gone(this);
    broke(new ClosedChannelException());
  }
}
