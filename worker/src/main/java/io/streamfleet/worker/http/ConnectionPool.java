package io.streamfleet.worker.http;

import io.netty.channel.EventLoop;
import java.net.ConnectException;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one server on one event loop, and the exchanges that wait because the limit is
 * reached. All state belongs to the loop.
 */
final class ConnectionPool implements Exchange.Client, Connection.Owner {

  /**
   * An idle connection is closed after this time, which {@code docs/handlers.md} states: a server
   * with a longer keep-alive time never closes a connection while a request arrives.
   */
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** Between two checks for idle connections; one may be closed so much later. */
  private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final EventLoop loop;
  private final Connector connector;
  private final int most;

  /** The exchanges of this pool that are not over. */
  private final AtomicInteger load = new AtomicInteger();

  private final ArrayDeque<Exchange> waiting = new ArrayDeque<>();

  /** The most recently used last, and used first, so that superfluous ones become old. */
  private final ArrayDeque<Connection> idle = new ArrayDeque<>();

  private final Set<Connection> open = new HashSet<>();
  private final EarlyCloses earlyCloses = new EarlyCloses();
  private int active;
  private boolean handsOut;
  private boolean sweeps;
  private boolean closed;

  /**
   * @param most the limit of concurrent exchanges
   */
  ConnectionPool(HttpLoops loops, EventLoop loop, ServerAddress server, int most) {
    this.loop = loop;
    this.connector = new Connector(loops, loop, server, this);
    this.most = most;
  }

  int load() {
    return load.get();
  }

  void start(Exchange exchange) {
    exchange.in(this);
    load.incrementAndGet();
    onLoop(() -> offer(exchange));
  }

  @Override
  public void onLoop(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }

  void execute(Runnable task) {
    loop.execute(task);
  }

  void schedule(Runnable task, long nanos) {
    loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
  }

  private void offer(Exchange exchange) {
    if (exchange.isCancelled()) {
      exchange.fail(new Exchange.Cancelled(), Progress.CONNECTING);
    } else if (closed) {
      exchange.fail(new ConnectException("the client is closed"), Progress.CONNECTING);
    } else if (active < most) {
      active++;
      exchange.turn();
    } else {
      waiting.add(exchange);
    }
  }

  /**
   * An exchange is over.
   *
   * @param hadTurn whether it had started, so that another one may start now
   */
  @Override
  public void over(boolean hadTurn) {
    load.decrementAndGet();
    if (hadTurn) {
      active--;
      next();
    }
  }

  /** Starts waiting exchanges. Not recursive, even if exchanges end as soon as they start. */
  private void next() {
    if (handsOut) {
      return;
    }
    handsOut = true;
    try {
      Exchange next;
      while (active < most && (next = waiting.poll()) != null) {
        if (!next.isOver()) {
          active++;
          next.turn();
        }
      }
    } finally {
      handsOut = false;
    }
  }

  /** Sends the request of an exchange that has started. */
  @Override
  public void send(Exchange exchange) {
    Connection kept = kept(System.nanoTime());
    if (kept == null) {
      connector.connect(exchange);
    } else {
      kept.send(exchange);
    }
  }

  private @Nullable Connection kept(long now) {
    boolean rest = earlyCloses.areExpected(open.size());
    Connection kept;
    while ((kept = rest ? rested(now) : idle.pollLast()) != null) {
      if (kept.isUsable(now)) {
        return kept;
      }
      kept.drop();
    }
    return null;
  }

  private @Nullable Connection rested(long now) {
    Connection longest = idle.peekFirst();
    return longest != null && longest.idleFor(now) >= EarlyCloses.REST_NANOS
        ? idle.pollFirst()
        : null;
  }

  /**
   * The server closed a used connection without announcing it.
   *
   * @param idleFor the time since its last answer, in nanoseconds
   */
  @Override
  public void closedByServer(long idleFor) {
    earlyCloses.closed(idleFor, open.size());
  }

  /** Sends a request again, on a new connection. */
  @Override
  public void sendAnew(Exchange exchange) {
    connector.connect(exchange);
  }

  @Override
  public void opened(Connection connection) {
    open.add(connection);
    if (closed) {
      connection.drop();
    }
  }

  @Override
  public void gone(Connection connection) {
    open.remove(connection);
    idle.remove(connection);
  }

  /** Keeps a connection for another request. */
  @Override
  public void keep(Connection connection) {
    if (closed) {
      connection.drop();
      return;
    }
    earlyCloses.answered(open.size());
    idle.addLast(connection);
    if (!sweeps) {
      sweeps = true;
      loop.schedule(this::sweep, SWEEP_NANOS, TimeUnit.NANOSECONDS);
    }
  }

  private void sweep() {
    long now = System.nanoTime();
    for (Connection connection : List.copyOf(idle)) {
      if (connection.idleFor(now) >= IDLE_NANOS || !connection.isUsable(now)) {
        idle.remove(connection);
        connection.drop();
      }
    }
    sweeps = !idle.isEmpty() && !closed;
    if (sweeps) {
      loop.schedule(this::sweep, SWEEP_NANOS, TimeUnit.NANOSECONDS);
    }
  }

  void close() {
    onLoop(
        () -> {
          closed = true;
          List.copyOf(waiting).forEach(Exchange::cancel);
          waiting.clear();
          List.copyOf(open).forEach(Connection::drop);
        });
  }
}
