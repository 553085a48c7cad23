package io.streamfleet.worker.http;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An HTTP/1.1 client for one server. Idle connections are kept for 30 s; each connection carries
 * one request at a time. Thread-safe.
 *
 * <p>A request is sent once. It is sent a second time, on a new connection, only if a kept
 * connection turns out to be closed before the whole request was sent, so that the server can't
 * have received it.
 *
 * <p>No proxy is used, and redirects are not followed.
 */
public final class HttpClient implements AutoCloseable {

  private final HttpLoops loops;
  private final List<ConnectionPool> pools = new ArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param most the limit of concurrent exchanges; further ones wait in order of arrival
   */
  public HttpClient(HttpLoops loops, ServerAddress server, int most) {
    this.loops = loops;
    loops.taken();
    List<EventLoop> all = loops.loops();
    int share = Math.max(1, most / all.size());
    all.forEach(loop -> pools.add(new ConnectionPool(loops, loop, server, share)));
  }

  /** Starts an exchange as soon as the limit permits. */
  public void start(Exchange exchange) {
    leastBusy().start(exchange);
  }

  /** Runs a task on one of the loops, always the same, after its current task. */
  public void execute(Runnable task) {
    pools.getFirst().execute(task);
  }

  /** Runs a task on that loop after a time in nanoseconds. */
  public void schedule(Runnable task, long nanos) {
    pools.getFirst().schedule(task, nanos);
  }

  /** The first pool of the lowest load, so that sequential calls reuse one connection. */
  private ConnectionPool leastBusy() {
    ConnectionPool least = pools.getFirst();
    for (int i = 1; i < pools.size(); i++) {
      if (pools.get(i).load() < least.load()) {
        least = pools.get(i);
      }
    }
    return least;
  }

  /** Closes all connections; exchanges that are not over fail. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      pools.forEach(ConnectionPool::close);
      loops.released();
    }
  }
}
