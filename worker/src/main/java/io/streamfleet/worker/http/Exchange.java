package io.streamfleet.worker.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * One request and what comes of it. All methods that a client calls run on the thread of one event
 * loop, one after the other; none of them may wait. After {@link #ended} or {@link #failed} nothing
 * more is heard.
 */
public abstract class Exchange {

  /** What is to become of the rest of an answer. */
  public enum Rest {
    /** It is read on. */
    READ,
    /** It is left with the server until {@link #readOn}. */
    HOLD_BACK,
    /** Nobody wants it: the exchange is over, and its connection is closed. */
    LEAVE
  }

  /** What the exchange did not end well by. */
  public static final class NotHttp extends Exception {

    private static final long serialVersionUID = 1;

    NotHttp() {
      super("what came is not HTTP", null, false, false);
    }
  }

  /** The time of the exchange is over. */
  public static final class TimeIsOver extends Exception {

    private static final long serialVersionUID = 1;

    TimeIsOver() {
      super("the time is over", null, false, false);
    }
  }

  /** The caller gave the exchange up. */
  public static final class Cancelled extends Exception {

    private static final long serialVersionUID = 1;

    Cancelled() {
      super("cancelled", null, false, false);
    }
  }

  /** What takes exchanges and has them carried. */
  interface Client {

    /** Has the request carried. On the loop. */
    void send(Exchange exchange);

    /**
     * An exchange is over. On the loop.
     *
     * @param hadTurn whether its turn had come
     */
    void over(boolean hadTurn);

    /** Runs something on the loop, at once if this is its thread. Any thread. */
    void onLoop(Runnable task);
  }

  /** What carries an exchange. All on the loop. */
  interface Carrier {

    /** How far its exchange came. */
    Progress progress();

    /** Reads what was held back. */
    void readOn();

    /** Ends, with what it carries. */
    void drop();
  }

  private volatile @Nullable Client client;
  private volatile boolean cancelled;
  private @Nullable Carrier carrier;
  private boolean hasTurn;
  private boolean over;
  private boolean wasRepeated;

  /** Its turn has come: {@link #send} is to be called, now or later, or {@link #giveUp}. */
  protected abstract void begin();

  /**
   * Writes the request up to the empty line before its body. Called once more when the request has
   * to go out again by another connection.
   */
  protected abstract void writeHead(ByteBuf out);

  /** The request's body; the client changes nothing in it. */
  protected abstract byte[] body();

  /** How many nanoseconds are left, by {@link System#nanoTime}; 0 or less when it is over. */
  protected abstract long timeLeft(long now);

  /** Status and headers of the final answer are there. */
  protected abstract void answered(HttpResponse head);

  /**
   * A piece of the answer's body is there.
   *
   * @param piece is the client's, and may be read during the call only
   */
  protected abstract Rest content(ByteBuf piece);

  /** The answer is there to its end, or to where it was left. */
  protected abstract void ended();

  /**
   * The exchange is over without a whole answer.
   *
   * @param cause {@link NotHttp}, {@link TimeIsOver}, {@link Cancelled}, or what the connection or
   *     an attempt to make one failed by
   * @param progress how far it came
   */
  protected abstract void failed(Throwable cause, Progress progress);

  /** The request is ready to be sent. On the loop. */
  protected final void send() {
    if (!over) {
      client().send(this);
    }
  }

  /** There is nothing to send: the exchange is over without a word. On the loop. */
  protected final void giveUp() {
    if (!over) {
      over = true;
      client().over(hasTurn);
    }
  }

  /** Whether it was told its end, or told it. On the loop. */
  protected final boolean isOver() {
    return over;
  }

  /** Runs something on the loop, at once if this is its thread. */
  protected final void onLoop(Runnable task) {
    client().onLoop(task);
  }

  /** What was held back of the answer is to be read. Any thread. */
  public final void readOn() {
    onLoop(
        () -> {
          if (!over && carrier != null) {
            carrier.readOn();
          }
        });
  }

  /**
   * Ends the exchange, wherever it is; its connection is closed. {@link #failed} hears of it,
   * unless the exchange is over already. One that was not handed to a client yet ends when it is.
   * Any thread.
   */
  public final void cancel() {
    // Before the look at the client, which looks at this after it has shown itself: one of both
    // sees
    // the other.
    cancelled = true;
    Client its = client;
    if (its != null) {
      its.onLoop(() -> fail(new Cancelled(), null));
    }
  }

  // --- the client's side, on the loop

  final void in(Client itsClient) {
    client = itsClient;
  }

  private Client client() {
    Client its = client;
    if (its == null) {
      throw new IllegalStateException("the exchange was handed to no client");
    }
    return its;
  }

  /** Whether it was cancelled, perhaps before it was handed to a client. */
  final boolean isCancelled() {
    return cancelled;
  }

  final void turn() {
    hasTurn = true;
    begin();
  }

  /** Whether the request may go out again, now that a kept connection turned out to be closed. */
  final boolean mayRepeat() {
    boolean may = !wasRepeated;
    wasRepeated = true;
    return may;
  }

  final void on(@Nullable Carrier its) {
    carrier = its;
  }

  final void end() {
    if (!over) {
      over = true;
      carrier = null;
      ended();
      client().over(hasTurn);
    }
  }

  /**
   * @param progress null where the carrier knows it
   */
  final void fail(Throwable cause, @Nullable Progress progress) {
    if (over) {
      return;
    }
    over = true;
    Carrier its = carrier;
    carrier = null;
    Progress reached = progress;
    if (its != null) {
      reached = progress == null ? its.progress() : progress;
      its.drop();
    }
    failed(cause, reached == null ? Progress.CONNECTING : reached);
    client().over(hasTurn);
  }
}
