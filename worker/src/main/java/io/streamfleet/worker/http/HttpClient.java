package io.streamfleet.worker.http;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sends requests to one server. Its connections are kept for 30 s; each carries one request at a
 * time. Safe for any thread.
 *
 * <p>A request goes out once. It goes out a second time, by a new connection, in one case only: a
 * connection that was kept turned out to be closed before the whole request was out, so that the
 * server can't have taken it.
 *
 * <p>No proxy is used, and no redirect followed.
 */
public final class HttpClient implements AutoCloseable {

  private final HttpLoops loops;
  private final List<ConnectionPool> pools = new ArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param most exchanges at once; who comes later waits, the first come first
   */
  public HttpClient(HttpLoops loops, ServerAddress server, int most) {
    this.loops = loops;
    loops.taken();
    List<EventLoop> all = loops.loops();
    int share = Math.max(1, most / all.size());
    all.forEach(loop -> pools.add(new ConnectionPool(loops, loop, server, share)));
  }

  /** Begins an exchange when its turn comes. */
  public void start(Exchange exchange) {
    leastBusy().start(exchange);
  }

  /** Runs something on one of the loops, after what that one is at. */
  public void execute(Runnable task) {
    pools.getFirst().execute(task);
  }

  /** The first of those: calls that come one by one share a connection. */
  private ConnectionPool leastBusy() {
    ConnectionPool least = pools.getFirst();
    for (int i = 1; i < pools.size(); i++) {
      if (pools.get(i).load() < least.load()) {
        least = pools.get(i);
      }
    }
    return least;
  }

  /** Closes all connections; what is under way fails. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      pools.forEach(ConnectionPool::close);
      loops.released();
    }
  }
}
