package io.streamfleet.worker.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer. The client calls all protected methods on the thread of one event
 * loop; none of them may block. After {@link #ended} or {@link #failed} it calls no other.
 */
public abstract class Exchange {

  /** What to do with the rest of an answer. */
  public enum Rest {
    /** Read it. */
    READ,
    /** Stop reading until {@link #readOn}. */
    HOLD_BACK,
    /** Ignore it: the exchange is over, and its connection is closed. */
    LEAVE
  }

  /** The answer is not valid HTTP. */
  public static final class NotHttp extends Exception {

    private static final long serialVersionUID = 1;

    NotHttp() {
      super("the answer is not HTTP", null, false, false);
    }
  }

  /** The exchange timed out. */
  public static final class TimedOut extends Exception {

    private static final long serialVersionUID = 1;

    TimedOut() {
      super("timed out", null, false, false);
    }
  }

  /** The caller cancelled the exchange. */
  public static final class Cancelled extends Exception {

    private static final long serialVersionUID = 1;

    Cancelled() {
      super("cancelled", null, false, false);
    }
  }

  /** The client, as an exchange sees it. */
  interface Client {

    /** Sends the request. On the loop. */
    void send(Exchange exchange);

    /**
     * An exchange is over. On the loop.
     *
     * @param hadTurn whether it had started
     */
    void over(boolean hadTurn);

    /** Runs a task on the loop, at once if this is its thread. Thread-safe. */
    void onLoop(Runnable task);
  }

  /** The connection, as an exchange sees it. On the loop. */
  interface Carrier {

    /** How far the exchange has come. */
    Progress progress();

    /** Continues to read. */
    void readOn();

    /** Closes the connection. */
    void drop();
  }

  private volatile @Nullable Client client;
  private volatile boolean cancelled;
  private @Nullable Carrier carrier;
  private boolean hasTurn;
  private boolean over;
  private boolean wasRepeated;

  /** The exchange may start: it must call {@link #send}, now or later, or {@link #giveUp}. */
  protected abstract void begin();

  /**
   * Writes the request up to and including the empty line before its body. Called again if the
   * request must be sent again on another connection.
   */
  protected abstract void writeHead(ByteBuf out);

  /** The body of the request; the client does not modify it. */
  protected abstract byte[] body();

  /**
   * The time until the exchange times out, in nanoseconds; 0 or less if it has.
   *
   * @param now the time by {@link System#nanoTime}
   */
  protected abstract long timeLeft(long now);

  /** Status and headers of the final answer have arrived. */
  protected abstract void answered(HttpResponse head);

  /**
   * A piece of the answer's body has arrived.
   *
   * @param piece owned by the client; valid only during the call
   */
  protected abstract Rest content(ByteBuf piece);

  /** The answer is complete, or was ended by {@link Rest#LEAVE}. */
  protected abstract void ended();

  /**
   * The exchange ended without a complete answer.
   *
   * @param cause {@link NotHttp}, {@link TimedOut}, {@link Cancelled}, or the failure of the
   *     connection or of connecting
   * @param progress how far it came
   */
  protected abstract void failed(Throwable cause, Progress progress);

  /** The request is ready to be sent. On the loop. */
  protected final void send() {
    if (!over) {
      client().send(this);
    }
  }

  /** There is nothing to send: the exchange ends without a callback. On the loop. */
  protected final void giveUp() {
    if (!over) {
      over = true;
      client().over(hasTurn);
    }
  }

  /** Whether the exchange has ended, failed or given up. On the loop. */
  protected final boolean isOver() {
    return over;
  }

  /** Runs a task on the loop, at once if this is its thread. Thread-safe. */
  protected final void onLoop(Runnable task) {
    client().onLoop(task);
  }

  /** Continues to read after {@link Rest#HOLD_BACK}. Thread-safe. */
  public final void readOn() {
    onLoop(
        () -> {
          if (!over && carrier != null) {
            carrier.readOn();
          }
        });
  }

  /**
   * Ends the exchange at any stage and closes its connection. {@link #failed} is called, unless the
   * exchange is over already. An exchange that was not passed to a client yet fails when it is.
   * Thread-safe.
   */
  public final void cancel() {
    // This order and the client's (it sets the field client, then reads cancelled) make sure that
    // at
    // least one of the two notices the other.
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
      throw new IllegalStateException("the exchange was not passed to a client");
    }
    return its;
  }

  /** Whether it was cancelled, perhaps before it was passed to a client. */
  final boolean isCancelled() {
    return cancelled;
  }

  final void turn() {
    hasTurn = true;
    begin();
  }

  /** Whether the request may be sent again because a kept connection was closed: only once. */
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
   * @param progress how far it came; null if the carrier knows it
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
