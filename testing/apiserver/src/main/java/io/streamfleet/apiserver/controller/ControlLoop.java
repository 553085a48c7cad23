package io.streamfleet.apiserver.controller;

import io.streamfleet.apiserver.store.Watch;
import io.streamfleet.apiserver.store.WatchEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reconciles objects one at a time; several changes while an object is queued lead to one
 * reconcile.
 *
 * @param <K> the key of an object
 */
final class ControlLoop<K> implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ControlLoop.class);

  /** Only limits a single wait; closing the watch wakes the thread. */
  private static final Duration WATCH_POLL = Duration.ofMinutes(1);

  private final String name;
  private final Consumer<K> reconcile;
  private final List<Watch> watches = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition added = lock.newCondition();
  private final SequencedSet<K> waiting = new LinkedHashSet<>();
  private final Thread worker;

  ControlLoop(String name, Consumer<K> reconcile) {
    this.name = name;
    this.reconcile = reconcile;
    this.worker = Thread.ofVirtual().name(name).start(this::work);
  }

  /** Reconciles the objects that the events of a watch concern. */
  ControlLoop<K> on(Watch watch, Function<WatchEvent, Stream<K>> concerned) {
    watches.add(watch);
    Thread.ofVirtual()
        .name(name + "-watch")
        .start(
            () -> {
              try {
                while (!watch.isClosed()) {
                  watch.next(WATCH_POLL).map(concerned).ifPresent(keys -> keys.forEach(this::add));
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    return this;
  }

  private void add(K key) {
    lock.lock();
    try {
      waiting.add(key);
      added.signal();
    } finally {
      lock.unlock();
    }
  }

  private K take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty()) {
        added.await();
      }
      return waiting.removeFirst();
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    try {
      while (true) {
        K key = take();
        try {
          reconcile.accept(key);
        } catch (RuntimeException e) {
          LOG.error("{}: {} cannot be reconciled; its next change is the next try", name, key, e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    watches.forEach(Watch::close);
    worker.interrupt();
  }
}
