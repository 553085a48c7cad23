package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamConsumer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/** One object for each stream that a pipeline reads, in the order of the manifest. */
final class ByStream<T> implements Iterable<T> {

  /** By identity, since it is looked up for every entry, and each stream has one object. */
  private final IdentityHashMap<StreamConsumer, T> byStream = new IdentityHashMap<>();

  private final List<T> all = new ArrayList<>();

  ByStream(List<StreamConsumer> streams, Function<StreamConsumer, T> make) {
    for (StreamConsumer stream : streams) {
      T made = make.apply(stream);
      byStream.put(stream, made);
      all.add(made);
    }
  }

  T of(Entry entry) {
    return of(entry.streamName());
  }

  T of(StreamConsumer stream) {
    T found = byStream.get(stream);
    if (found == null) {
      throw new IllegalStateException("this pipeline does not read " + stream.stream());
    }
    return found;
  }

  /** All objects; must not be modified. */
  List<T> all() {
    return all;
  }

  @Override
  public Iterator<T> iterator() {
    return all.iterator();
  }
}
