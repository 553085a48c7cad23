package io.streamfleet.peers;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A handler that takes a while, and sees what else is handled meanwhile. */
final class Witness implements EntryHandler {

  private final Duration takes;
  private final Set<Object> handled = ConcurrentHashMap.newKeySet();
  private final Map<String, AtomicInteger> inChannel = new ConcurrentHashMap<>();
  private final AtomicInteger inAll = new AtomicInteger();
  private final AtomicInteger mostInChannel = new AtomicInteger();
  private final AtomicInteger mostInAll = new AtomicInteger();

  Witness(Duration takes) {
    this.takes = takes;
  }

  @Override
  public void handle(Map<String, Object> payload) throws InterruptedException {
    AtomicInteger channel =
        inChannel.computeIfAbsent(Payload.channel(payload), it -> new AtomicInteger());
    mostInChannel.accumulateAndGet(channel.incrementAndGet(), Math::max);
    mostInAll.accumulateAndGet(inAll.incrementAndGet(), Math::max);
    Thread.sleep(takes);
    inAll.decrementAndGet();
    channel.decrementAndGet();
    Object number = payload.get("n");
    if (number != null) {
      handled.add(number);
    }
  }

  int handled() {
    return handled.size();
  }

  /** The most handlers that a channel ever had at once. */
  int mostInChannel() {
    return mostInChannel.get();
  }

  /** The most handlers that there ever were at once. */
  int mostInAll() {
    return mostInAll.get();
  }
}
