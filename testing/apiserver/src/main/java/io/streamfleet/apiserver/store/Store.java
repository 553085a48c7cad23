package io.streamfleet.apiserver.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.apiserver.failure.ApiFailure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * The objects and their versions. Thread-safe, with one writer at a time. Returned objects are
 * shared and must not be changed.
 */
public final class Store implements AutoCloseable {

  /** Well above 1, since clients create with version 1 to be refused if the object exists. */
  private static final long FIRST_VERSION = 1000;

  /** How many changes a watch may resume from: more than happen while a client reconnects. */
  private static final int LONGEST_HISTORY = 20_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final TreeMap<ObjectKey, ObjectNode> objects = new TreeMap<>();
  private final Deque<Change> history = new ArrayDeque<>();
  private final Set<Watch> watches = new LinkedHashSet<>();
  private long version = FIRST_VERSION;
  private long forgotten = FIRST_VERSION - 1;

  /** Runs it without concurrent reads or writes. */
  public <T> T exclusively(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /** The object, if it exists. */
  public Optional<ObjectNode> get(ObjectKey key) {
    return exclusively(() -> Optional.ofNullable(objects.get(key)));
  }

  /**
   * Stores an object under a new version.
   *
   * @param object must not be used by the caller afterwards; its {@code resourceVersion} is set
   */
  public ObjectNode put(ObjectKey key, ObjectNode object) {
    return exclusively(
        () -> {
          version++;
          object.withObject("/metadata").put("resourceVersion", Long.toString(version));
          record(new Change(version, key, objects.put(key, object), object));
          return object;
        });
  }

  /** Removes an object, if it exists. */
  public void remove(ObjectKey key) {
    lock.lock();
    try {
      ObjectNode last = objects.remove(key);
      if (last != null) {
        version++;
        record(new Change(version, key, last, null));
      }
    } finally {
      lock.unlock();
    }
  }

  private void record(Change change) {
    history.addLast(change);
    if (history.size() > LONGEST_HISTORY) {
      forgotten = history.removeFirst().version();
    }
    for (Watch watch : List.copyOf(watches)) {
      watch.offer(change);
    }
  }

  /** The selected objects, by namespace and name. */
  public Listing list(Selection selection) {
    return exclusively(
        () -> {
          List<ObjectNode> items = new ArrayList<>();
          forEach(selection, (key, object) -> items.add(object));
          return new Listing(List.copyOf(items), version);
        });
  }

  private void forEach(Selection selection, BiConsumer<ObjectKey, ObjectNode> action) {
    for (Map.Entry<ObjectKey, ObjectNode> entry : objects.tailMap(selection.first()).entrySet()) {
      if (!selection.covers(entry.getKey())) {
        return;
      }
      if (selection.condition().test(entry.getValue())) {
        action.accept(entry.getKey(), entry.getValue());
      }
    }
  }

  /** The keys of the selected objects. */
  public List<ObjectKey> keys(Selection selection) {
    return exclusively(
        () -> {
          List<ObjectKey> keys = new ArrayList<>();
          forEach(selection, (key, object) -> keys.add(key));
          return List.copyOf(keys);
        });
  }

  /** The version of the latest write. */
  public long version() {
    return exclusively(() -> version);
  }

  /**
   * Watches the selected objects.
   *
   * @param since the version after which to begin; if empty, all present objects are reported as
   *     added first
   * @throws ApiFailure 410 if that version is too old
   */
  public Watch watch(Selection selection, OptionalLong since) {
    return exclusively(
        () -> {
          Watch watch = new Watch(this, selection);
          if (since.isPresent()) {
            replay(watch, since.getAsLong());
          } else {
            forEach(
                selection,
                (key, object) -> watch.offer(new WatchEvent(WatchEvent.Type.ADDED, key, object)));
          }
          watches.add(watch);
          return watch;
        });
  }

  private void replay(Watch watch, long since) {
    if (since < forgotten) {
      throw ApiFailure.expired("too old resource version: %d (%d)".formatted(since, forgotten));
    }
    history.stream().filter(change -> change.version() > since).forEach(watch::offer);
  }

  void forget(Watch watch) {
    lock.lock();
    try {
      watches.remove(watch);
    } finally {
      lock.unlock();
    }
  }

  /** Ends every watch. */
  @Override
  public void close() {
    exclusively(() -> List.copyOf(watches)).forEach(Watch::close);
  }
}
